"""Writing lessons to sticks, by touch and by keyboard."""

from __future__ import annotations

import pytest

from tests.support.screens import stage
from tests.support.showcase import TEACHER_GULNAR, Showcase
from tests.support.showcase_sticks import NEW_STICK, SCHOOL_STICK
from tests.support.stops_sticks import put_in

pytestmark = pytest.mark.screen


@pytest.fixture
def here(tmp_path):
    made = stage(Showcase(tmp_path), "en")
    made.app.sign_in(TEACHER_GULNAR)
    put_in(made, SCHOOL_STICK, NEW_STICK)
    made.app.go("packing")
    made.wait(lambda: made.app.model.offers is not None)
    yield made
    made.app.laptop.sticks.hold.set()
    made.close()


def row(here, text):
    """The row that can be chosen with this text in it."""
    from tests.support.screens import walk

    return next(
        one
        for one in walk(here.app.root)
        if type(one).__name__ == "ChoiceRow"
        and any(text in getattr(inner, "text", "") for inner in walk(one))
    )


def done(here):
    here.wait(lambda: not here.app.porter.running)
    here.settle()


def test_lessons_are_chosen_and_written_to_two_sticks_by_touch(here):
    here.press(row(here, "Physics"))
    here.press(row(here, "FLASH 16"))
    here.press(here.find("SwitchButton", value="text"))
    assert "3 packs" in here.words()
    here.app.laptop.sticks.hold.clear()
    here.press(here.find("PrimaryButton", text="Write to 2 sticks"))
    here.wait(lambda: all(one.progress for one in here.app.porter.running))
    assert "Going onto the stick" in here.words()
    assert here.find("PrimaryButton").disabled
    lines = [line for line in here.words().splitlines() if "Lessons are going" in line]
    assert len(lines) == 2
    here.app.laptop.sticks.hold.set()
    done(here)
    roots = [root for root, _ in here.app.laptop.sticks.written]
    assert roots == [SCHOOL_STICK.root, NEW_STICK.root]
    assert set(here.app.laptop.sticks.written[0][1].values()) == {"text"}
    assert here.words().count("You can take it out") == 2


def test_the_keyboard_alone_writes_and_stops(here):
    def to(wanted):
        for _ in range(40):
            here.key("tab")
            if wanted(here.app.ring.current):
                return
        raise AssertionError("it was not reached")

    to(lambda one: getattr(one, "text", "") == "Write to 1 stick")
    here.app.laptop.sticks.hold.clear()
    here.key("enter")
    here.wait(lambda: bool(here.app.porter.running[0].progress))
    to(lambda one: getattr(one, "hint", "") == "Stop")
    here.key("spacebar")
    done(here)
    assert "Stopped. You can take it out." in here.words()


def test_progress_moves_in_place_and_the_keyboard_stays(here):
    here.app.laptop.sticks.hold.clear()
    here.press(here.find("PrimaryButton", text="Write to 1 stick"))
    here.wait(lambda: bool(here.app.porter.running[0].progress))
    here.key("tab")
    view, current = here.app.view, here.app.ring.current
    errand = here.app.porter.running[0]
    moved = type(errand.progress)(errand.progress.sentence, 1, 100 << 20)
    here.app.porter._told.clear()
    here.app.porter._moved(errand.stick.root, moved)
    here.wait(lambda: here.find("ProgressLine").value < 0.01)
    assert "of 100 MB" in here.words()
    assert (here.app.view, here.app.ring.current) == (view, current)


def test_every_pressable_is_reached_by_tab(here):
    from tests.support.screens import walk

    reached = []
    for _ in range(60):
        here.key("tab")
        if here.app.ring.current in reached:
            break
        reached.append(here.app.ring.current)
    pressable = [one for one in walk(here.app.root) if hasattr(one, "focused")]
    assert set(map(id, pressable)) == set(map(id, reached))
    assert all(min(one.size) >= 46 for one in pressable)


def test_a_stick_that_goes_meanwhile_is_written_no_more(here):
    here.app.laptop.sticks.here = ()
    here.app.porter.look()
    here.wait(lambda: here.app.porter.sticks == ())
    assert "No stick is in" in here.words()
    assert here.find("PrimaryButton").disabled
