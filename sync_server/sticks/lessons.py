"""Lessons on a stick: the packs that it shall carry, as they are published here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Dict, List, Mapping, Tuple

from content.carrying import plan_from_repository, superfluous
from content.carrying.shelf import publishers as publishers_on
from content.errors import ContentError
from content.repositories.repository import Repository
from content.trust.files import TrustFile
from content.trust.folder import TrustFolder
from sync.sticks.choice import Choice, read_choice
from sync.sticks.laying import lay
from sync.sticks.shelf import Shelf
from sync.sticks.volume import Volume
from sync_server.data_folder import DataFolder
from sync_server.store.protocol import Store

ALL = "all"


@dataclass(frozen=True)
class Lessons:
    """What was done: files and bytes written, files removed.

    ``packs`` are (publisher, pack, version) that are on the stick now as they are here.
    ``problems`` say by pack, publisher or path what could not be laid down, in a sentence.
    """

    packs: Tuple[Tuple[str, str, int], ...] = ()
    files: int = 0
    written_bytes: int = 0
    removed: int = 0
    problems: Mapping[str, str] = field(default_factory=dict)


def whole_choice(folder: DataFolder, store: Store, how_much: str = ALL) -> Choice:
    """Return the choice of every pack that is published here.

    Raises:
        ContentError: what is published cannot be read.
    """
    packs: Dict[str, str] = {}
    for key_id in _published(store):
        repository = Repository(folder.repositories / key_id)
        catalogue = repository.catalogue(repository.trusted_keys(key_id))
        packs.update((f"{key_id}/{entry.pack}", how_much) for entry in catalogue.packs)
    return Choice(packs)


def lay_lessons(
    folder: DataFolder,
    store: Store,
    volume: Volume,
    heard: Callable[[int, int], None],
    cancel: Callable[[], bool],
) -> Lessons:
    """Bring the packs that a stick shall carry up to date. What other publishers wrote stays.

    Raises:
        StickError: the stick cannot be written; the next visit goes on.
        CancelledError: ``cancel`` said so.
    """
    choice = read_choice(volume)
    if choice is None:
        return Lessons()
    trust = _trust_files(folder)
    shelf = Shelf(volume)
    there = publishers_on(shelf)
    done = _Done()
    for key_id in _published(store):
        wanted = _of_publisher(choice, key_id)
        if not wanted and key_id not in there:
            continue
        try:
            repository = Repository(folder.repositories / key_id)
            trusted = repository.trusted_keys(key_id)
            plan = plan_from_repository(repository, trusted, wanted, trust, shelf)
        except ContentError as error:
            done.problems[key_id] = str(error)
            continue
        done.problems.update((pack, str(error)) for pack, error in plan.problems.items())
        filled = lay(
            volume,
            plan.files,
            superfluous(shelf, plan),
            heard=heard,
            cancel=cancel,
            source_errors=(ContentError, OSError),
        )
        done.files += filled.files
        done.written_bytes += filled.written_bytes
        done.removed += filled.removed
        done.problems.update((path, str(error)) for path, error in filled.problems.items())
        if not filled.problems:
            done.packs += [(key_id, one.pack, one.version) for one in plan.packs]
    return Lessons(
        tuple(done.packs), done.files, done.written_bytes, done.removed, dict(done.problems)
    )


@dataclass
class _Done:
    packs: List[Tuple[str, str, int]] = field(default_factory=list)
    files: int = 0
    written_bytes: int = 0
    removed: int = 0
    problems: Dict[str, str] = field(default_factory=dict)


def _published(store: Store) -> Tuple[str, ...]:
    """The publishers whose catalogues are in place here; rows of trust have other names."""
    with store.transaction() as transaction:
        rows = transaction.publishers()
    return tuple(row.key_id for row in rows if row.serial and "-" not in row.key_id)


def _of_publisher(choice: Choice, key_id: str) -> Dict[str, str]:
    pairs = ((name.partition("/"), how_much) for name, how_much in choice.packs.items())
    return {pack: how_much for (publisher, _, pack), how_much in pairs if publisher == key_id}


def _trust_files(folder: DataFolder) -> Tuple[Tuple[TrustFile, bytes], ...]:
    files = TrustFolder(folder.root)
    return tuple((file, files.read(file)) for file in files.files())
