from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from pathlib import Path
from typing import Any, Dict, Iterator

import pytest

from sync_server.disk.levels import Usage
from sync_server.disk.reserve import Reserve
from sync_server.doctor import machine
from sync_server.doctor.finding import State
from sync_server.doctor.visit import Visit, visit
from sync_server.school_clock import SchoolClock
from sync_server.settings import LAST_BACKUP, LAST_HOST, LAST_PORT
from sync_server.store.attachment_protocol import HeldAttachment
from sync_server.store.model import Upstream
from tests.support.clock import IN_2003_MS, NOW_MS, TurnableClock
from tests.support.device import TestDevice
from tests.support.packs import KEY, build_sample
from tests.support.server import School, open_school, running_server, server_command, server_json


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    with open_school(folder / "server") as made:
        pupil = TestDevice()
        pupil.enrol(made.road(), str(made.code(["Анна"]).code))
        for answer in map(str, range(40)):
            pupil.hand_in(pupil.people[0].id, answer)
        pupil.exchange_all(made.road())
        pupil.close()
        build_sample(folder, video_bytes=3_000)
        made.publish(folder / "repository", KEY.public.key_id)
    return folder / "server"


@pytest.fixture
def school(template: Path, tmp_path: Path) -> Iterator[School]:
    import shutil

    shutil.copytree(template, tmp_path / "server")
    with open_school(tmp_path / "server") as made:
        yield made


def states(done: Visit) -> Dict[str, State]:
    return {one.check: one.state for one in done.findings}


def said(done: Visit, check: str) -> str:
    return " ".join(one.sentence for one in done.findings if one.check == check)


def test_a_server_that_is_well_is_left_as_it_is(school: School) -> None:
    root = school.folder.root
    with school.store.transaction() as transaction:
        transaction.set_setting(LAST_BACKUP, str(int(time.time() * 1000)))
    with running_server(root) as url:
        with school.store.transaction() as transaction:
            transaction.set_setting(LAST_HOST, "127.0.0.1")
            transaction.set_setting(LAST_PORT, url.rpartition(":")[2])
        done = visit(root, mend=True, thorough=True)
    assert set(states(done).values()) == {State.WELL}
    assert done.sentence == "All is well."
    assert "41 records" in said(done, "database") or "42 records" in said(done, "database")


def test_the_command_tells_and_ends_with_2_where_something_is_left(school: School) -> None:
    data = str(school.folder.root)
    assert server_json("doctor", "--data", data, "--json")["well"]
    (school.folder.root / "identity").chmod(0o644)
    code, told, _ = server_command("doctor", "--data", data)
    assert code == 2
    assert "- Others on this computer" in told
    assert "--mend" in told
    code, told, _ = server_command("doctor", "--data", data, "--mend")
    assert code == 0
    assert (school.folder.root / "identity").stat().st_mode & 0o077 == 0


def test_no_folder_is_told_alone(tmp_path: Path) -> None:
    done = visit(tmp_path / "none", mend=True)
    assert states(done) == {"folder": State.ILL}
    assert "keruen-server init" in done.to_text()
    assert not (tmp_path / "none").exists()


def test_a_broken_chain_is_told_and_cut_where_it_breaks(school: School) -> None:
    school.store._connection.execute("UPDATE records SET person = 'x' WHERE seq = 7")
    done = visit(school.folder.root)
    assert states(done)["database"] is State.ILL
    assert "Record 7" in said(done, "database")
    assert "--mend" in done.sentence
    running = visit(school.folder.root, mend=True)
    assert states(running)["database"] is State.ILL
    assert "The server runs" in said(running, "database")
    school.close()
    assert states(visit(school.folder.root, mend=True))["database"] is State.MENDED
    school.store = school.folder.open_store()
    assert states(visit(school.folder.root))["database"] is State.WELL
    assert school.folder.root / "server.db.damaged-1" in school.folder.root.iterdir()


def test_a_file_of_garbage_is_told_with_what_to_do(school: School) -> None:
    school.close()
    school.folder.database.write_bytes(b"\xff" * 8192)
    done = visit(school.folder.root, mend=True)
    assert states(done)["database"] is State.ILL
    assert "keruen-server restore" in said(done, "database")
    assert school.folder.database.read_bytes() == b"\xff" * 8192


def test_an_emptied_file_is_no_new_server(school: School) -> None:
    school.close()
    school.folder.database.write_bytes(b"")
    code, _, error = server_command("status", "--data", str(school.folder.root))
    assert (code, "is empty" in error) == (1, True)
    done = visit(school.folder.root, mend=True)
    assert states(done)["database"] is State.ILL
    assert "keruen-server restore" in said(done, "database")
    assert school.folder.database.read_bytes() == b""


@pytest.mark.parametrize("name", ["server.db", "identity"])
def test_a_folder_that_lost_a_file_is_no_place_for_a_new_server(school: School, name: str) -> None:
    school.close()
    (school.folder.root / name).rename(school.folder.root.parent / name)
    text = visit(school.folder.root, mend=True).to_text()
    assert f"{name} is missing" in text
    assert "keruen-server restore" in text
    (school.folder.root.parent / name).rename(school.folder.root / name)


def test_a_database_on_a_full_disk_is_not_taken_for_damaged(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Usage(10**9, 0)
    monkeypatch.setattr("sync_server.disk.levels.looking_at", lambda _: lambda: full)
    monkeypatch.setattr("sync_server.doctor.visit.looking_at", lambda _: lambda: full)
    done = visit(school.folder.root, mend=True)
    assert states(done) == {"folder": State.WELL, "disk": State.ILL}
    Reserve(school.folder.root).path.write_bytes(b"room")
    assert states(visit(school.folder.root))["disk"] is State.ILL
    assert states(visit(school.folder.root, mend=True))["database"] is State.WELL
    assert not Reserve(school.folder.root).path.exists()


def test_a_damaged_index_is_made_anew(school: School) -> None:
    school.close()
    connection = sqlite3.connect(str(school.folder.database))
    connection.execute("PRAGMA writable_schema = ON")
    root = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = 'records'"
        " ORDER BY name LIMIT 1"
    ).fetchone()[0]
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    # An empty leaf of an index (the file format, section 1.6): rows are missing from it.
    with school.folder.database.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\x0a\x00\x00\x00\x00" + size.to_bytes(2, "big") + b"\x00")
    done = visit(school.folder.root)
    assert "Only an index" in said(done, "database")
    done = visit(school.folder.root, mend=True)
    assert states(done)["database"] is State.MENDED
    assert states(visit(school.folder.root))["database"] is State.WELL
    school.store = school.folder.open_store()


def test_lessons_that_are_gone_or_went_bad_are_told(school: School) -> None:
    root, objects = school.folder.root, school.folder.repositories / KEY.public.key_id / "objects"
    bad = min(objects.rglob("*"), key=lambda path: (not path.is_file(), path.stat().st_size))
    content = bad.read_bytes()
    bad.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert states(visit(root))["lessons"] is State.WELL
    done = visit(root, thorough=True)
    assert bad.name in said(done, "lessons")
    assert states(visit(root, mend=True, thorough=True))["lessons"] is State.MENDED
    assert not bad.exists()
    for path in [path for path in objects.rglob("*") if path.is_file()]:
        path.unlink()
    assert "texts and tasks of equations are gone" in said(visit(root), "lessons")
    (school.folder.repositories / KEY.public.key_id / "catalogue").write_bytes(b"x")
    assert states(visit(root))["lessons"] is State.ILL


def test_photos_that_are_gone_or_went_bad_are_asked_for_again(school: School) -> None:
    contents = {hashlib.sha256(one).hexdigest(): one for one in (b"one", b"two", b"three")}
    with school.store.transaction() as transaction:
        for name, content in contents.items():
            place = school.folder.attachments / name[:2] / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            transaction.hold_attachment(HeldAttachment(name, len(content), "p", 1))
    assert states(visit(school.folder.root))["photos"] is State.WELL
    first, second, _ = contents
    (school.folder.attachments / first[:2] / first).unlink()
    (school.folder.attachments / second[:2] / second).write_bytes(bytes(len(contents[second])))
    assert "1 file that" in said(visit(school.folder.root), "photos")
    assert "2 files that" in said(visit(school.folder.root, thorough=True), "photos")
    assert states(visit(school.folder.root, mend=True, thorough=True))["photos"] is State.MENDED
    with school.store.transaction() as transaction:
        assert len(transaction.attachments()) == 1


def test_what_something_cut_short_left_is_cleared_after_a_day(school: School) -> None:
    left = [school.folder.root / name for name in (".restoring", ".update", ".rebuilding")]
    going_on = school.folder.repositories / KEY.public.key_id / ".staging"
    for path in (*(one / "file" for one in left), going_on / "x.part"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    assert states(visit(school.folder.root, mend=True))["leftovers"] is State.WELL
    long_ago = time.time() - 2 * 86_400
    for path in (*left, *(one / "file" for one in left), going_on, going_on / "x.part"):
        os.utime(path, (long_ago, long_ago))
    assert states(visit(school.folder.root))["leftovers"] is State.ILL
    assert states(visit(school.folder.root, mend=True))["leftovers"] is State.MENDED
    assert not any(one.exists() for one in left)
    assert (going_on / "x.part").exists()


@pytest.mark.parametrize(
    ("free_bytes", "state"), [(1 << 20, "ill"), (700 << 20, "advice"), (9 << 30, "well")]
)
def test_the_disk(free_bytes: int, state: str) -> None:
    (found,) = machine.look_at_disk(Usage(100 << 30, free_bytes))
    assert found.state.value == state


def test_the_clock(school: School) -> None:
    (found,) = machine.look_at_clock(SchoolClock(school.store, TurnableClock(NOW_MS)))
    assert (found.state is State.WELL) == (NOW_MS > machine.EARLIEST_MS)
    wrong = SchoolClock(school.store, TurnableClock(IN_2003_MS))
    (found,) = machine.look_at_clock(wrong)
    assert found.state is State.ILL
    wrong.refer(NOW_MS)
    (found,) = machine.look_at_clock(wrong)
    assert found.state is State.ADVICE
    assert "wrong by -" in found.sentence


def test_the_server_above_and_the_backup(school: School) -> None:
    above = Upstream(school.identity.public, "http://region.example", "Region")
    with school.store.transaction() as transaction:
        transaction.add_upstream(above)
        transaction.set_setting(f"relay-problem-{above.id}", "link-unreachable")
        transaction.set_setting(LAST_BACKUP, str(NOW_MS - 20 * machine.DAY_MS))
    (found,) = machine.look_above(school.store, NOW_MS)
    assert "never reached (link-unreachable)" in found.sentence
    (found,) = machine.look_at_backup(school.store, NOW_MS)
    assert "20 days ago" in found.sentence
    assert found.state is State.ADVICE


def test_a_service_whose_programme_is_gone(
    school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = tmp_path / "unit"
    unit.write_text('[Service]\nExecStart="/gone for/ever" run --data x\n')
    monkeypatch.setattr(machine, "UNIT", unit)
    found: Any = list(machine.look_at_running(school.store))
    assert "/gone for/ever is gone" in found[-1].sentence
    unit.write_text("[Service]\nExecStart=/bin/sh run\n")
    assert len(list(machine.look_at_running(school.store))) == 1
