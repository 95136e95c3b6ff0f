from __future__ import annotations

from dataclasses import replace

import pytest

from client.laptop.sticks.packing import Wishes
from client.porter import FIRST_DELAY_S, LOOK_EVERY_S, VISIT, WRITE
from sync.errors import StickError
from tests.support.porter import Carrying
from tests.support.showcase_sticks import (
    LOCKED_STICK,
    NEW_STICK,
    SCHOOL_STICK,
    VISITED,
    unusable,
)


@pytest.fixture
def world(tmp_path):
    made = Carrying(tmp_path)
    yield made
    made.close()


def test_it_looks_again_and_again_until_it_is_stopped(world):
    world.porter.start()
    assert [delay_s for delay_s, _ in world.timers] == [FIRST_DELAY_S]
    world.timers[0][1]()
    world.turn()
    assert [delay_s for delay_s, _ in world.timers] == [LOOK_EVERY_S]
    world.porter.stop()
    assert world.timers == []
    world.porter.look()
    world.turn()
    assert world.timers == []


def test_a_stick_is_offered_and_what_is_no_stick_of_ours_is_not(world):
    world.put_in(NEW_STICK, unusable("stick-newer"))
    assert world.porter.offered is None
    world.put_in(NEW_STICK, SCHOOL_STICK)
    assert world.porter.offered == SCHOOL_STICK
    world.porter.dismiss(SCHOOL_STICK.root)
    assert world.porter.offered is None
    world.put_in(NEW_STICK)
    world.put_in(SCHOOL_STICK)
    assert world.porter.offered == SCHOOL_STICK, "it came again"


def test_a_visit_tells_how_far_it_is_and_what_came(world):
    world.put_in(SCHOOL_STICK)
    world.shown.hold.clear()
    seen = []
    world.porter.listen(lambda: seen.append(world.porter.noticed))
    world.porter.visit(SCHOOL_STICK)
    world.until(lambda: any(one.progress for one in world.porter.running))
    assert world.porter.errand(SCHOOL_STICK.root).progress.done_bytes
    world.porter.visit(SCHOOL_STICK)
    world.shown.hold.set()
    world.turn()
    assert world.shown.visited == [SCHOOL_STICK.root], "one visit at a time"
    errand = world.porter.errand(SCHOOL_STICK.root)
    assert (errand.act, errand.ended, errand.account) == (VISIT, True, VISITED)
    assert (errand.failure, world.porter.ended, world.porter.running) == (None, 1, ())
    assert seen[-1] == errand
    world.porter.dismiss(SCHOOL_STICK.root)
    assert (world.porter.noticed, world.porter.last) == (None, errand)


def test_with_consent_the_schools_sticks_are_visited_at_once_and_no_others(world):
    world.put_in(LOCKED_STICK, SCHOOL_STICK, NEW_STICK)
    world.porter.give_consent(True)
    world.turn()
    assert world.shown.visited == [SCHOOL_STICK.root]
    assert world.porter.offered == LOCKED_STICK, "it never travelled for this school"
    world.put_in()
    world.put_in(SCHOOL_STICK)
    assert world.shown.visited == [SCHOOL_STICK.root] * 2
    world.porter.give_consent(False)
    world.put_in(replace(SCHOOL_STICK, serial="9"))
    assert len(world.shown.visited) == 2


def test_an_empty_stick_is_made_one_of_ours_before_it_is_visited(world):
    world.put_in(NEW_STICK)
    world.porter.visit(NEW_STICK)
    world.turn()
    assert world.shown.prepared == world.shown.visited == [NEW_STICK.root]
    assert world.porter.errand(NEW_STICK.root).account == VISITED


def test_what_raises_is_a_problem_in_words(world, monkeypatch):
    def prepare(root):
        raise StickError("stick-read-only")

    monkeypatch.setattr(world.shown, "prepare", prepare)
    world.put_in(NEW_STICK)
    world.porter.visit(NEW_STICK)
    world.turn()
    assert world.porter.errand(NEW_STICK.root).failure.code == "stick-read-only"


def test_what_went_wrong_is_told_after_the_stick_went_until_it_comes_again(world):
    problem = unusable("stick-gone").problem
    world.shown.account = replace(VISITED, problem=problem)
    world.put_in(SCHOOL_STICK)
    world.porter.visit(SCHOOL_STICK)
    world.turn()
    world.put_in()
    assert world.porter.noticed.failure == problem
    world.put_in(SCHOOL_STICK)
    assert world.porter.noticed is None
    assert world.porter.offered == SCHOOL_STICK


def test_what_went_well_is_told_no_more_when_the_stick_went(world):
    world.put_in(SCHOOL_STICK)
    world.porter.visit(SCHOOL_STICK)
    world.turn()
    world.put_in()
    assert world.porter.errands == ()
    assert world.porter.last.account == VISITED


def test_several_sticks_are_written_at_once_and_each_ends_by_itself(world):
    world.put_in(SCHOOL_STICK, NEW_STICK)
    world.shown.problems = {NEW_STICK.root: "stick-full"}
    wishes = Wishes({one.key: "text" for one in world.shown.offers()})
    world.porter.write([SCHOOL_STICK, NEW_STICK], wishes)
    assert [one.act for one in world.porter.running] == [WRITE, WRITE]
    world.porter.visit(SCHOOL_STICK)
    world.turn()
    assert [root for root, _ in world.shown.written] == [SCHOOL_STICK.root, NEW_STICK.root]
    assert world.shown.visited == []
    assert world.porter.errand(SCHOOL_STICK.root).failure is None
    assert world.porter.errand(NEW_STICK.root).failure.code == "stick-full"


def test_a_cancel_ends_it_and_is_no_failure_of_the_sticks(world):
    world.put_in(SCHOOL_STICK)
    world.shown.hold.clear()
    world.porter.visit(SCHOOL_STICK)
    world.until(lambda: any(one.progress for one in world.porter.running))
    world.porter.cancel(SCHOOL_STICK.root)
    world.turn()
    assert world.porter.errand(SCHOOL_STICK.root).stopped


def test_looking_that_fails_changes_nothing_and_is_tried_again(world, monkeypatch):
    world.put_in(SCHOOL_STICK)

    def look(known, anew):
        raise OSError("drive not ready")

    monkeypatch.setattr(world.shown, "look", look)
    world.porter.look()
    world.turn()
    assert world.porter.sticks == (SCHOOL_STICK,)
    assert [delay_s for delay_s, _ in world.timers] == [LOOK_EVERY_S]


def test_who_listens_no_more_hears_nothing(world):
    def heard():
        pytest.fail("nobody listens")

    world.porter.listen(heard)
    world.porter.forget(heard)
    world.put_in(SCHOOL_STICK)
