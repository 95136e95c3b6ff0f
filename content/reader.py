"""The verifying reader: bytes from any road go in, a verified thing or a typed error comes out.

It neither reads nor writes anything, so it serves a client, a server, a stick and a test alike.
"""

from __future__ import annotations

import hashlib
from typing import Mapping

from content import catalogue as catalogues
from content import manifest as manifests
from content.catalogue import Catalogue, CatalogueEntry
from content.errors import ContentError, DamagedError, MismatchError, RollbackError
from content.manifest import Manifest
from content.trust import envelope
from content.trust.errors import MixedVersionsError


def read_catalogue(
    data: bytes,
    trusted: Mapping[str, bytes],
    known_serial: int = 0,
    place: str = "The catalogue",
) -> Catalogue:
    """Open a catalogue's envelope, signed by the publisher whom it names.

    ``trusted`` maps key ids to public keys. Raises RollbackError when its serial is below
    ``known_serial``, the highest seen so far from this publisher.
    """
    verified = envelope.verify(data, catalogues.PAYLOAD_TYPE, trusted, place)
    catalogue = catalogues.parse_catalogue(verified.payload, place)
    if catalogue.publisher not in verified.key_ids:
        raise MismatchError(f"{place} names a publisher who did not sign it.")
    if catalogue.serial < known_serial:
        raise RollbackError(
            f"{place} is number {catalogue.serial}, older than number {known_serial} seen before."
        )
    return catalogue


def read_manifest(
    data: bytes, trusted: Mapping[str, bytes], place: str = "The manifest"
) -> Manifest:
    """Open a manifest's envelope, signed by the publisher whom it names."""
    verified = envelope.verify(data, manifests.PAYLOAD_TYPE, trusted, place)
    manifest = manifests.parse_manifest(verified.payload, place)
    if manifest.publisher not in verified.key_ids:
        raise MismatchError(f"{place} names a publisher who did not sign it.")
    return manifest


def read_listed_manifest(
    data: bytes, entry: CatalogueEntry, trusted: Mapping[str, bytes], place: str = ""
) -> Manifest:
    """Open the very manifest that a catalogue lists.

    Raises DamagedError for bytes that nobody signed, MixedVersionsError for a manifest that is
    genuine and not the one listed.
    """
    place = place or f"The manifest of {entry.pack} version {entry.version}"
    if len(data) == entry.manifest_size_bytes and _sha256(data) == entry.manifest_sha256:
        manifest = read_manifest(data, trusted, place)
        if (manifest.pack, manifest.version) != (entry.pack, entry.version):
            raise MixedVersionsError(f"{place} is for {manifest.pack} version {manifest.version}.")
        return manifest
    try:
        other = read_manifest(data, trusted, place)
    except ContentError as problem:
        raise DamagedError(
            f"{place}, {len(data)} bytes, differs from the {entry.manifest_size_bytes} bytes that "
            "the catalogue lists; fetch it again."
        ) from problem
    raise MixedVersionsError(
        f"{place} is genuine, but not the one that the catalogue lists: it is for {other.pack} "
        f"version {other.version}; fetch both again."
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
