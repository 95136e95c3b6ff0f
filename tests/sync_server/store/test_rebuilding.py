from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any, Iterator, Tuple

import pytest

from sync_server.errors import SetupError
from sync_server.store.rebuilding import rebuild
from sync_server.verification import verify_database
from tests.support.device import TestDevice
from tests.support.server import School, open_school

WORKS = 60


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Tuple[School, TestDevice, TestDevice]]:
    """A pupil's laptop and a teacher's, with a hundred works at a server."""
    with open_school(tmp_path / "server") as school:
        pupil, teacher = TestDevice(), TestDevice()
        pupil.enrol(school.road(), str(school.code(["Анна"]).code))
        teacher.enrol(school.road(), str(school.code(teachers=["Сәуле"]).code))
        for answer in range(WORKS):
            pupil.hand_in(pupil.people[0].id, str(answer) * 40)
        pupil.exchange_all(school.road())
        teacher.exchange_all(school.road())
        yield school, pupil, teacher
        pupil.close()
        teacher.close()


def works(school: School) -> int:
    query = "SELECT count(*) FROM records WHERE kind = 'submission'"
    return int(school.store._connection.execute(query).fetchone()[0])


def spoil(path: Path, seed: int, pages: int) -> None:
    """Overwrite pages with noise, but for the first, which says where the tables are."""
    chance = random.Random(seed)
    size = sqlite_page(path)
    last = path.stat().st_size // size
    with path.open("r+b") as file:
        for _ in range(pages):
            file.seek(chance.randrange(1, last) * size)
            file.write(chance.randbytes(size))


def sqlite_page(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[16:18], "big")


def closed(school: School) -> Path:
    school.store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    school.close()
    return school.folder.database


@pytest.mark.parametrize("seed", range(5))
def test_what_can_be_read_is_kept_and_the_laptop_sends_the_rest(scene: Any, seed: int) -> None:
    school, pupil, _ = scene
    database = closed(school)
    before = database.read_bytes()
    spoil(database, seed, pages=1 + seed % 3)
    spoiled = database.read_bytes()
    assert spoiled != before
    done = rebuild(database, school.identity)
    # But for the mode of its log, in the first page.
    assert done.damaged.read_bytes()[100:] == spoiled[100:]
    assert verify_database(database, school.identity).records == done.records
    school.restart()
    with school.store.transaction() as transaction:
        if transaction.device(pupil.id) is None or not transaction.granted(pupil.id):
            # Its own row was on the page: enrolled anew, it sends all that it has.
            pytest.skip("the laptop itself was lost")
    pupil.hand_in(pupil.people[0].id, "one more")
    pupil.exchange_all(school.road())
    assert works(school) == WORKS + 1


def test_who_may_read_is_said_anew(scene: Any) -> None:
    school, _, _ = scene
    with school.store.transaction():
        school.store._connection.execute("DELETE FROM audience WHERE serial % 2")
    rebuild(closed(school), school.identity)
    school.restart()
    late = TestDevice()
    late.enrol(school.road(), str(school.code(teachers=["Сәуле"]).code))
    outcomes = late.exchange_all(school.road())
    assert sum(len(one.answer.records) for one in outcomes) >= WORKS
    late.close()


def test_a_gap_ends_a_journal_and_nothing_else(scene: Any) -> None:
    school, pupil, _ = scene
    with school.store.transaction():
        school.store._connection.execute("DELETE FROM records WHERE seq = 50")
    done = rebuild(closed(school), school.identity)
    assert done.cut_journals == 1
    school.restart()
    assert works(school) == 49
    pupil.exchange_all(school.road())
    assert works(school) == WORKS


def test_a_server_that_runs_is_left_alone(scene: Any) -> None:
    school, _, _ = scene
    before = school.folder.database.read_bytes()
    with pytest.raises(SetupError, match="The server runs"):
        rebuild(school.folder.database, school.identity)
    assert school.folder.database.read_bytes() == before


def test_a_whole_database_loses_nothing(scene: Any) -> None:
    school, pupil, _ = scene
    tables = "people", "devices", "grants", "codes", "code_uses", "journals", "records", "audience"
    counts = [_count(school.store._connection, one) for one in tables]
    done = rebuild(closed(school), school.identity)
    assert done.cut_journals == 0
    school.restart()
    assert [_count(school.store._connection, one) for one in tables] == counts
    assert pupil.exchange_all(school.road())[-1].problem is None


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
