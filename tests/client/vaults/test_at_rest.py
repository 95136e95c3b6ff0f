"""What lies on a shared laptop while everybody is away: no byte of it tells whose work it is.

Searched are the files as they are, with the write-ahead log while the programme runs and after it
ended, pages of the database that are free, and whatever unpacks without a key.
"""

from __future__ import annotations

from pathlib import Path
from typing import Iterator, List

import pytest

from client.laptop.schoolwork.works import Station
from tests.support.byte_search import Find
from tests.support.pack_source import PACK
from tests.support.shared_laptop import (
    BOY,
    CARAVAN,
    EXPLAIN,
    GIRL,
    POINTS,
    TEACHER,
    SharedLaptop,
    answer_of,
)


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[SharedLaptop]:
    made = SharedLaptop(tmp_path)
    yield made
    made.close()


def whats(found: List[Find]) -> set[str]:
    return {find.what for find in found}


def before_vaults(shared: SharedLaptop) -> None:
    """Work that was done while nobody had a secret."""
    shared.type(GIRL, 0)
    shared.hand_in(GIRL, 1, shared.record(GIRL))
    shared.hand_in(BOY, 2)
    shared.laptop.sync()
    shared.desk.sync()
    assert shared.mark_all(shared.desk) == 2
    shared.desk.sync()
    shared.laptop.sync()


def a_day(shared: SharedLaptop) -> None:
    """Everybody sits down once; marks come while they are away; the teacher marks here, too."""
    shared.sit_down(TEACHER)
    for number, name in enumerate((GIRL, BOY), 3):
        shared.sit_down(name)
        shared.type(name, number)
        shared.hand_in(name, 10 + number, shared.record(name), CARAVAN)
    shared.laptop.vaults.get_up()
    shared.laptop.sync()
    shared.desk.sync()
    shared.sit_down(TEACHER, shared.desk)
    assert shared.mark_all(shared.desk) == 2
    shared.desk.sync()
    shared.laptop.sync()
    shared.sit_down(GIRL)
    shared.hand_in(GIRL, 20)
    teacher = shared.sit_down(TEACHER)
    assert shared.mark_all(shared.laptop) == 1
    for row in shared.laptop.class_work(teacher.id).rows:
        for work in row.works.values():
            for file in shared.laptop.work_detail(work.id).files:
                shared.laptop.export_work_file(work.id, file.name)


def test_the_search_finds_what_lies_there_unlocked(shared: SharedLaptop) -> None:
    before_vaults(shared)
    found = whats(shared.search().folder(shared.data))
    assert {"an answer", "a comment", "a mark", "the name of a file"} <= found
    assert f"the name {GIRL}" in found


def test_nothing_lies_there_in_clear_while_everybody_is_away(shared: SharedLaptop) -> None:
    before_vaults(shared)
    a_day(shared)
    shared.laptop.vaults.get_up()
    search = shared.search()
    assert search.folder(shared.data) == []
    shared.laptop.sync()
    assert search.folder(shared.data) == []
    shared.start_again()
    assert search.folder(shared.data) == []
    shared.laptop.close()
    assert search.folder(shared.data) == []
    shared.start_again()
    assert search.searched_bytes > 100_000
    everything_is_there(shared)


def everything_is_there(shared: SharedLaptop) -> None:
    for name, number, works in ((GIRL, 3, 3), (BOY, 4, 2)):
        person = shared.sit_down(name).id
        found = shared.laptop.works(person)
        assert len(found) == works
        assert {work.station for work in found} <= {Station.MARKED, Station.SCHOOL}
        assert {work.mark.points for work in found if work.mark} == {POINTS}
        draft = shared.laptop.draft(person, PACK, EXPLAIN.lesson, EXPLAIN.name)
        assert draft == {"why": answer_of(name, number)}
    held = [answers["why"] for _, answers in shared.school.submissions()]
    assert len(held) == len(set(held)) == 5
