"""Whether codes open a sealed test as it is published here."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator, Sequence, Tuple

from content.canonical import from_json
from content.core import iterate_core
from content.errors import ContentError
from content.fields import Fields
from content.manifest import MAX_CORE_FILE_BYTES
from content.repositories.repository import Repository
from content.sealing.errors import WrongCodeError
from content.sealing.task import unlock
from content.variants.instance import task_key
from sync_server.errors import CodeError, PublishError, SetupError


def check_codes(
    repositories: Path, pack: str, lesson: str, task: str, codes: Sequence[str]
) -> bool:
    """Return whether the pack is published here, so that the codes could be tried.

    Raises:
        CodeError: one of the codes opens nothing of the task.
        SetupError: the pack has no such task.
        PublishError: what is published cannot be read.
    """
    path, name = f"lessons/{lesson}/tasks/{task}.json", task_key(pack, lesson, task)
    try:
        packs = [dict(files) for files in _published(repositories, pack, path)]
        found = [
            Fields(from_json(one[path], name, MAX_CORE_FILE_BYTES), name) for one in packs if one
        ]
        if packs and not found:
            raise SetupError(f"The pack {pack}, as it is published here, has no task {name}.")
        for code in codes if found else ():
            if not any(_opens(fields, name, code) for fields in found):
                raise CodeError(
                    f"{code} does not open {name} as it is published here: look at the card again."
                )
    except ContentError as error:
        raise PublishError(str(error)) from error
    return bool(found)


def _published(repositories: Path, pack: str, path: str) -> Iterator[Iterator[Tuple[str, bytes]]]:
    """Yield for each publisher who has the pack the one file, or nothing."""
    for folder in sorted(repositories.iterdir()):
        repository = Repository(folder)
        if not repository.exists():
            continue
        trusted = repository.trusted_keys()
        for entry in repository.catalogue(trusted).packs:
            if entry.pack == pack:
                core = repository.manifest(pack, entry.version, trusted).core
                packed = repository.read_object(core.object, core.size_bytes)
                yield (file for file in iterate_core(packed, core) if file[0] == path)


def _opens(fields: Fields, name: str, code: str) -> bool:
    try:
        unlock(fields, name, code)
    except WrongCodeError:
        return False
    return True
