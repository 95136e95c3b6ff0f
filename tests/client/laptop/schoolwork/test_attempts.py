"""Attempts at a task with variants: what is asked, kept, handed in and reviewed is one instance."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import MAX_ATTEMPT, attempt_fields, attempt_of
from sync.identity import Identity
from sync.kinds import SUBMISSION
from tests.support.laptop import AIGERIM, NURLAN, TEACHER_SAULE, install, make_member
from tests.support.pack_source import PACK, write_source

SAMPLE = Path(__file__).parents[3] / "content" / "variants" / "samples" / "linear.toml"
WHERE = (PACK, "meaning", "check")


def pack(folder: Path, version: int = 1, text: str = "") -> Path:
    """A pack whose task "check" is our sample with variants."""
    source = write_source(folder, lessons=("meaning",), video_bytes=0, version=version)
    task = source / "lessons" / "meaning" / "tasks" / "check.toml"
    shutil.copyfile(SAMPLE, task)
    if text:
        task.write_text(text, encoding="utf-8")
    return source


@pytest.fixture
def laptop(tmp_path):
    make_member(
        tmp_path / "data", (AIGERIM, NURLAN, TEACHER_SAULE), Identity.generate(),
        Identity.generate(),
    )  # fmt: skip
    install(tmp_path / "data", pack(tmp_path / "source"))
    opened = Laptop.open(tmp_path / "data")
    yield opened
    opened.close()


def key_of(laptop, person, attempt):
    return laptop.task(person.id, *WHERE, attempt).item("root").right_answer


def body(laptop, work):
    return laptop._marking.body(work.id)


def test_every_pupil_and_every_attempt_has_another_task(laptop):
    keys = {
        laptop.task(person.id, *WHERE, attempt).variant
        for person in (AIGERIM, NURLAN)
        for attempt in (1, 2, 3)
    }
    assert len(keys) == 6


def test_the_draft_keeps_its_attempt_and_the_next_one_follows(laptop):
    assert laptop.attempt(AIGERIM.id, *WHERE) == 1
    work = laptop.hand_in(AIGERIM.id, *WHERE, {"root": key_of(laptop, AIGERIM, 1)}, "kk")
    assert (work.attempt, work.points) == (1, 2.0)
    assert laptop.attempt(AIGERIM.id, *WHERE) == 2
    laptop.save_draft(AIGERIM.id, *WHERE, {"root": key_of(laptop, AIGERIM, 2)}, 2)
    # Work that comes from another laptop meanwhile changes nothing of the draft.
    laptop._store.journal().append(AIGERIM.id, SUBMISSION, {**body(laptop, work), "attempt": 7})
    assert laptop.attempt(AIGERIM.id, *WHERE) == 2
    answers = laptop.draft(AIGERIM.id, *WHERE)
    again = laptop.hand_in(AIGERIM.id, *WHERE, answers, "kk")
    assert (again.attempt, again.points) == (2, 2.0)
    assert body(laptop, again)["attempt"] == 2
    assert laptop.attempt(AIGERIM.id, *WHERE) == 8


def test_the_answer_of_another_is_wrong(laptop):
    work = laptop.hand_in(NURLAN.id, *WHERE, {"root": key_of(laptop, AIGERIM, 1)}, "kk")
    assert work.points == 0.0


def test_the_teacher_sees_and_marks_the_pupils_own_instance(laptop):
    right = key_of(laptop, AIGERIM, 1)
    work = laptop.hand_in(AIGERIM.id, *WHERE, {"root": right}, "kk")
    detail = laptop.work_detail(work.id)
    assert detail.task == laptop.task(AIGERIM.id, *WHERE, 1)
    assert detail.task.item("root").right_answer == right
    assert detail.score.points == 2.0
    assert not detail.changed
    laptop.give_mark(TEACHER_SAULE.id, work.id, 2.0, "")
    assert laptop.works(AIGERIM.id)[0].mark.points == 2.0


def test_a_new_version_with_other_numbers_is_told(laptop, tmp_path):
    work = laptop.hand_in(AIGERIM.id, *WHERE, {"root": key_of(laptop, AIGERIM, 1)}, "kk")
    laptop.close()
    text = SAMPLE.read_text(encoding="utf-8").replace("from = -12", "from = 50").replace(
        "to = 12", "to = 90"
    )  # fmt: skip
    install(tmp_path / "data", pack(tmp_path / "newer", 2, text))
    newer = Laptop.open(tmp_path / "data")
    detail = newer.work_detail(work.id)
    assert detail.changed
    assert detail.score is None
    assert detail.work.points == 2.0
    newer.close()


def test_a_draft_from_before_attempts_is_of_the_first(laptop):
    laptop._store.database.connection.execute(
        "INSERT INTO drafts (person, pack, lesson, task, answers, time_ms) VALUES (?,?,?,?,?,?)",
        (AIGERIM.id, *WHERE, '{"root": "5"}', 1),
    )
    assert laptop.attempt(AIGERIM.id, *WHERE) == 1


@pytest.mark.parametrize("wrong", [0, -1, "2", None, 2.5, True * 0, MAX_ATTEMPT + 1, [1]])
def test_an_attempt_that_is_none_counts_as_the_first(wrong):
    assert attempt_of({"attempt": wrong}) == 1


def test_a_plain_task_costs_no_byte_more():
    assert attempt_fields(1, "") == {}
    assert attempt_fields(1, "0a1b2c3d") == {"variant": "0a1b2c3d"}
    assert attempt_fields(3, "0a1b2c3d") == {"attempt": 3, "variant": "0a1b2c3d"}
