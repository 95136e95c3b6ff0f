"""What takes room on this laptop: each pack, each person, and the rest."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterable, List, Mapping, Set, Tuple

from client.laptop.attaching.attachments import FOLDER, OPENED
from client.laptop.packs.lessons import Text
from client.laptop.packs.library import PACKS_FOLDER, Library
from client.laptop.people.leavers import Leaver, files_by_person, leavers
from client.laptop.storage.database import NAME
from client.laptop.store import Store

_PARTS = ".parts"
_ROWS = (
    "SELECT person, sum(size) FROM ("
    "SELECT person, length(CAST(body AS BLOB)) AS size FROM sync_journal"
    " UNION ALL SELECT person, length(CAST(body AS BLOB)) FROM sync_inbox"
    " UNION ALL SELECT person, length(CAST(body AS BLOB)) FROM sync_inbox_branch"
    " UNION ALL SELECT person, length(CAST(answers AS BLOB)) FROM drafts) GROUP BY person"
)


@dataclass(frozen=True)
class PersonSpace:
    """What is a person's own: work, drafts and marks, and attached files.

    ``leaves_ms`` is when the data of somebody who left may go; 0: they did not leave.
    """

    id: str
    name: str
    records_bytes: int
    files_bytes: int
    leaves_ms: int = 0

    @property
    def size_bytes(self) -> int:
        """All of it."""
        return self.records_bytes + self.files_bytes


@dataclass(frozen=True)
class PackSpace:
    """A pack: its texts, tasks and pictures, its media, and versions that are no longer shown."""

    pack: str
    title: Text
    version: int
    texts_bytes: int
    media_bytes: int
    older_bytes: int

    @property
    def size_bytes(self) -> int:
        """All of it."""
        return self.texts_bytes + self.media_bytes + self.older_bytes


@dataclass(frozen=True)
class Space:
    """All of it, the largest first.

    ``database_bytes`` holds people's records as well; ``files_bytes`` are attached files of all;
    ``coming_bytes`` is what was fetched of packs so far; ``damaged_bytes`` are databases put aside.
    """

    packs: Tuple[PackSpace, ...]
    people: Tuple[PersonSpace, ...]
    database_bytes: int
    files_bytes: int
    coming_bytes: int
    damaged_bytes: int
    total_bytes: int
    free_bytes: int


def measure(store: Store, library: Library) -> Space:
    """Measure the laptop's folder; reads sizes of files, and no contents of packs."""
    folder = store.folder
    packs_folder = folder / PACKS_FOLDER
    shown = sorted(library.current().items())
    packs = [_pack(packs_folder, pack, version, library) for pack, version in shown]
    damaged = _size_of(folder.glob(NAME + ".damaged-*"))
    return Space(
        packs=tuple(sorted(packs, key=lambda one: -one.size_bytes)),
        people=tuple(sorted(_people(store), key=lambda one: -one.size_bytes)),
        database_bytes=_size_of(folder / (NAME + side) for side in ("", "-wal", "-shm")),
        files_bytes=_tree(folder / FOLDER) + _tree(folder / OPENED),
        coming_bytes=_tree(packs_folder / _PARTS),
        damaged_bytes=damaged,
        total_bytes=_tree(folder),
        free_bytes=shutil.disk_usage(str(folder)).free,
    )


def _pack(packs: Path, pack: str, version: int, library: Library) -> PackSpace:
    installed = library.installation().find(pack, version)
    whole = _tree(packs / pack / str(version))
    films = installed.manifest.media if installed is not None else ()
    media = _size_of(packs / pack / str(version) / one.path for one in films)
    title: Text = next((one.pack_title for one in library.cards() if one.pack == pack), {})
    older = _tree(packs / pack) - whole
    return PackSpace(pack, title, version, whole - media, media, older)


def _people(store: Store) -> List[PersonSpace]:
    rows = store.database.connection.execute(_ROWS).fetchall()
    records: Mapping[str, int] = {person: int(size or 0) for person, size in rows}
    files = files_by_person(store)
    left: Dict[str, Leaver] = {one.person: one for one in leavers(store)}
    return [
        PersonSpace(
            one.id,
            one.name,
            records.get(one.id, 0),
            _files(store, files.get(one.id, set())),
            left[one.id].due_ms if one.id in left else 0,
        )
        for one in store.people()
    ]


def _files(store: Store, names: Set[str]) -> int:
    return _size_of(store.folder / FOLDER / name for name in names)


def _size_of(paths: Iterable[Path]) -> int:
    size_bytes = 0
    for path in paths:
        with contextlib.suppress(OSError):
            size_bytes += path.stat().st_size
    return size_bytes


def _tree(folder: Path) -> int:
    """Add up what lies below a folder. A file under two names (versions share some) counts once."""
    size_bytes, seen = 0, set()
    for place, _, names in os.walk(str(folder)):
        for name in names:
            with contextlib.suppress(OSError):
                status = (Path(place) / name).lstat()
                mark = (status.st_dev, status.st_ino)
                if status.st_nlink < 2 or mark not in seen:
                    seen.add(mark)
                    size_bytes += status.st_size
    return size_bytes
