"""A repository: a plain directory of catalogue, manifests and objects, for any web server."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Iterable, Iterator, List, Mapping, Optional, Tuple

from content.catalogue import Catalogue
from content.errors import DamagedError, FormatError, KeyFileError, MissingError
from content.fields import IDENTIFIER, SHA256_HEX
from content.manifest import Manifest
from content.patches.patch import MAX_PATCH_BYTES
from content.reader import read_catalogue, read_manifest
from content.storage import (
    Count,
    pieces_of,
    read_bounded,
    replace_durably,
    sha256_of_file,
    storage_errors,
    sync_folder,
)
from content.trust.envelope import MAX_ENVELOPE_BYTES
from content.trust.keys import PublicKey

CATALOGUE = "catalogue"
PUBLISHER = "publisher"
LOCK = ".staging/lock"
_MAX_KEY_TEXT_BYTES = 1024
_NUMBER = re.compile(r"[1-9][0-9]{0,9}\Z")
_PATCH_NAME = re.compile(r"([1-9][0-9]{0,9})-([1-9][0-9]{0,9})\Z")


class Repository:
    """One publisher's packs in a folder.

    Every write is whole or absent, whenever the machine stops; readers never need a lock.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._staging = folder / ".staging"

    def exists(self) -> bool:
        """Whether anything was ever published here."""
        return (self.folder / CATALOGUE).is_file()

    def publisher_key(self) -> PublicKey:
        """The key that the repository says is its publisher's: trust it only by its key id."""
        path = self.folder / PUBLISHER
        data = read_bounded(path, _MAX_KEY_TEXT_BYTES)
        text = data.decode("ascii", "replace").partition(" ")[2]
        key = PublicKey.from_text(text, str(path))
        if data != publisher_line(key):
            raise KeyFileError(f"{path} is damaged: the key id does not belong to the key.")
        return key

    def catalogue_bytes(self) -> bytes:
        """The catalogue's envelope, unverified."""
        return read_bounded(self.folder / CATALOGUE, MAX_ENVELOPE_BYTES)

    def catalogue(self, trusted: Mapping[str, bytes]) -> Catalogue:
        """The verified catalogue."""
        return read_catalogue(self.catalogue_bytes(), trusted, place=str(self.folder / CATALOGUE))

    def manifest_path(self, pack: str, version: int) -> Path:
        """Where the manifest of a version lies; raises FormatError for what is no pack's id."""
        if not IDENTIFIER.match(pack) or not 0 < version < 2**31:
            raise FormatError(f"{pack[:80]!r} version {version} is no version of a pack.")
        return self.folder / "manifests" / pack / str(version)

    def manifest_bytes(self, pack: str, version: int) -> bytes:
        """A manifest's envelope, unverified."""
        return read_bounded(self.manifest_path(pack, version), MAX_ENVELOPE_BYTES)

    def manifest(self, pack: str, version: int, trusted: Mapping[str, bytes]) -> Manifest:
        """The verified manifest of a version."""
        path = self.manifest_path(pack, version)
        manifest = read_manifest(self.manifest_bytes(pack, version), trusted, str(path))
        if (manifest.pack, manifest.version) != (pack, version):
            raise DamagedError(f"{path} is for {manifest.pack} version {manifest.version}.")
        return manifest

    def versions(self) -> Iterator[Tuple[str, int]]:
        """(pack, version) of every manifest file, sorted."""
        files = [path for path in self.folder.glob("manifests/*/*") if _NUMBER.match(path.name)]
        yield from sorted((path.parent.name, int(path.name)) for path in files)

    def listing_path(self, pack: str, version: int) -> Path:
        """Where the hashes of a version's small files lie, 32 bytes each."""
        return self.manifest_path(pack, version).parents[2] / "listings" / pack / str(version)

    def write_listing(self, pack: str, version: int, hashes: Iterable[bytes]) -> None:
        """Store the hashes of a version's small files, in the order of its manifest."""
        self._write(self.listing_path(pack, version), [b"".join(hashes)])

    def patch_path(self, pack: str, old: int, new: int) -> Path:
        """Where the patch between two versions lies."""
        folder = self.manifest_path(pack, old).parents[2] / "patches" / pack
        return folder / f"{old}-{new}"

    def write_patch(self, pack: str, old: int, new: int, data: bytes) -> None:
        """Store a patch; the manifests of both versions must be there already."""
        self._write(self.patch_path(pack, old, new), [data])

    def patch_bytes(self, pack: str, old: int, new: int) -> bytes:
        """A patch, unverified."""
        return read_bounded(self.patch_path(pack, old, new), MAX_PATCH_BYTES)

    def patch_size(self, pack: str, old: int, new: int) -> int:
        """A patch's size in bytes, 0 when it is not there."""
        with contextlib.suppress(OSError):
            return self.patch_path(pack, old, new).stat().st_size
        return 0

    def patches(self) -> Iterator[Tuple[str, int, int]]:
        """(pack, old version, new version) of every patch, sorted."""
        files = self.folder.glob("patches/*/*")
        named = [(path.parent.name, _PATCH_NAME.match(path.name)) for path in files]
        yield from sorted((pack, int(name[1]), int(name[2])) for pack, name in named if name)

    def staging_path(self, name: str) -> Path:
        """Where something that takes long may be put together; readers ignore it."""
        with storage_errors(self._staging):
            self._staging.mkdir(parents=True, exist_ok=True)
        return self._staging / name

    def object_path(self, sha256: str) -> Path:
        """Where an object lies; raises FormatError for what is no hash."""
        if not SHA256_HEX.match(sha256):
            raise FormatError(f"{sha256[:80]!r} is no SHA-256 in hex.")
        return self.folder / "objects" / sha256[:2] / sha256

    def has_object(self, sha256: str, size_bytes: int) -> bool:
        """Whether the object is there in full size."""
        with contextlib.suppress(OSError):
            return self.object_path(sha256).stat().st_size == size_bytes
        return False

    def read_object(self, sha256: str, limit_bytes: int) -> bytes:
        """A small object, unverified."""
        return read_bounded(self.object_path(sha256), limit_bytes)

    def write_object(self, sha256: str, parts: Iterable[bytes]) -> None:
        """Store an object."""
        self._write(self.object_path(sha256), parts)

    def copy_object(self, sha256: str, origin: Path, count: Optional[Count] = None) -> None:
        """Store the file ``origin`` as an object, in constant memory; ``count`` hears its bytes.

        Raises DamagedError when its content is not what ``sha256`` names: it changed underway.
        """
        incoming = self._staging / f"copy-{sha256}"
        with storage_errors(origin):
            replace_durably(incoming, pieces_of(origin, count), self._staging)
            if sha256_of_file(incoming) != sha256:
                incoming.unlink()
                raise DamagedError(f"{origin} changed while it was read; build again.")
            path = self.object_path(sha256)
            path.parent.mkdir(parents=True, exist_ok=True)
            incoming.replace(path)
            sync_folder(path.parent)

    def write_manifest(self, pack: str, version: int, envelope: bytes) -> None:
        """Store a manifest's envelope; its objects must be there already."""
        self._write(self.manifest_path(pack, version), [envelope])

    def write_catalogue(self, envelope: bytes) -> None:
        """Replace the catalogue: from now on readers see what it lists."""
        self._write(self.folder / CATALOGUE, [envelope])

    def write_publisher(self, key: PublicKey) -> None:
        """Say whose repository it is."""
        self._write(self.folder / PUBLISHER, [publisher_line(key)])

    def clear_staging(self) -> None:
        """Drop what a write that was cut short left behind; the lock belongs to its holder."""
        for path in self._staging.glob("*"):
            if path != self.folder / LOCK:
                with contextlib.suppress(OSError):
                    path.unlink()
        with contextlib.suppress(OSError):
            self._staging.rmdir()

    def object_names(self) -> List[str]:
        """The names of all objects, sorted."""
        return sorted(path.name for path in self.folder.glob("objects/*/*"))

    def trusted_keys(self, key_id: Optional[str] = None) -> Mapping[str, bytes]:
        """The publisher's key, as a map to verify with.

        Raises KeyFileError when it is not the one that ``key_id`` names.
        """
        key = self.publisher_key()
        if key_id is not None and key.key_id != key_id:
            raise KeyFileError(f"{self.folder} is published by {key.key_id}, not by {key_id}.")
        return {key.key_id: key.raw}

    def _write(self, path: Path, parts: Iterable[bytes]) -> None:
        with storage_errors(path):
            replace_durably(path, parts, self._staging)


def publisher_line(key: PublicKey) -> bytes:
    """What the file ``publisher`` holds."""
    return f"{key.key_id} {key.to_text()}\n".encode("ascii")


def open_repository(folder: Path) -> Repository:
    """The repository in ``folder``; raises MissingError when there is none."""
    repository = Repository(folder)
    if not repository.exists():
        raise MissingError(f"{folder} is no repository: it has no file called {CATALOGUE}.")
    return repository
