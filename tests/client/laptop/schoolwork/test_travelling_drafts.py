"""A pupil goes on at another laptop where they stopped at the first."""

from __future__ import annotations

import pytest

from client.laptop.laptop import Laptop
from client.laptop.schoolwork.drafts import DraftKey
from client.laptop.schoolwork.travelling_drafts import HERE
from sync.kinds import DRAFT
from tests.client.laptop.conftest import STUDENTS
from tests.support.laptop import TurnableClock
from tests.support.school import ADDRESS

TASK = ("pack", "lesson", "task")


@pytest.fixture
def two(tmp_path, school, road):
    """Two laptops of the same pupil, and the pupil's id."""
    laptops = []
    for name in ("first", "second"):
        laptop = Laptop.open(tmp_path / name, TurnableClock(), road)
        laptop.enrol(ADDRESS, school.code(STUDENTS[:1]))
        laptops.append(laptop)
    yield (*laptops, laptops[0].people()[0].id)
    for laptop in laptops:
        laptop.close()


def told(laptop, person):
    return len(laptop.store.journal().of_kind(DRAFT, person))


def meet(*laptops):
    for _ in range(2):
        for laptop in laptops:
            assert laptop.exchange().problem is None


def leave(laptop, person, **answers):
    laptop.save_draft(person, *TASK, answers)
    return laptop.travelling.tell(DraftKey(person, *TASK))


def test_what_was_typed_is_there_on_the_other_laptop_and_goes_on(two):
    first, second, pupil = two
    assert leave(first, pupil, q1="a", q2=["b"], q3={"gap": "c"})
    meet(first, second)
    key = DraftKey(pupil, *TASK)
    assert second.drafts(pupil) == {TASK}
    assert second.draft(pupil, *TASK) == {}
    assert second.travelling.look(key) == ()
    assert second.draft(pupil, *TASK) == {"q1": "a", "q2": ["b"], "q3": {"gap": "c"}}
    assert leave(second, pupil, q1="a", q2=["b"], q4="d")
    meet(second, first)
    assert first.travelling.look(key) == ()
    assert first.draft(pupil, *TASK) == {"q1": "a", "q2": ["b"], "q4": "d"}


def test_leaving_without_a_change_costs_no_record(two):
    first, second, pupil = two
    assert leave(first, pupil, q1="a")
    assert not leave(first, pupil, q1="a")
    meet(first, second)
    second.travelling.look(DraftKey(pupil, *TASK))
    assert not leave(second, pupil, q1="a")
    assert (told(first, pupil), told(second, pupil)) == (1, 0)


def test_typed_on_both_before_any_sync_both_are_offered_once(two):
    first, second, pupil = two
    key = DraftKey(pupil, *TASK)
    leave(first, pupil, q1="from the first")
    leave(second, pupil, q1="from the second")
    meet(first, second)
    for laptop, own, other in ((first, "first", "second"), (second, "second", "first")):
        here, there = laptop.travelling.look(key)
        assert (here.name, here.answers) == (HERE, {"q1": f"from the {own}"})
        assert there.answers == {"q1": f"from the {other}"}
        assert laptop.draft(pupil, *TASK) == {"q1": f"from the {own}"}
    second.travelling.choose(key, second.travelling.look(key)[1].name)
    assert second.draft(pupil, *TASK) == {"q1": "from the first"}
    assert second.travelling.look(key) == ()
    meet(second, first)
    assert first.travelling.look(key) == ()
    assert first.draft(pupil, *TASK) == {"q1": "from the first"}


def test_keeping_what_is_here_settles_it_on_the_other_laptop_too(two):
    first, second, pupil = two
    key = DraftKey(pupil, *TASK)
    leave(first, pupil, q1="first")
    leave(second, pupil, q1="second")
    meet(first, second)
    first.travelling.choose(key, HERE)
    assert first.travelling.look(key) == ()
    meet(first, second)
    assert second.travelling.look(key) == ()
    assert second.draft(pupil, *TASK) == {"q1": "first"}


def test_what_was_handed_in_elsewhere_is_no_draft_any_more(two):
    first, second, pupil = two
    leave(first, pupil, q1="a")
    meet(first, second)
    assert second.drafts(pupil) == {TASK}
    first.hand_in(pupil, *TASK, {"q1": "a"}, "kk")
    meet(first, second)
    assert second.drafts(pupil) == frozenset()
    assert second.travelling.look(DraftKey(pupil, *TASK)) == ()


def test_getting_up_tells_all_that_was_typed(two):
    first, second, pupil = two
    for name in ("one", "two"):
        first.save_draft(pupil, "pack", "lesson", name, {"q": name})
    assert first.travelling.tell_all(pupil) == 2
    assert first.travelling.tell_all(pupil) == 0
    meet(first, second)
    assert len(second.drafts(pupil)) == 2


def test_a_damaged_draft_of_elsewhere_hides_nothing(two):
    first, second, pupil = two
    with first.store.database.transaction():
        for body in ({"answers": {"q": "1"}, "after": {"x": 1}}, {"answers": {}, "attempt": "x"}):
            first.store.journal().append(
                pupil, DRAFT, {"pack": "pack", "lesson": "lesson", "task": "task", **body}
            )
    leave(first, pupil, q1="a")
    meet(first, second)
    assert second.travelling.look(DraftKey(pupil, *TASK)) == ()
    assert second.draft(pupil, *TASK) == {"q1": "a"}


def test_a_draft_that_no_record_holds_stays_here(two):
    first, _, pupil = two
    answers = {f"q{number}": "ж" * 9_000 for number in range(8)}
    assert not leave(first, pupil, **answers)
    assert told(first, pupil) == 0
    assert first.draft(pupil, *TASK) == answers
