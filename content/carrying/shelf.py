"""What lies on a stick, as far as it must be known to plan what is written there."""

from __future__ import annotations

import re
from typing import Optional, Protocol, Tuple

from content.manifest import KEY_ID

REPOSITORY = "repository"
_PART = re.compile(r"(.*)\.[0-9]{3}\Z")


class Shelf(Protocol):
    """A stick's folder of ours; paths are relative to it, joined by ``/``.

    `sync.sticks.volume.Volume` is one. Methods raise what the stick's own errors are.
    """

    def names(self, folder: str) -> Tuple[str, ...]:
        """Names of what is in a folder, none where there is no such folder."""
        ...

    def size_bytes(self, path: str) -> Optional[int]:
        """A file's size; None where it is missing."""
        ...

    def read(self, path: str, limit_bytes: int) -> Optional[bytes]:
        """A small file; None where it is missing."""
        ...


class EmptyShelf:
    """A stick on which nothing lies yet."""

    def names(self, folder: str) -> Tuple[str, ...]:
        """None."""
        del folder
        return ()

    def size_bytes(self, path: str) -> Optional[int]:
        """None."""
        del path
        return None

    def read(self, path: str, limit_bytes: int) -> Optional[bytes]:
        """None."""
        del path, limit_bytes
        return None


EMPTY = EmptyShelf()


def publisher_folder(publisher: str) -> str:
    """Where a publisher's files lie."""
    return f"{REPOSITORY}/{publisher}"


def object_path(publisher: str, sha256: str) -> str:
    """Where an object lies; one that is divided lies there in parts, ``.000`` and on."""
    return f"{publisher_folder(publisher)}/objects/{sha256[:2]}/{sha256}"


def core_path(publisher: str, root: str) -> str:
    """Where a core lies that was packed again, by its root."""
    return f"{publisher_folder(publisher)}/cores/{root}"


def manifest_path(publisher: str, pack: str, version: int) -> str:
    """Where a manifest lies."""
    return f"{publisher_folder(publisher)}/manifests/{pack}/{version}"


def patch_path(publisher: str, pack: str, old: int, new: int) -> str:
    """Where a patch lies."""
    return f"{publisher_folder(publisher)}/patches/{pack}/{old}-{new}"


def has_object(shelf: Shelf, path: str) -> bool:
    """Whether an object lies on a stick, whole or divided; its bytes are not read."""
    return shelf.size_bytes(path) is not None or shelf.size_bytes(f"{path}.000") is not None


def whole_of(path: str) -> str:
    """The path of the object that a file is a part of, or the path itself."""
    part = _PART.match(path)
    return part[1] if part and "/objects/" in path else path


def publishers(shelf: Shelf) -> Tuple[str, ...]:
    """The key ids of the publishers whose folders lie on a stick."""
    return tuple(name for name in sorted(shelf.names(REPOSITORY)) if KEY_ID.match(name))
