from __future__ import annotations

import json
import os
import sqlite3
import sys
import zipfile
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import pytest

from sync_server.commands import installing as cli_installing
from sync_server.errors import DataFolderError, SetupError
from sync_server.settings import INSTALLED
from sync_server.updating import versions
from sync_server.updating.archive import programme_in, take, unpack
from sync_server.updating.versions import BEFORE, NEWER, go_back, last_update, update
from tests.support.server import ROOT, School, open_school, server_command, server_json

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its programmes are scripts")

PROGRAMME = """\
#!/bin/sh
echo "$(dirname "$0") $*" >> "{log}"
case "$1" in
  --version) echo "keruen-server {version}" ;;
  install|uninstall) exit {install_code} ;;
  *) cd "{root}" && {before} exec {python} -m sync_server "$@" ;;
esac
"""


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    with open_school(tmp_path / "data") as made:
        with made.store.transaction() as transaction:
            transaction.set_setting(INSTALLED, json.dumps(["--port", "9000"]))
        yield made


class Machine:
    """A computer with version 1.0 in a folder; programmes are scripts that log their words."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.log = place / "log"
        self.here = place / "opt" / "keruen-server"
        self.put(self.here, "1.0", before="")

    def put(
        self, folder: Path, version: str, before: str = "exit 0;", install_code: int = 0
    ) -> Path:
        """Write a programme; without ``before`` it is the real one behind its name."""
        folder.mkdir(parents=True)
        text = PROGRAMME.format(
            log=self.log,
            version=version,
            root=ROOT,
            python=sys.executable,
            before=before,
            install_code=install_code,
        )
        programme_in(folder).write_text(text)
        programme_in(folder).chmod(0o755)
        return folder

    def archive(self, version: str, **options: Any) -> Path:
        folder = self.put(self.place / f"made-{version}" / "keruen-server", version, **options)
        (folder / "_internal").mkdir()
        (folder / "_internal" / "деректер").write_bytes(os.urandom(5000))
        return zipped(folder, self.place / f"{version}.zip")

    def said(self) -> List[str]:
        base = str(self.here.parent) + "/"
        return [line.replace(base, "") for line in self.log.read_text().splitlines()]


def zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for path in folder.rglob("*"):
            made.write(path, path.relative_to(folder.parent))
    return target


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def yes() -> bool:
    return True


def test_a_new_version_runs_beside_the_old_one_and_the_old_one_again(
    school: School, machine: Machine
) -> None:
    data = school.folder.root
    note = update(school.folder, machine.archive("1.1"), machine.here, ["--port", "9000"], yes)
    assert note.version == "1.1"
    assert programme_in(machine.here).exists()
    assert (machine.here.parent / "keruen-server-1.1" / "_internal" / "деректер").is_file()
    assert machine.said() == [
        ".keruen-server.new --version",
        f".keruen-server.new status --data {data}/.update --json",
        f"keruen-server-1.1 install --data {data} --port 9000",
    ]
    assert (data / BEFORE).is_file()
    assert not (data / ".update").exists()
    machine.log.unlink()
    go_back(school.folder, yes)
    assert machine.said() == [
        f"keruen-server status --data {data} --json",
        f"keruen-server install --data {data} --port 9000",
    ]
    assert not (data / NEWER).exists()
    with pytest.raises(SetupError, match="no update"):
        go_back(school.folder, yes)


def test_a_database_that_only_the_newer_one_reads_gives_way(
    school: School, machine: Machine
) -> None:
    data = school.folder.root
    update(school.folder, machine.archive("2.0", before=""), machine.here, [], yes)
    with school.store.transaction() as transaction:
        transaction.set_setting("late", "x")
    school.store._connection.execute("PRAGMA user_version = 999")
    school.close()
    machine.log.unlink()
    go_back(school.folder, yes)
    assert f"keruen-server-2.0 uninstall --data {data}" in machine.said()
    school.store = school.folder.open_store()
    with school.store.transaction() as transaction:
        assert transaction.setting("late") is None
        assert transaction.setting(INSTALLED)
    newer = sqlite3.connect(str(data / NEWER))
    assert newer.execute("SELECT value FROM settings WHERE name = 'late'").fetchone() == ("x",)
    newer.close()


def test_a_copy_that_went_bad_takes_nothing_s_place(school: School, machine: Machine) -> None:
    data = school.folder.root
    update(school.folder, machine.archive("2.0", before=""), machine.here, [], yes)
    school.store._connection.execute("PRAGMA user_version = 999")
    school.close()
    newer = (data / "server.db").read_bytes()
    for torn in (b"", newer[:5000]):
        (data / BEFORE).write_bytes(torn)
        with pytest.raises(SetupError, match=r"(not whole|is empty).*backup"):
            go_back(school.folder, yes)
        assert (data / "server.db").read_bytes() == newer
        assert not (data / NEWER).exists()
    (data / "server.db").write_bytes(newer)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only the administrator gives files away"
)
def test_what_the_administrator_puts_back_belongs_to_the_folders_owner(
    school: School, machine: Machine
) -> None:
    data = school.folder.root
    update(school.folder, machine.archive("2.0", before=""), machine.here, [], yes)
    school.store._connection.execute("PRAGMA user_version = 999")
    school.close()
    os.chown(data, 4711, 4711)
    go_back(school.folder, yes)
    assert (data / "server.db").stat().st_uid == 4711
    school.store = school.folder.open_store()


def test_one_that_cannot_work_with_this_database_changes_nothing(
    school: School, machine: Machine
) -> None:
    with pytest.raises(SetupError, match="status failed: this is bad"):
        bad = machine.archive("1.1", before="echo this is bad >&2; exit 1;")
        update(school.folder, bad, machine.here, [], yes)
    assert [path.name for path in machine.here.parent.iterdir()] == ["keruen-server"]
    assert not (school.folder.root / BEFORE).exists()
    assert not any("install" in line for line in machine.said())


@pytest.mark.parametrize("fails", ["install", "answer"])
def test_one_that_does_not_start_gives_way_to_the_old_one_by_itself(
    school: School, machine: Machine, fails: str
) -> None:
    answers = iter([True] if fails == "install" else [False, True])
    archive = machine.archive("1.1", install_code=1 if fails == "install" else 0)
    with pytest.raises(SetupError, match="before is set up again"):
        update(school.folder, archive, machine.here, ["--port", "9000"], lambda: next(answers))
    assert machine.said()[-1] == f"keruen-server install --data {school.folder.root} --port 9000"
    with pytest.raises(SetupError):
        last_update(school.folder)


def test_whatever_goes_wrong_while_it_starts_is_gone_back_from(
    school: School, machine: Machine
) -> None:
    answers = iter([DataFolderError("The database is damaged."), True])

    def answer() -> bool:
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    with pytest.raises(SetupError, match=r"damaged\. The version before is set up again"):
        update(school.folder, machine.archive("1.1"), machine.here, [], answer)
    assert machine.said()[-1] == f"keruen-server install --data {school.folder.root}"


def test_what_cannot_be_gone_back_to_is_told(school: School, machine: Machine) -> None:
    update(school.folder, machine.archive("1.1"), machine.here, [], yes)
    with pytest.raises(SetupError, match="does not answer"):
        go_back(school.folder, lambda: False)
    programme_in(machine.here).unlink()
    with pytest.raises(SetupError, match="is gone"):
        go_back(school.folder, yes)
    with pytest.raises(SetupError, match="is the one that runs"):
        update(
            school.folder,
            machine.archive("1.2"),
            machine.here.parent / "keruen-server-1.2",
            [],
            yes,
        )


def test_a_programme_that_says_no_version_is_refused(school: School, machine: Machine) -> None:
    with pytest.raises(SetupError, match="does not say its version"):
        update(school.folder, machine.archive("../../x"), machine.here, [], yes)
    (machine.here / "keruen-server").chmod(0o644)
    with pytest.raises(SetupError, match="cannot be run"):
        versions._version(versions.run, machine.here)


class TestArchives:
    """Files that are no new version, by accident or on purpose."""

    def refused(self, archive: Path, tmp_path: Path) -> str:
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(SetupError) as error:
            unpack(archive, tmp_path / "place")
        assert sorted(tmp_path.rglob("*")) == before
        return str(error.value)

    def made(self, tmp_path: Path, files: Dict[str, bytes], mode: Optional[int] = None) -> Path:
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
            for name, content in files.items():
                entry = zipfile.ZipInfo(name)
                entry.external_attr = (mode or 0o100755) << 16
                made.writestr(entry, content)
        return tmp_path / "a.zip"

    @pytest.mark.parametrize(
        "name",
        [
            "../x",
            "k/../../x",
            "/etc/x",
            "k//x",
            "k/./x",
            "k\\x/y",
            "C:/x",
            "other/x",
            "x",
            "k/a\nb",
        ],
    )
    def test_names_that_lead_out(self, tmp_path: Path, name: str) -> None:
        files = {"k/keruen-server": b"#!/bin/sh\n", name: b"x"}
        assert "no file of one folder" in self.refused(self.made(tmp_path, files), tmp_path)

    def test_links(self, tmp_path: Path) -> None:
        archive = self.made(tmp_path, {"k/keruen-server": b"/bin/sh"}, 0o120777)
        assert "no file of one folder" in self.refused(archive, tmp_path)

    def test_something_else(self, tmp_path: Path) -> None:
        (tmp_path / "b.zip").write_bytes(b"PK, but not really")
        assert "is no new version" in self.refused(tmp_path / "b.zip", tmp_path)
        archive = self.made(tmp_path, {"k/other": b"x"})
        assert "there is no keruen-server" in self.refused(archive, tmp_path)

    def test_too_much(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from sync_server.updating import archive as module

        monkeypatch.setattr(module, "MAX_UNPACKED_BYTES", 3)
        archive = self.made(tmp_path, {"k/keruen-server": b"four"})
        assert "too large" in self.refused(archive, tmp_path)

    def test_every_flipped_byte_of_the_content(self, tmp_path: Path) -> None:
        archive = self.made(tmp_path, {"k/keruen-server": b"#!/bin/sh\n" * 9})
        whole = archive.read_bytes()
        at = whole.index(b"#!/bin/sh")
        for place in range(at, at + 90, 7):
            archive.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
            self.refused(archive, tmp_path)

    def test_another_file_than_one_was_told_of(self, tmp_path: Path) -> None:
        archive = self.made(tmp_path, {"k/keruen-server": b"x"})
        found = take(archive, tmp_path / "1", None)
        assert take(archive, tmp_path / "2", f" {found.upper()} ") == found
        assert (tmp_path / "2").read_bytes() == archive.read_bytes()
        with pytest.raises(SetupError, match=found):
            take(archive, tmp_path / "3", "0" * 64)


def test_the_command(
    school: School, machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = ("update", "--data", str(school.folder.root))
    archive = str(machine.archive("1.1"))
    assert "Say which file" in server_command(*words)[2]
    assert "Say which file" in server_command(*words, archive, "--back")[2]
    assert "with pip" in server_command(*words, archive)[2]
    monkeypatch.setattr(cli_installing.sys, "frozen", True, raising=False)
    monkeypatch.setattr(cli_installing.sys, "executable", str(programme_in(machine.here)))
    asked: List[int] = []
    monkeypatch.setattr(cli_installing, "answers_at", lambda *_: asked.append(1) or len(asked) > 1)
    monkeypatch.setattr(cli_installing, "_PAUSE_S", 0.0)
    assert "SHA-256 is" in server_command(*words, archive, "--sha256", "0" * 64)[2]
    # The scripts are run by the Python of the tests.
    monkeypatch.delattr(cli_installing.sys, "frozen")
    monkeypatch.setattr(cli_installing, "_program", lambda: (str(programme_in(machine.here)),))
    monkeypatch.setattr(cli_installing.sys, "frozen", True, raising=False)
    done = server_json(*words, archive, "--json")
    assert (done["version"], len(asked)) == ("1.1", 2)
    back = server_json(*words, "--back", "--json")
    assert back == {"folder": str(machine.here)}
    with school.store.transaction() as transaction:
        transaction.set_setting(INSTALLED, "null")
    assert "command install first" in server_command(*words, archive)[2]
