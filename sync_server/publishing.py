"""Publishing: a publisher's repository becomes what laptops fetch from here.

Every byte is verified before anything is written, objects once more while they are copied. The
catalogue goes last, so that what it lists is always there; a running server needs no word of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List, Mapping, Optional, Tuple

from content.catalogue import Catalogue
from content.errors import ContentError, MissingError
from content.keys import PublicKey
from content.manifest import Manifest
from content.reader import read_listed_manifest
from content.repository import Repository, open_repository
from content.verification import verify_repository
from sync_server.errors import OlderCatalogueError, PublishError, UnknownPublisherError
from sync_server.store.protocol import Store, Transaction


@dataclass(frozen=True)
class Published:
    """What a publication did; ``packs`` are (id, version)."""

    publisher: str
    serial: int
    packs: Tuple[Tuple[str, int], ...]
    copied_files: int
    copied_bytes: int


def publish(
    store: Store, repositories: Path, folder: Path, trust: Optional[str] = None
) -> Published:
    """Bring a repository's newest packs here. Doing it again changes nothing.

    Args:
        store: Knows whom to trust.
        repositories: Where published repositories lie, a folder per publisher.
        folder: The repository.
        trust: The id of a key; its holder may publish here from now on.

    Raises:
        UnknownPublisherError: nobody said that its publisher may publish here.
        OlderCatalogueError: it was published before in a newer state.
        PublishError: a file is missing, damaged or not the publisher's; what was published
            before is still there as it was.
    """
    try:
        source = open_repository(folder)
        key = source.publisher_key()
        _check_trust(store, key, trust, folder)
        return _publish(store, Repository(repositories / key.key_id), source, key)
    except ContentError as error:
        raise PublishError(str(error)) from error


def _check_trust(store: Store, key: PublicKey, trust: Optional[str], folder: Path) -> None:
    if trust not in (None, key.key_id):
        raise PublishError(f"{folder} is by publisher {key.key_id}, not by {trust}.")
    with store.transaction() as transaction:
        known = any(publisher.key_id == key.key_id for publisher in transaction.publishers())
    if not known and trust is None:
        raise UnknownPublisherError(
            f"{folder} is by publisher {key.key_id}, whom this server does not know. If that is "
            "the id that they told you, run: keruen-server publish --data DATA "
            f"{folder} --trust {key.key_id}",
            key.key_id,
        )


def _publish(store: Store, target: Repository, source: Repository, key: PublicKey) -> Published:
    trusted = {key.key_id: key.raw}
    problems = verify_repository(source, trusted)
    if problems:
        more = f" ({len(problems) - 1} more files are wrong.)" if problems[1:] else ""
        raise PublishError(f"{problems[0].text}{more} Nothing was published.")
    envelope = source.catalogue_bytes()
    catalogue = source.catalogue(trusted)
    with store.transaction() as transaction:
        _check_serial(_serial(transaction, key), catalogue, envelope, target)
    manifests = _read_manifests(catalogue, source, trusted)
    copied = _copy(manifests, source, target)
    with store.transaction() as transaction:
        # Somebody may have published a newer one while the objects were copied.
        _check_serial(_serial(transaction, key), catalogue, envelope, target)
        target.write_publisher(key)
        target.write_catalogue(envelope)
        transaction.trust_publisher(key.key_id, key.raw)
        transaction.set_catalogue_serial(key.key_id, catalogue.serial)
    target.clear_staging()
    packs = tuple((manifest.pack, manifest.version) for manifest, _ in manifests)
    return Published(key.key_id, catalogue.serial, packs, len(copied), sum(copied))


def _serial(transaction: Transaction, key: PublicKey) -> int:
    serials = {publisher.key_id: publisher.serial for publisher in transaction.publishers()}
    return serials.get(key.key_id, 0)


def _check_serial(
    known_serial: int, catalogue: Catalogue, envelope: bytes, target: Repository
) -> None:
    if catalogue.serial < known_serial:
        raise OlderCatalogueError(
            f"The catalogue is number {catalogue.serial}, but number {known_serial} of the same "
            "publisher is published here already: publish the newer repository."
        )
    if catalogue.serial == known_serial and _other_catalogue(target, envelope):
        raise OlderCatalogueError(
            f"Another catalogue with number {catalogue.serial} is published here already: build "
            "the packs in the repository that was published last."
        )


def _other_catalogue(target: Repository, envelope: bytes) -> bool:
    try:
        return target.catalogue_bytes() != envelope
    except MissingError:
        return False


def _read_manifests(
    catalogue: Catalogue, source: Repository, trusted: Mapping[str, bytes]
) -> List[Tuple[Manifest, bytes]]:
    manifests = []
    for entry in catalogue.packs:
        data = source.manifest_bytes(entry.pack, entry.version)
        manifests.append((read_listed_manifest(data, entry, trusted), data))
    return manifests


def _copy(
    manifests: List[Tuple[Manifest, bytes]], source: Repository, target: Repository
) -> List[int]:
    """Copy what is not there yet, manifests after their objects; return the sizes in bytes."""
    copied = []
    for manifest, data in manifests:
        for sha256, size_bytes in _objects(manifest):
            if not target.has_object(sha256, size_bytes):
                target.copy_object(sha256, source.object_path(sha256))
                copied.append(size_bytes)
        if not _has_manifest(target, manifest, data):
            target.write_manifest(manifest.pack, manifest.version, data)
            copied.append(len(data))
    return copied


def _objects(manifest: Manifest) -> Iterator[Tuple[str, int]]:
    yield manifest.core.object, manifest.core.size_bytes
    for entry in manifest.media:
        yield entry.sha256, entry.size_bytes


def _has_manifest(target: Repository, manifest: Manifest, data: bytes) -> bool:
    try:
        return target.manifest_bytes(manifest.pack, manifest.version) == data
    except MissingError:
        return False
