from __future__ import annotations

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import Station
from tests.support.laptop import AIGERIM, DANA, NURLAN, sample_laptop
from tests.support.pack_source import PACK, RIGHT_ANSWERS

TASK = (PACK, "meaning", "check")


def journal_length(laptop):
    return laptop._store.journal().head.seq


def test_a_draft_is_there_after_opening_again(tmp_path):
    laptop = sample_laptop(tmp_path / "a")
    laptop.save_draft(AIGERIM.id, *TASK, {"root": "a", "same": ("a", "c"), "number": None})
    laptop.close()
    again = Laptop.open(tmp_path / "a")
    assert again.draft(AIGERIM.id, *TASK) == {"root": "a", "same": ["a", "c"]}
    assert again.draft(NURLAN.id, *TASK) == {}
    again.close()


def test_handing_in_writes_the_record_and_removes_the_draft(sample):
    sample.save_draft(AIGERIM.id, *TASK, RIGHT_ANSWERS)
    work = sample.hand_in(AIGERIM.id, *TASK, RIGHT_ANSWERS, "kk")
    assert (work.points, work.of, work.waiting) == (4, 6, 2)
    assert (work.station, work.received_ms) == (Station.SAVED, None)
    assert sample.draft(AIGERIM.id, *TASK) == {}
    assert sample.works(AIGERIM.id)[0] == work


def test_a_double_click_gives_one_work(sample):
    sample.save_draft(AIGERIM.id, *TASK, RIGHT_ANSWERS)
    before = journal_length(sample)
    first = sample.hand_in(AIGERIM.id, *TASK, RIGHT_ANSWERS, "kk")
    second = sample.hand_in(AIGERIM.id, *TASK, dict(RIGHT_ANSWERS), "kk")
    assert first == second
    assert journal_length(sample) == before + 1


def test_a_double_click_never_saved_as_a_draft_gives_one_work(sample):
    first = sample.hand_in(NURLAN.id, *TASK, RIGHT_ANSWERS, "kk")
    assert sample.hand_in(NURLAN.id, *TASK, RIGHT_ANSWERS, "kk").id == first.id


def test_a_later_attempt_is_a_new_work_even_with_the_same_answers(sample):
    first = sample.hand_in(NURLAN.id, *TASK, RIGHT_ANSWERS, "kk")
    sample.save_draft(NURLAN.id, *TASK, RIGHT_ANSWERS)
    second = sample.hand_in(NURLAN.id, *TASK, RIGHT_ANSWERS, "kk")
    assert second.id != first.id
    mine = [work for work in sample.works(NURLAN.id) if work.task == "check"]
    assert [(work.id, work.replaced) for work in mine[:2]] == [
        (second.id, False),
        (first.id, True),
    ]


def test_two_people_with_the_same_answers_have_two_works(sample):
    one = sample.hand_in(AIGERIM.id, PACK, "problems", "caravan", {"root": "c"}, "kk")
    other = sample.hand_in(NURLAN.id, PACK, "problems", "caravan", {"root": "c"}, "kk")
    assert one.id != other.id


def test_text_alone_has_no_points_until_a_teacher_gives_them(sample):
    work = sample.hand_in(NURLAN.id, PACK, "solving", "explain", {"why": "Себебі"}, "kk")
    assert (work.points, work.of, work.waiting) == (None, 2, 2)


def test_work_is_taken_even_when_its_pack_is_broken(sample):
    for path in (sample._library.folder / PACK / "1").rglob("*.json"):
        path.write_bytes(b"{broken")
    work = sample.hand_in(NURLAN.id, *TASK, {"root": "b"}, "ru")
    assert (work.points, work.of) == (None, 0)
    assert sample.works(NURLAN.id)[0].id == work.id


@pytest.mark.parametrize("person", ["nobody", DANA.id])
def test_nobody_who_is_not_on_this_laptop_works_here(sample, person):
    for act in (
        lambda: sample.save_draft(person, *TASK, {}),
        lambda: sample.draft(person, *TASK),
        lambda: sample.hand_in(person, *TASK, {}, "kk"),
        lambda: sample.works(person),
        lambda: sample.save_progress(person, PACK, "meaning", 1, False),
        lambda: sample.progress(person),
    ):
        with pytest.raises(LaptopError) as caught:
            act()
        assert caught.value.code == "no-such-person"


def test_an_answer_too_large_for_a_record_is_refused_and_its_draft_kept(sample):
    longest = {f"item-{number}": "ә" * 19_000 for number in range(3)}
    sample.save_draft(AIGERIM.id, *TASK, longest)
    before = journal_length(sample)
    with pytest.raises(LaptopError) as caught:
        sample.hand_in(AIGERIM.id, *TASK, longest, "kk")
    assert caught.value.code == "answers-too-large"
    assert sample.draft(AIGERIM.id, *TASK) == longest
    assert journal_length(sample) == before
    with pytest.raises(LaptopError):
        sample.save_draft(AIGERIM.id, *TASK, {"root": "a" * 20_001})


def test_an_answer_in_parts_is_kept_and_handed_in(sample):
    answers = {"gaps": {"one": "бір", "two": "2"}, "order": ["b", "a"]}
    sample.save_draft(AIGERIM.id, *TASK, answers)
    assert sample.draft(AIGERIM.id, *TASK) == answers
    work = sample.hand_in(AIGERIM.id, *TASK, answers, "kk")
    assert sample.work_detail(work.id).answers == answers
    with pytest.raises(LaptopError):
        sample.save_draft(AIGERIM.id, *TASK, {"gaps": {"one": "a" * 20_001}})


def test_progress_is_kept_and_travels_only_when_worth_it(sample):
    sample.save_progress(NURLAN.id, PACK, "meaning", 5.0, False)
    before = journal_length(sample)
    for second in range(6, 30):
        sample.save_progress(NURLAN.id, PACK, "meaning", float(second), False)
    assert journal_length(sample) == before
    assert sample.progress(NURLAN.id)[PACK, "meaning"].position_s == 29.0
    sample.save_progress(NURLAN.id, PACK, "meaning", 30.0, True)
    assert journal_length(sample) == before + 1
    sample.save_progress(NURLAN.id, PACK, "meaning", 2.0, False)
    assert sample.progress(NURLAN.id)[PACK, "meaning"].seen


def test_stations_of_the_sample(sample):
    works = {work.task: work for work in sample.works(AIGERIM.id)}
    assert works["check"].station is Station.MARKED
    assert works["check"].mark.points == 5
    assert works["practice"].station is Station.SCHOOL
    assert works["explain"].station is Station.SENT
    assert works["caravan"].station is Station.SAVED
