"""Publishing: a publisher's repository becomes what laptops fetch from here.

Every byte is verified before anything is written, objects once more while they are copied. The
catalogue goes last, so that what it lists is always there; a running server needs no word of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import List, Mapping, Optional, Sequence, Tuple

from content.building.copying import copy_packs
from content.catalogue import Catalogue
from content.errors import ContentError, MissingError
from content.manifest import Manifest
from content.reader import read_catalogue, read_listed_manifest
from content.repositories.repository import CATALOGUE, Repository, open_repository
from content.repositories.verification import verify_repository
from content.trust.keys import PublicKey
from sync_server.disk.levels import lacking_bytes, looking_at
from sync_server.errors import OlderCatalogueError, PublishError, UnknownPublisherError
from sync_server.lessons.trusting import BY_CERTIFICATE, Certified, Trusting, certified
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
    store: Store,
    repositories: Path,
    folder: Path,
    trust: Optional[str] = None,
    school: str = "",
) -> Published:
    """Bring a repository's newest packs here. Doing it again changes nothing.

    Args:
        store: Knows whom to trust.
        repositories: Where published repositories lie, a folder per publisher.
        folder: The repository.
        trust: The id of a key; its holder may publish here from now on.
        school: This server's id, to which certificates may be limited.

    Raises:
        UnknownPublisherError: nobody said that its publisher may publish here.
        OlderCatalogueError: it was published before in a newer state.
        PublishError: a file is missing, damaged or not the publisher's; what was published
            before is still there as it was.
    """
    try:
        source = open_repository(folder)
        key = source.publisher_key()
        target = Repository(repositories / key.key_id)
        # Read once: what lies on a stick may change while we look.
        envelope = source.catalogue_bytes()
        if trust is None and not _known(store, key):
            trusting = Trusting(repositories.parent)
            found = certified(trusting, folder, envelope, school)
            if found is not None:
                _accept(store, source, trusting, found)
                return _publish(store, target, source, key, envelope, BY_CERTIFICATE)
        _check_trust(store, key, trust, folder)
        return _publish(store, target, source, key, envelope, key.raw)
    except ContentError as error:
        raise PublishError(str(error)) from error


def _check_trust(store: Store, key: PublicKey, trust: Optional[str], folder: Path) -> None:
    if trust not in (None, key.key_id):
        raise PublishError(f"{folder} is by publisher {key.key_id}, not by {trust}.")
    if trust is None and not _known(store, key):
        raise UnknownPublisherError(
            f"{folder} is by publisher {key.key_id}, whom this server does not know. If that is "
            "the id that they told you, run: keruen-server publish --data DATA "
            f"{folder} --trust {key.key_id}",
            key.key_id,
        )


def _known(store: Store, key: PublicKey) -> bool:
    with store.transaction() as transaction:
        publishers = transaction.publishers()
    return any(one.key_id == key.key_id and one.public_key == key.raw for one in publishers)


def _accept(store: Store, source: Repository, trusting: Trusting, found: Certified) -> None:
    """Check that a chain of certificates covers every pack, and keep it for laptops."""
    for entry in found.verified.entries:
        found.verified.read_manifest(source.manifest_bytes(entry.pack, entry.version), entry)
    with store.transaction() as transaction:
        # Before the catalogue that needs it: a laptop may ask at any time.
        trusting.keep(transaction, found.verified.state, found.files)


def _publish(
    store: Store,
    target: Repository,
    source: Repository,
    key: PublicKey,
    envelope: bytes,
    told: bytes,
) -> Published:
    """Publish what this catalogue lists; ``told`` is the key that laptops are told of."""
    trusted = {key.key_id: key.raw}
    problems = verify_repository(source, trusted)
    if problems:
        more = f" ({len(problems) - 1} more files are wrong.)" if problems[1:] else ""
        raise PublishError(f"{problems[0].text}{more} Nothing was published.")
    catalogue = read_catalogue(envelope, trusted, place=str(source.folder / CATALOGUE))
    with store.transaction() as transaction:
        _check_serial(_serial(transaction, key, target), catalogue, envelope, target)
    manifests = _read_manifests(catalogue, source, trusted)
    _check_room(target, [manifest for manifest, _ in manifests])
    copied = copy_packs(catalogue, source, target, trusted)
    with store.transaction() as transaction:
        # Somebody may have published a newer one while the objects were copied.
        _check_serial(_serial(transaction, key, target), catalogue, envelope, target)
        target.write_publisher(key)
        target.write_catalogue(envelope)
        transaction.trust_publisher(key.key_id, told)
        transaction.set_catalogue_serial(key.key_id, catalogue.serial)
    target.clear_staging()
    packs = tuple((manifest.pack, manifest.version) for manifest, _ in manifests)
    return Published(key.key_id, catalogue.serial, packs, len(copied), sum(copied))


def _serial(transaction: Transaction, key: PublicKey, target: Repository) -> int:
    """The number published last, also by a key that was let go and is trusted again."""
    serials = {publisher.key_id: publisher.serial for publisher in transaction.publishers()}
    if key.key_id in serials:
        return serials[key.key_id]
    try:
        return target.catalogue({key.key_id: key.raw}).serial
    except ContentError:
        return 0


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


def _check_room(target: Repository, manifests: Sequence[Manifest]) -> None:
    """See that pupils' work still has room when everything is copied."""
    cores = {one.core.object: one.core.size_bytes for one in manifests}
    media = {entry.sha256: entry.size_bytes for one in manifests for entry in one.media}
    files = {**cores, **media}
    missing_bytes = sum(size for name, size in files.items() if not target.has_object(name, size))
    usage = looking_at(target.folder.parent)()
    lacking = lacking_bytes(usage, missing_bytes) if missing_bytes else 0
    if lacking:
        raise PublishError(
            f"The disk lacks {-(-lacking >> 20)} MB for these packs, beside what is kept free for "
            "pupils' work: free some room, or publish fewer packs. Nothing was published."
        )


def _read_manifests(
    catalogue: Catalogue, source: Repository, trusted: Mapping[str, bytes]
) -> List[Tuple[Manifest, bytes]]:
    manifests = []
    for entry in catalogue.packs:
        data = source.manifest_bytes(entry.pack, entry.version)
        manifests.append((read_listed_manifest(data, entry, trusted), data))
    return manifests
