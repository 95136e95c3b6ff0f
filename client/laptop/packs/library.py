"""The packs on this laptop: opening them, and keeping the index of lessons in step with them."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Dict, List, Mapping, Tuple

from client.laptop.errors import Fault, LaptopError
from client.laptop.packs import lesson_index, opened_parts, school_openings
from client.laptop.packs.lessons import LessonCard, Text
from client.laptop.problems import failure, problem_of
from client.laptop.storage import quarantine
from client.laptop.storage.database import Database

if TYPE_CHECKING:
    from content.installation import Installation, InstalledPack
    from content.pack import Pack
    from content.task import Task

PACKS_FOLDER = "packs"
OPEN_PACKS = 4


class Library:
    """The installed packs. The package `content` is loaded when a pack is first opened."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder / PACKS_FOLDER
        self._database = database
        self._opened: OrderedDict[Tuple[str, int], Pack] = OrderedDict()
        self._guard = threading.Lock()
        self._trying = threading.Lock()
        self._tried: Dict[Tuple[str, int, str, str, str], bool] = {}

    def installation(self) -> Installation:
        """Give the folder of packs as `content` knows it."""
        from content.installation import Installation

        return Installation(self.folder)

    def cards(self) -> Tuple[LessonCard, ...]:
        """List the lessons of all packs from the index."""
        return lesson_index.cards(self._database.connection)

    def task_titles(self) -> Mapping[Tuple[str, str, str], Text]:
        """Look up the titles of all tasks, by (pack, lesson, task), from the index."""
        return lesson_index.task_titles(self._database.connection)

    def pack(self, pack_id: str) -> Pack:
        """Open a pack, or take one of the few that are open.

        Raises LaptopError ``pack-missing`` or ``pack-unreadable``.
        """
        from content.errors import ContentError
        from content.pack import Pack

        version = lesson_index.version_of(self._database.connection, pack_id)
        if not version:
            raise failure("pack-missing", Fault.THEIR_DATA, pack_id, pack_id)
        with self._guard:
            if (pack_id, version) in self._opened:
                self._opened.move_to_end((pack_id, version))
                return self._opened[pack_id, version]
        try:
            pack = Pack.open(self.folder / pack_id / str(version)).of(pack_id, version)
        except ContentError as error:
            raise failure("pack-unreadable", Fault.THEIR_DATA, str(error), pack_id) from error
        with self._guard:
            self._opened[pack_id, version] = pack
            while len(self._opened) > OPEN_PACKS:
                self._opened.popitem(last=False)
        return pack

    def task(
        self, pack_id: str, lesson: str, task: str, person: str = "", attempt: int = 1
    ) -> Task:
        """Open one task as ``person`` gets it at their ``attempt``.

        Codes that the school has sent for it are tried first. Raises LaptopError as `pack` does,
        ``sealed`` while its questions are sealed, and ``opening-wrong`` where the school's codes
        do not open them.
        """
        try:
            found = self._task(pack_id, lesson, task, person, attempt)
            if not found.key_sealed or not self._open_for_school(pack_id, lesson, task):
                return found
        except LaptopError as error:
            if error.code != "sealed":
                raise
            if not self._open_for_school(pack_id, lesson, task):
                if self._codes(pack_id, lesson, task):
                    raise failure("opening-wrong", Fault.THEIR_DATA, str(error), pack_id) from error
                raise
        return self._task(pack_id, lesson, task, person, attempt)

    def _task(self, pack_id: str, lesson: str, task: str, person: str, attempt: int) -> Task:
        from content.errors import ContentError
        from content.sealing.errors import SealedError

        keys = opened_parts.load(self._database.connection)
        try:
            return self.pack(pack_id).task(lesson, task, person, attempt, keys)
        except SealedError as error:
            raise failure("sealed", Fault.YOUR_DATA, str(error), pack_id) from error
        except ContentError as error:
            raise failure("pack-unreadable", Fault.THEIR_DATA, str(error), pack_id) from error

    def unlock(self, pack_id: str, lesson: str, task: str, code: str) -> None:
        """Open a sealed part of a task for everybody on this laptop.

        Raises LaptopError ``code-wrong``, or as `pack` does.
        """
        from content.errors import ContentError
        from content.sealing.errors import WrongCodeError

        try:
            name, key = self.pack(pack_id).unlock(lesson, task, code)
        except WrongCodeError as error:
            raise failure("code-wrong", Fault.YOUR_DATA, str(error)) from error
        except ContentError as error:
            raise failure("pack-unreadable", Fault.THEIR_DATA, str(error), pack_id) from error
        with self._database.transaction() as connection:
            opened_parts.keep(connection, name, key)

    def _codes(self, pack_id: str, lesson: str, task: str) -> Tuple[str, ...]:
        return school_openings.codes(self._database.connection, pack_id, lesson, task)

    def _open_for_school(self, pack_id: str, lesson: str, task: str) -> bool:
        """Use the codes that the school has sent and return whether one opened anything.

        Each is tried once on a version while the programme runs: it takes a second on an old
        machine.
        """
        version = lesson_index.version_of(self._database.connection, pack_id)
        opened = False
        with self._trying:
            for code in self._codes(pack_id, lesson, task):
                attempt = (pack_id, version, lesson, task, code)
                if attempt not in self._tried:
                    self._tried[attempt] = self._opens(pack_id, lesson, task, code)
                opened = opened or self._tried[attempt]
        return opened

    def _opens(self, pack_id: str, lesson: str, task: str, code: str) -> bool:
        try:
            self.unlock(pack_id, lesson, task, code)
        except LaptopError as error:
            if error.code != "code-wrong":
                raise
            return False
        return True

    def adopt(self, installed: InstalledPack) -> None:
        """Show lessons from this version from now on: one transaction switches the index.

        Raises ContentError, and changes nothing, when the pack cannot be read.
        """
        self.show(_opened(installed))

    def show(self, pack: Pack) -> None:
        """Show lessons from an opened version from now on, as `adopt` does."""
        titles = _task_titles(pack)
        ready = _ready_videos(pack)
        with self._database.transaction() as connection:
            lesson_index.fill(connection, pack, titles)
            lesson_index.note_videos(connection, pack.id, ready)

    def note_videos(self, installed: InstalledPack) -> None:
        """Note which videos of a version have arrived."""
        pack = _opened(installed)
        with self._database.transaction() as connection:
            lesson_index.note_videos(connection, pack.id, _ready_videos(pack))

    def current(self) -> Dict[str, int]:
        """Give the version of each pack that lessons are shown from."""
        return dict(self._database.connection.execute("SELECT pack, version FROM packs"))

    def repair(self) -> None:
        """Bring the index in step with the folder: after a crash, a copied or a rebuilt database.

        In the normal case this lists the folder's names and opens nothing.
        """
        indexed, there = self.current(), self._versions()
        for pack, version in indexed.items():
            if version not in there.get(pack, []):
                with self._database.transaction() as connection:
                    lesson_index.forget(connection, pack)
                    connection.execute("UPDATE wanted SET complete = 0 WHERE pack = ?", (pack,))
        for pack, versions in there.items():
            if indexed.get(pack) != versions[-1]:
                self._adopt_newest(pack, versions)

    def _adopt_newest(self, pack: str, versions: List[int]) -> None:
        from content.errors import ContentError

        for version in reversed(versions):
            if version == self.current().get(pack):
                return
            installed = self.installation().find(pack, version)
            try:
                if installed is not None:
                    self.adopt(installed)
                    return
            except ContentError as error:
                with self._database.transaction() as connection:
                    quarantine.put(connection, problem_of(error, pack))

    def _versions(self) -> Dict[str, List[int]]:
        found: Dict[str, List[int]] = {}
        try:
            packs = [one.name for one in os.scandir(str(self.folder)) if one.name[:1] != "."]
        except OSError:
            return {}
        for pack in packs:
            try:
                names = os.listdir(str(self.folder / pack))  # noqa: PTH208 - counts at start-up
            except OSError:
                continue
            versions = sorted(int(name) for name in names if name.isdecimal())
            if versions:
                found[pack] = versions
        return found


def _opened(installed: InstalledPack) -> Pack:
    from content.pack import Pack

    manifest = installed.manifest
    return Pack.open(installed.folder).of(manifest.pack, manifest.version)


def _task_titles(pack: Pack) -> Dict[Tuple[str, str], Text]:
    return {
        (entry.id, task.id): task.title
        for entry in pack.lessons
        for task in pack.lesson(entry.id).tasks
    }


def _ready_videos(pack: Pack) -> List[str]:
    ready = []
    for entry in pack.lessons:
        video = pack.lesson(entry.id).video if entry.has_video else None
        if video is not None and video.here():
            ready.append(entry.id)
    return ready
