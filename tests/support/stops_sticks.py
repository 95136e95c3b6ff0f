"""Sticks at every station: none, offered, exchanging, done, wrong; and writing lessons to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Mapping, Tuple

from client.laptop.problems import problem_of
from client.laptop.sticks.account import StickAccount, failed
from client.messages import Message
from sync.errors import StickError
from tests.support.laptop import AIGERIM
from tests.support.screens import Stage
from tests.support.showcase import TEACHER_GULNAR
from tests.support.showcase_sticks import (
    CARRIED,
    LOCKED_STICK,
    NEW_STICK,
    SCHOOL_STICK,
    SMALL_STICK,
    VISITED,
    unusable,
)


def put_in(stage: Stage, *sticks: Any) -> Any:
    """Put sticks in; give the double that answers for them. A running errand is let go first."""
    shown = stage.app.laptop.sticks
    shown.hold.set()
    stage.wait(lambda: not stage.app.porter.running)
    shown.account, shown.problems, shown.consent = VISITED, {}, False
    for here in ((), sticks):
        shown.here = here
        stage.app.porter.look()
        stage.wait(lambda here=here: stage.app.porter.sticks == here)
    for errand in stage.app.porter.errands:
        stage.app.porter._errands.pop(errand.stick.root)
    return shown


def visit(stage: Stage, account: StickAccount = VISITED) -> None:
    """Visit the first stick, to the end."""
    stage.app.laptop.sticks.account = account
    porter = stage.app.porter
    porter.visit(porter.sticks[0])
    stage.wait(lambda: not porter.running)


def visit_half(stage: Stage) -> None:
    """Visit the first stick, and stay in the middle."""
    stage.app.laptop.sticks.hold.clear()
    porter = stage.app.porter
    porter.visit(porter.sticks[0])
    stage.wait(lambda: bool(porter.running and porter.running[0].progress))


def _page(stage: Stage, name: str = "sticks") -> None:
    stage.app.go(name)
    assert stage.app.executor.wait() or stage.app.porter.running
    stage.settle()


def _shown(*sticks: Any) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        put_in(stage, *sticks)
        _page(stage)

    return go


def _visited(account: StickAccount, *sticks: Any) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        put_in(stage, *(sticks or (SCHOOL_STICK,)))
        visit(stage, account)
        _page(stage)

    return go


def _exchanging(stage: Stage) -> None:
    put_in(stage, SCHOOL_STICK)
    visit_half(stage)
    stage.app.go("sticks")
    stage.settle()


def _partly() -> StickAccount:
    aside = (problem_of(StickError("stick-damaged")),)
    return replace(VISITED, works_left=0, files_left=0, set_aside=aside)


def _pulled(stage: Stage) -> None:
    put_in(stage, SCHOOL_STICK)
    visit(stage, failed(StickError("stick-gone")))
    stage.app.laptop.sticks.here = ()
    stage.app.porter.look()
    stage.wait(lambda: stage.app.porter.sticks == ())
    _page(stage)


def enrol_by_stick(stage: Stage) -> None:
    """A code is typed, and a stick is in."""
    put_in(stage, SCHOOL_STICK)
    stage.app.model.type_address("")
    stage.app.model.type_code("4830192756120933")
    stage.app.rebuild()


def _notice(place: str, act: Callable[[Stage], None]) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        put_in(stage, SCHOOL_STICK)
        act(stage)
        if place:
            stage.app.open_place(place)
        stage.settle()

    return go


def _packing(
    *sticks: Any, act: Callable[[Stage], None] = lambda _: None
) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        put_in(stage, *sticks)
        stage.app.go("packing")
        stage.wait(lambda: stage.app.model.offers is not None)
        act(stage)
        stage.settle()

    return go


def _choose_both(stage: Stage) -> None:
    stage.app.model.toggle_all()
    stage.app.model.toggle_stick(NEW_STICK.root)


def _write(stage: Stage, *, half: bool = False) -> None:
    shown, model = stage.app.laptop.sticks, stage.app.model
    if half:
        shown.hold.clear()
    _choose_both(stage)
    model.write()
    porter = stage.app.porter
    if half:
        stage.wait(lambda: bool(porter.running) and all(one.progress for one in porter.running))
    else:
        stage.wait(lambda: not porter.running)


def _writing(stage: Stage) -> None:
    _write(stage, half=True)


def _written(stage: Stage) -> None:
    stage.app.laptop.sticks.problems = {NEW_STICK.root: "stick-gone"}
    _write(stage)


STICKS: Mapping[str, Tuple[Any, Callable[[Stage], None]]] = {
    "sticks": (AIGERIM, _shown()),
    "sticks-offered": (AIGERIM, _shown(SCHOOL_STICK)),
    "sticks-exchanging": (AIGERIM, _exchanging),
    "sticks-done": (AIGERIM, _visited(VISITED)),
    "sticks-nothing": (AIGERIM, _visited(StickAccount(Message("stick_page.take_out")))),
    "sticks-carried": (TEACHER_GULNAR, _visited(CARRIED, SCHOOL_STICK, NEW_STICK)),
    "sticks-partly": (AIGERIM, _visited(_partly())),
    "sticks-full": (AIGERIM, _visited(failed(StickError("stick-full")))),
    "sticks-pulled": (AIGERIM, _pulled),
    "sticks-kinds": (
        AIGERIM,
        _shown(LOCKED_STICK, NEW_STICK, unusable("stick-newer"), unusable("stick-failed", "/m/b")),
    ),
    "today-stick": (AIGERIM, _notice("today", lambda _: None)),
    "today-stick-exchanging": (AIGERIM, _notice("today", visit_half)),
    "today-stick-done": (AIGERIM, _notice("today", visit)),
    "lessons-stick-wrong": (
        AIGERIM,
        _notice("lessons", lambda stage: visit(stage, failed(StickError("stick-gone")))),
    ),
    "class_work-stick": (TEACHER_GULNAR, _notice("class_work", lambda _: None)),
    "who-stick": (None, _notice("", lambda _: None)),
    "packing": (TEACHER_GULNAR, _packing()),
    "packing-sticks": (
        TEACHER_GULNAR,
        _packing(SCHOOL_STICK, NEW_STICK, SMALL_STICK, LOCKED_STICK),
    ),
    "packing-two": (TEACHER_GULNAR, _packing(SCHOOL_STICK, NEW_STICK, act=_choose_both)),
    "packing-writing": (TEACHER_GULNAR, _packing(SCHOOL_STICK, NEW_STICK, act=_writing)),
    "packing-written": (TEACHER_GULNAR, _packing(SCHOOL_STICK, NEW_STICK, act=_written)),
}
"""Name to (who sits there, how to come there)."""
TIGHTEST = (
    "sticks-carried",
    "packing-sticks",
    "packing-writing",
    "lessons-stick-wrong",
)
"""The states that a test walks; the pictures are taken of all."""
