"""Every screen in a state worth looking at: where the pictures are taken and the critic walks."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Mapping, NamedTuple

from client.laptop.people.people import Person
from sync.link.rules import LinkRules, parse_windows
from tests.support.laptop import AIGERIM
from tests.support.screens import Stage
from tests.support.showcase import TEACHER_GULNAR, Showcase
from tests.support.stops_items import ITEMS
from tests.support.stops_learning import LEARNING
from tests.support.stops_locks import LOCKS
from tests.support.stops_sticks import STICKS, enrol_by_stick


class Stop(NamedTuple):
    """How to come to a screen: who sits there, and what to do then."""

    person: Any
    go: Callable[[Stage], None]
    fresh: bool = False


def _place(name: str) -> Callable[[Stage], None]:
    return lambda stage: stage.app.open_place(name)


def _screen(name: str, **params: Any) -> Callable[[Stage], None]:
    return lambda stage: stage.app.go(name, **params)


def _mistyped(stage: Stage) -> None:
    stage.app.model.type_address("192.168.1.10:8000")
    stage.app.model.type_code("4830192756120943")
    stage.app.rebuild()


def _camera(stage: Stage) -> None:
    from client.video.player import Picture

    class Grey:
        """A camera that shows one shade."""

        failed = False

        def take_picture(self) -> Picture:
            return Picture(4, 3, b"\xb0\xa8\x9c\xff" * 12, 0.0)

        def close(self) -> None:
            """Nothing to put out."""

    stage.app.go("enrol")
    stage.app.model.scanning._open = lambda _: Grey()
    stage.app.model.scanning.start()
    stage.wait(lambda: stage.find("VideoStage").frames > 0)


def _sent(stage: Stage) -> None:
    stage.app.open_place("send")
    stage.app.courier.send_now()
    courier = stage.app.courier
    stage.wait(lambda: courier.account is not None and not courier.running)


def _rules(stage: Stage) -> None:
    rules = LinkRules(parse_windows("22:00-06:00"), day_bytes=50 << 20, leave_room=True)
    stage.app.laptop.link.set_rules(rules)
    stage.app.open_place("send")
    stage.settle()
    stage.app.view.scroller().scroll_to(stage.find("LinkCard"), animate=False)


def _videos(pack: str) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        stage.app.go("videos")
        stage.wait(lambda: stage.app.model.shelf is not None)
        model = stage.app.model
        if pack not in [one.card.pack for one in model.packs if one.open]:
            model.toggle(pack)

    return go


def _bottom(name: str) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        stage.app.open_place(name)
        stage.settle()
        scroller = stage.app.view.scroller()
        scroller.scroll_y = 0

    return go


STOPS: Mapping[str, Stop] = {
    "who": Stop(None, lambda stage: None),
    **{name: Stop(None, go) for name, go in LOCKS.items()},
    "enrol": Stop(None, lambda stage: None, fresh=True),
    "enrol-mistyped": Stop(None, _mistyped, fresh=True),
    "enrol-more": Stop(None, _screen("enrol")),
    "enrol-camera": Stop(None, _camera),
    "enrol-stick": Stop(None, enrol_by_stick, fresh=True),
    "today": Stop(AIGERIM, _place("today")),
    "lessons": Stop(AIGERIM, _place("lessons")),
    "practice": Stop(AIGERIM, _place("practice")),
    "results": Stop(AIGERIM, _place("results")),
    "results-marked": Stop(AIGERIM, _bottom("results")),
    "send": Stop(AIGERIM, _place("send")),
    "send-sent": Stop(AIGERIM, _sent),
    "send-rules": Stop(AIGERIM, _rules),
    "send-settings": Stop(AIGERIM, _bottom("send")),
    "videos": Stop(AIGERIM, _videos("algebra-7-linear")),
    "videos-coming": Stop(TEACHER_GULNAR, _videos("physics-7-motion")),
    "class_work": Stop(TEACHER_GULNAR, _place("class_work")),
    "lessons-teacher": Stop(TEACHER_GULNAR, _place("lessons")),
    **{
        name: Stop(person, go)
        for area in (LEARNING, ITEMS, STICKS)
        for name, (person, go) in area.items()
    },
}


def built(name: str) -> bool:
    """Whether the screen of a stop has a view."""
    screen = name.split("-", maxsplit=1)[0]
    root = Path(__file__).resolve().parents[2]
    return (root / "client" / "screens" / screen / "view.py").is_file()


def laptop_for(stop: Stop, folder: Path, film: Any = None) -> Showcase:
    """A laptop of its own for a stop, so that no picture depends on another."""
    folder.mkdir(parents=True, exist_ok=True)
    return Showcase(folder, fresh=stop.fresh, film=film)


def arrive(stage: Stage, stop: Stop) -> None:
    """Sit down and go there."""
    person: Person = stop.person
    if person is not None:
        stage.app.sign_in(person)
    stop.go(stage)
    stage.settle()
