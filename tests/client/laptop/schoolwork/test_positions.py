from __future__ import annotations

import pytest

from client.laptop.laptop import Laptop
from client.laptop.packs.lessons import Progress
from client.vaults.secrets import pin
from tests.client.laptop.conftest import STUDENTS
from tests.support.laptop import TurnableClock
from tests.support.school import ADDRESS

PIN = pin("2580")
LESSON = ("pack", "lesson")


@pytest.fixture
def laptop(tmp_path, school, road):
    laptop = Laptop.open(tmp_path / "laptop", TurnableClock(), road)
    laptop.enrol(ADDRESS, school.code(STUDENTS))
    yield laptop
    laptop.close()


def rows(laptop, person):
    connection = laptop.store.database.connection
    query = "SELECT typeof(position_s), seen FROM progress WHERE person = ?"
    return connection.execute(query, (person,)).fetchall()


def test_positions_are_locked_with_all_else_of_their_person(laptop):
    pupil, other = (one.id for one in laptop.people())
    for person in (pupil, other):
        laptop.save_progress(person, *LESSON, 61.5, True)
    laptop.vaults.create(pupil, PIN)
    laptop.save_progress(pupil, "pack", "next", 24.0, True)
    assert rows(laptop, pupil) == [("blob", 0), ("blob", 0)]
    assert rows(laptop, other) == [("real", 1)]
    found = laptop._desk.progress(pupil)
    assert (found[LESSON].position_s, found[LESSON].seen) == (61.5, True)
    assert found["pack", "next"].position_s == 24.0
    laptop.vaults.get_up()
    assert laptop._desk.progress(pupil) == {}
    assert laptop._desk.progress(other)[LESSON].position_s == 61.5
    laptop.vaults.open(pupil, PIN)
    assert laptop._desk.progress(pupil) == found


def test_a_position_cannot_be_passed_off_as_another_lessons(laptop):
    pupil = laptop.people()[0].id
    laptop.vaults.create(pupil, PIN)
    laptop.save_progress(pupil, *LESSON, 7.0, False)
    with laptop.store.database.transaction() as connection:
        connection.execute("UPDATE progress SET lesson = 'other'")
    assert ("pack", "other") not in laptop._desk.progress(pupil)


@pytest.mark.parametrize("stored", ["x", b"\x01", None])
def test_a_damaged_position_keeps_no_other_from_being_read(laptop, stored):
    pupil = laptop.people()[0].id
    for lesson in ("lesson", "other"):
        laptop.save_progress(pupil, "pack", lesson, 7.0, False)
    with laptop.store.database.transaction() as connection:
        connection.execute(
            "UPDATE OR IGNORE progress SET position_s = ? WHERE lesson = 'other'", (stored,)
        )
    assert isinstance(laptop._desk.progress(pupil)[LESSON], Progress)
