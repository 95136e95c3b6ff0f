"""Which of a publisher's signed files on a stick are what the publisher signed.

Objects prove themselves by their names; catalogues, manifests and cores packed again are proven
here, by the key that lies beside them and that the folder is named after. Whether that publisher is
to be trusted is another question.
"""

from __future__ import annotations

from typing import BinaryIO, Callable, Dict, Iterator, Mapping, Protocol, Tuple

from content import catalogue as catalogues
from content import manifest as manifests
from content.carrying.shelf import Shelf, core_path, manifest_path, publisher_folder
from content.core import iterate_repacked
from content.errors import ContentError, UnknownFormatError
from content.manifest import CoreEntry
from content.reader import read_catalogue, read_manifest
from content.repositories.repository import CATALOGUE, PUBLISHER, publisher_line
from content.trust.envelope import MAX_ENVELOPE_BYTES, unverified_payload
from content.trust.keys import PublicKey

_MAX_KEY_BYTES = 1024
IsWhole = Callable[[], bool]


class Readable(Shelf, Protocol):
    """A stick whose larger files can be read too."""

    def open(self, path: str) -> BinaryIO:
        """Open a file; raises what the stick's own errors are."""
        ...


def signed_files(shelf: Readable, publisher: str) -> Iterator[Tuple[str, IsWhole]]:
    """Name a publisher's signed files, each with what reads it and tells whether it is whole.

    Ask each before the next is taken: what is read is known to those after it. What is of a later
    format counts as whole.
    """
    return _Signed(shelf, publisher).files()


class _Signed:
    def __init__(self, shelf: Readable, publisher: str) -> None:
        self._shelf = shelf
        self._publisher = publisher
        self._folder = publisher_folder(publisher)
        self._keys: Mapping[str, bytes] = {}
        self._cores: Dict[str, CoreEntry] = {}

    def files(self) -> Iterator[Tuple[str, IsWhole]]:
        yield f"{self._folder}/{PUBLISHER}", lambda: _succeeds(self._key)
        yield f"{self._folder}/{CATALOGUE}", lambda: _succeeds(self._catalogue)
        for pack in self._shelf.names(f"{self._folder}/manifests"):
            for version in self._shelf.names(f"{self._folder}/manifests/{pack}"):
                if version.isascii() and version.isdecimal():
                    path = manifest_path(self._publisher, pack, int(version))
                    yield path, lambda: _succeeds(lambda: self._manifest(path))  # noqa: B023
        for root, entry in self._cores.items():
            path = core_path(self._publisher, root)
            yield path, lambda: _succeeds(lambda: self._core(path, entry))  # noqa: B023

    def _key(self) -> None:
        data = self._shelf.read(f"{self._folder}/{PUBLISHER}", _MAX_KEY_BYTES)
        if data is None:
            return
        key = PublicKey.from_text(data.decode("ascii", "replace").partition(" ")[2])
        if data != publisher_line(key) or key.key_id != self._publisher:
            raise ContentError("The key is another one's.")
        self._keys = {key.key_id: key.raw}

    def _catalogue(self) -> None:
        path = f"{self._folder}/{CATALOGUE}"
        data = self._shelf.read(path, MAX_ENVELOPE_BYTES)
        if data is not None and self._keys:
            read_catalogue(data, self._keys, place=path)
        elif data is not None:
            catalogues.parse_catalogue(unverified_payload(data, catalogues.PAYLOAD_TYPE, path))

    def _manifest(self, path: str) -> None:
        data = self._shelf.read(path, MAX_ENVELOPE_BYTES)
        if data is None:
            return
        if self._keys:
            manifest = read_manifest(data, self._keys, path)
        else:
            # Without the key nobody can tell; that it can be read is all there is.
            payload = unverified_payload(data, manifests.PAYLOAD_TYPE, path)
            manifest = manifests.parse_manifest(payload, path)
        if path != manifest_path(self._publisher, manifest.pack, manifest.version):
            raise ContentError(f"{path} is for {manifest.pack} version {manifest.version}.")
        self._cores[manifest.core.root] = manifest.core

    def _core(self, path: str, entry: CoreEntry) -> None:
        if self._shelf.size_bytes(path) is None:
            return
        with self._shelf.open(path) as packed:
            for _ in iterate_repacked(packed, entry, path):
                pass


def _succeeds(read: Callable[[], None]) -> bool:
    try:
        read()
    except UnknownFormatError:
        return True
    except ContentError:
        return False
    return True
