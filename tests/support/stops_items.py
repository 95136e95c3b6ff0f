"""Every kind of question on the screen: asked, answered, checked, handed in, marked."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path
from typing import Any, Callable, Dict, Mapping, Tuple

from content.building.source_toml import read_toml
from tests.support.laptop import AIGERIM
from tests.support.pack_source import PACK
from tests.support.screens import Stage
from tests.support.showcase import TEACHER_GULNAR

MEANING = Path(__file__).resolve().parents[2] / "content/samples/algebra-7-linear/lessons/meaning"
TASK = {"pack": PACK, "lesson": "solving", "task": "practice"}
GIVEN: Dict[str, Any] = {
    "word": "Шешім",
    "steps": ["subtract", "divide", "simpler"],
    "roots": {"plus": "four", "times": "three"},
    "story": {"add": "2", "do": "multiply"},
    "on-the-line": {"root": "338,690", "right-side": "612,700"},
    "values": {"two": "7", "lean": "right"},
    "mass": "4 кг",
}
"""Answers of which some are right."""


def put_items(stage: Stage, feedback: str = "at-once", task: str = "every-kind") -> None:
    """Put a task of the sample in place of the tests' own: the one of every kind, or another."""
    lesson = stage.app.laptop.installed.folder / "lessons" / "solving"
    values = dict(read_toml(MEANING / "tasks" / f"{task}.toml").values, feedback=feedback)
    path = lesson / "tasks" / "practice.json"
    path.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    shutil.copy(MEANING / "pictures" / "number-line.png", lesson / "pictures" / "number-line.png")


def _loaded(stage: Stage) -> None:
    for _ in range(2):
        assert stage.app.executor.wait()
        stage.settle()


def open_item(stage: Stage, name: str, task: str = "every-kind") -> Any:
    """Open the question of that name with nothing answered; give the model."""
    laptop = stage.app.laptop
    laptop._drafts.clear()
    laptop._works = [one for one in laptop._works if one.task != "practice"]
    put_items(stage, task=task)
    stage.app.go("task", **TASK)
    _loaded(stage)
    model = stage.app.model
    model.go_to([item.id for item in model.items].index(name))
    stage.settle()
    return model


def _item(name: str, *, check: bool = False) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        model = open_item(stage, name)
        if name in GIVEN:
            model.answers[name] = GIVEN[name]
        if check:
            model.check()
        stage.app.rebuild()
        _loaded(stage)

    return go


def _empty(name: str) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        open_item(stage, name)
        _loaded(stage)

    return go


def _picking(name: str) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        open_item(stage, name)
        stage.find("Picker").activate()
        stage.settle()

    return go


def _lens(stage: Stage) -> None:
    _item("on-the-line")(stage)
    picture = stage.find("MarkedPicture")
    from client.widgets.focus import reveal

    reveal(picture)
    stage.settle()
    picture._finger = (819.0, 693.0)
    picture._redraw()
    stage.settle()


def _done(scroll: float) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        model = open_item(stage, "word")
        model.answers.update(GIVEN)
        model.go_to(len(model.items) - 1)
        model.forward()
        model.hand_in()
        _loaded(stage)
        stage.app.view.scroller().scroll_y = scroll
        stage.settle()

    return go


def _review(stage: Stage, scroll: float = 1.0) -> None:
    put_items(stage)
    laptop = stage.app.laptop
    table = laptop.class_work(TEACHER_GULNAR.id)
    for work in table.unmarked:
        laptop._answers[work.id] = GIVEN
    wanted = next(work for work in table.unmarked if work.task == "practice")
    stage.app.open_place("class_work")
    stage.app.go("review", work=wanted.id)
    _loaded(stage)
    stage.app.view._open(wanted)
    _loaded(stage)
    stage.app.view.scroller().scroll_y = scroll
    stage.settle()


ITEMS: Mapping[str, Tuple[Any, Callable[[Stage], None]]] = {
    **{f"task-{name}": (AIGERIM, _item(name)) for name in (*GIVEN, "notebook")},
    **{f"task-{name}-checked": (AIGERIM, _item(name, check=True)) for name in GIVEN},
    "task-steps-empty": (AIGERIM, _empty("steps")),
    "task-roots-picking": (AIGERIM, _picking("roots")),
    "task-story-picking": (AIGERIM, _picking("story")),
    "task-on-the-line-lens": (AIGERIM, _lens),
    **{f"task-items-done-{place}": (AIGERIM, _done(1 - place / 3)) for place in range(4)},
    **{
        f"review-items-{place}": (TEACHER_GULNAR, partial(_review, scroll=1 - place / 3))
        for place in range(4)
    },
}
"""Name to (who sits there, how to come there)."""
TIGHTEST = ("task-roots-picking", "task-values-checked", "task-items-done-1")
"""The states that a test walks; the pictures are taken of all."""
