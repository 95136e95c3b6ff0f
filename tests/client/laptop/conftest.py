"""A school in memory, a road to it, and laptops."""

from __future__ import annotations

import pytest

from client.laptop.laptop import Laptop
from tests.support.laptop import TurnableClock, sample_laptop
from tests.support.school import ADDRESS, MemoryRoad, School

STUDENTS = ("Айгерім Сәрсенқызы", "Нұрлан Әбдіғалиев")
TEACHER = "Сәуле Жүнісова"


@pytest.fixture
def clock():
    return TurnableClock()


@pytest.fixture
def school(tmp_path):
    school = School(tmp_path / "school")
    yield school
    school.close()


@pytest.fixture
def road(school):
    return MemoryRoad(school)


@pytest.fixture
def joined(tmp_path, school, road, clock):
    """A laptop of the school; nothing is published yet."""
    laptop = Laptop.open(tmp_path / "laptop", clock, road)
    laptop.enrol(ADDRESS, school.code(STUDENTS, (TEACHER,)))
    yield laptop
    laptop.close()


@pytest.fixture
def sample(tmp_path):
    """A laptop with people, lessons and work, and no server."""
    laptop = sample_laptop(tmp_path / "sample")
    yield laptop
    laptop.close()
