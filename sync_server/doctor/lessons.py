"""What is published here, and the photos and recordings that people attached."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Iterator, List, Tuple

from content.errors import ContentError
from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from content.storage import sha256_of_file
from sync_server.attachments.uploads import AttachmentFiles
from sync_server.data_folder import DataFolder
from sync_server.doctor.finding import Finding, advice, ill, mended, well
from sync_server.store.protocol import Store

LESSONS, PHOTOS = "lessons", "photos"
_AGAIN = "publish the packs again, or let them come from the server above"


def look_at_lessons(folder: DataFolder, *, mend: bool, thorough: bool) -> Iterator[Finding]:
    """Look at every publisher's packs; ``thorough`` reads each byte."""
    places = [Repository(path) for path in sorted(folder.repositories.glob("*")) if path.is_dir()]
    found = [repository for repository in places if repository.exists()]
    for repository in found:
        yield from _of(repository, mend=mend, thorough=thorough)
    if not found:
        yield advice(LESSONS, "No lessons are published yet: keruen-server publish.")


def _of(repository: Repository, *, mend: bool, thorough: bool) -> Iterator[Finding]:
    name = repository.folder.name
    try:
        broken, missing, packs = _survey(repository)
    except ContentError as error:
        yield ill(LESSONS, f"{error} So laptops get nothing of {name}: {_AGAIN}.")
        return
    damaged = list(_damaged(repository)) if thorough else []
    if damaged and not mend:
        said = f"Of {name}, {_files(len(damaged))} went bad on the disk, such as {damaged[0].name}."
        yield ill(LESSONS, said, mendable=True)
        return
    for path in damaged:
        path.unlink()
    if damaged:
        said = f"{_files(len(damaged))} of {name} that went bad were removed: {_AGAIN}."
        yield mended(LESSONS, said)
    elif broken:
        yield ill(LESSONS, f"Of {name}, texts and tasks of {', '.join(broken)} are gone: {_AGAIN}.")
    elif missing:
        said = f"Of {name}, {_files(missing)} of media are not here (yet); texts and tasks all are."
        yield advice(LESSONS, said)
    else:
        yield well(LESSONS, f"{packs} packs of {name} are here.")


def _survey(repository: Repository) -> Tuple[List[str], int, int]:
    """Return packs whose texts are gone, how many media are not here, and how many packs are."""
    keys = repository.trusted_keys()
    catalogue = repository.catalogue(keys)
    broken: List[str] = []
    missing = 0
    for entry in catalogue.packs:
        try:
            manifest = repository.manifest(entry.pack, entry.version, keys)
        except ContentError:
            broken.append(entry.pack)
            continue
        if not repository.has_object(manifest.core.object, manifest.core.size_bytes):
            broken.append(entry.pack)
        missing += sum(
            not repository.has_object(one.sha256, one.size_bytes) for one in manifest.media
        )
    return broken, missing, len(catalogue.packs)


def _damaged(repository: Repository) -> Iterator[Path]:
    for problem in verify_repository(repository):
        path = repository.folder / problem.path
        if problem.path.startswith("objects/") and path.is_file():
            yield path


def look_at_photos(
    folder: DataFolder, store: Store, *, mend: bool, thorough: bool
) -> Iterator[Finding]:
    """Compare the files that are held with the disk; laptops send again what they still have."""
    files = AttachmentFiles(folder.attachments)
    lying = dict(files.names())
    with store.transaction() as transaction:
        held = {one.sha256: one.size_bytes for one in transaction.attachments()}
    lost = [name for name, size_bytes in held.items() if lying.get(name) != size_bytes]
    if thorough:
        lost += [name for name in held if name not in lost and _went_bad(files.path(name))]
    if not lost:
        yield well(PHOTOS, f"{_files(len(held))} that people attached are here.")
        return
    said = f"{_files(len(lost))} that people attached are missing or went bad"
    if not mend:
        yield ill(PHOTOS, f"{said}, such as {lost[0]}.", mendable=True)
        return
    for name in lost:
        files.path(name).unlink(missing_ok=True)
    with store.transaction() as transaction:
        for name in lost:
            transaction.forget_attachment(name)
    yield mended(PHOTOS, f"{said}: laptops are asked for them again.")


def _went_bad(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return sha256_of_file(path) != path.name
    return True


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
