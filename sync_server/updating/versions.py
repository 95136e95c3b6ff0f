"""From one version to another, and back.

The new one is unpacked beside the old one, tried on a copy of the database, and only then set up to
start instead. Where it does not answer, the old one is set up again. Both folders stay.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sqlite3
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Callable, List, Optional, Sequence

from content.storage import pieces_of, replace_durably, sync_folder, write_durably
from sync_server.alone import STOPPING_S, alone
from sync_server.data_folder import DataFolder
from sync_server.errors import DataFolderError, ServerError, SetupError
from sync_server.updating.archive import PROGRAMME, programme_in, unpack
from sync_server.verification import check_database

NOTE = "update.json"
TRIAL, BEFORE = ".update", "server.db.before"
NEWER = "server.db.newer"
_TIME_LIMIT_S = 600
_VERSION = re.compile(rf"{PROGRAMME} ([0-9A-Za-z.+-]{{1,40}})\Z")

Call = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]
Answers = Callable[[], bool]


@dataclass(frozen=True)
class Note:
    """The last update: the folders of both versions, and the options of ``install``."""

    old: str
    new: str
    version: str
    options: List[str]


def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        list(command),
        capture_output=True,
        text=True,
        # A school's name may have letters that the code page of Windows lacks.
        errors="replace",
        check=False,
        timeout=_TIME_LIMIT_S,
    )


def update(
    folder: DataFolder,
    archive: Path,
    here: Path,
    options: Sequence[str],
    answers: Answers,
    call: Call = run,
) -> Note:
    """Set a new version up in the place of the one in the folder ``here``.

    Args:
        folder: The server's data.
        archive: The new version.
        here: The folder of the version that runs.
        options: Those with which ``install`` was given.
        answers: Waits until the server answers and tells whether it does.
        call: Runs a command.

    Raises:
        SetupError: the new version is damaged, cannot work with this database, or does not answer;
            the old one is set up as before.
        OSError: the disk failed; likewise.
    """
    beside = here.parent / f".{PROGRAMME}.new"
    shutil.rmtree(beside, ignore_errors=True)
    unpack(archive, beside)
    try:
        version = _version(call, beside)
        place = here.parent / f"{PROGRAMME}-{version}"
        if place.resolve() == here.resolve():
            raise SetupError(f"Version {version} is the one that runs.")
        _try_on_copy(folder, beside, call)
        shutil.rmtree(place, ignore_errors=True)
        beside.replace(place)
        sync_folder(place.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    note = Note(str(here), str(place), version, list(options))
    content = json.dumps(asdict(note), ensure_ascii=False).encode("utf-8")
    replace_durably(folder.root / NOTE, [content], folder.root / ".staging")
    try:
        _set_up(folder, place, options, call)
        if not answers():
            raise SetupError(f"Version {version} does not answer.")
    except (ServerError, OSError, sqlite3.Error) as error:
        go_back(folder, answers, call)
        raise SetupError(f"{error} The version before is set up again.") from error
    return note


def go_back(folder: DataFolder, answers: Answers, call: Call = run) -> Note:
    """Set the version before the last update up again.

    A database that only the newer one can read gives way to the copy that was made before it, and
    stays beside it; laptops send again what came since.

    Raises:
        SetupError: there was no update, its folder is gone, or the old version does not answer.
        OSError: the disk failed.
    """
    note = last_update(folder)
    old = Path(note.old)
    if not programme_in(old).is_file():
        raise SetupError(f"The version before is gone: {old}. Unpack it there again.")
    if not _reads(folder, old, call):
        _done(call, [str(programme_in(Path(note.new))), "uninstall", "--data", str(folder.root)])
        _put_back(folder)
    _set_up(folder, old, note.options, call)
    if not answers():
        raise SetupError(f"The version in {old} is set up, and does not answer: see its log.")
    (folder.root / NOTE).unlink()
    return note


def last_update(folder: DataFolder) -> Note:
    """Return what the last update did.

    Raises:
        SetupError: there was none, or it was gone back from.
    """
    try:
        return Note(**json.loads((folder.root / NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise SetupError("There was no update from which one could go back.") from error


def _version(call: Call, place: Path) -> str:
    said = _done(call, [str(programme_in(place)), "--version"]).strip()
    found = _VERSION.match(said)
    if found is None:
        raise SetupError(f"The new programme does not say its version, but {said[:80]!r}.")
    return found[1]


def _try_on_copy(folder: DataFolder, place: Path, call: Call) -> None:
    """Copy the database, and let the new version read, and bring up to date, another copy."""
    trial = DataFolder(folder.root / TRIAL)
    shutil.rmtree(trial.root, ignore_errors=True)
    trial.root.mkdir(mode=0o700)
    try:
        with folder.store() as store:
            store.backup(trial.database)
        check_database(trial.database)
        _copy(trial.database, trial.root / BEFORE)
        shutil.copyfile(folder.identity_path, trial.identity_path)
        trial.repositories.mkdir()
        _done(call, [str(programme_in(place)), "status", "--data", str(trial.root), "--json"])
        (trial.root / BEFORE).replace(folder.root / BEFORE)
        sync_folder(folder.root)
    finally:
        shutil.rmtree(trial.root, ignore_errors=True)


def _reads(folder: DataFolder, place: Path, call: Call) -> bool:
    words = ("status", "--data", str(folder.root), "--json")
    return call([str(programme_in(place)), *words]).returncode == 0


def _put_back(folder: DataFolder) -> None:
    """Put the copy in the database's place, which keeps a second name: there is always one."""
    before, copy = folder.root / BEFORE, folder.root / (BEFORE + ".copy")
    if not before.is_file():
        raise SetupError(f"{before} is gone: bring a backup back instead.")
    with alone(folder, STOPPING_S):
        _copy(before, copy)
        try:
            check_database(copy)
        except DataFolderError as error:
            copy.unlink()
            raise SetupError(f"{error} Bring a backup back instead.") from error
        with contextlib.closing(sqlite3.connect(str(folder.database))) as connection:
            # Folds the log into the file.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        _copy(folder.database, folder.root / NEWER)
        folder.hand_over(copy)
        for ending in ("-wal", "-shm"):
            folder.database.with_name(folder.database.name + ending).unlink(missing_ok=True)
        copy.replace(folder.database)
        sync_folder(folder.root)


def _copy(source: Path, target: Path) -> None:
    """Copy a database to a file that only its owner can read, and that outlives a power cut."""
    write_durably(target, pieces_of(source))
    shutil.copymode(source, target)


def _set_up(folder: DataFolder, place: Path, options: Sequence[str], call: Call) -> None:
    command = [str(programme_in(place)), "install", "--data", str(folder.root), *options]
    _done(call, command)


def _done(call: Call, command: Sequence[str]) -> str:
    try:
        done = call(command)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SetupError(f"{command[0]} cannot be run ({error}).") from error
    if done.returncode:
        said: Optional[str] = (done.stderr or done.stdout or "").strip()
        last = said.splitlines()[-1] if said else str(done.returncode)
        raise SetupError(f"{Path(command[0]).name} {command[1]} failed: {last}")
    return done.stdout or ""
