from __future__ import annotations

import dataclasses
import hashlib

import pytest

from content import catalogue as catalogues
from content import manifest as manifests
from content.catalogue import Catalogue, CatalogueEntry
from content.errors import (
    ContentError,
    DamagedError,
    MismatchError,
    RollbackError,
    UntrustedKeyError,
)
from content.manifest import Manifest
from content.reader import read_catalogue, read_listed_manifest, read_manifest
from content.trust.envelope import sign
from tests.content.test_manifest import MANIFEST as SHAPE
from tests.support.packs import KEY, OTHER_KEY, TRUSTED

BOTH = {**TRUSTED, OTHER_KEY.public.key_id: OTHER_KEY.public.raw}
MANIFEST = dataclasses.replace(SHAPE, publisher=KEY.public.key_id)


def signed(manifest: Manifest) -> bytes:
    return sign(manifest.to_bytes(), manifests.PAYLOAD_TYPE, [KEY])


def entry_for(data: bytes, version: int = 3) -> CatalogueEntry:
    digest = hashlib.sha256(data).hexdigest()
    return CatalogueEntry("equations", version, digest, len(data), {"kk": "т"})


def catalogue(serial: int, publisher: str = KEY.public.key_id) -> bytes:
    payload = Catalogue(publisher, serial).to_bytes()
    return sign(payload, catalogues.PAYLOAD_TYPE, [KEY])


def test_a_catalogue_never_goes_back() -> None:
    assert read_catalogue(catalogue(5), TRUSTED, 5).serial == 5
    with pytest.raises(RollbackError, match="number 4, older than number 5"):
        read_catalogue(catalogue(4), TRUSTED, 5)


def test_a_publisher_signs_for_itself_only() -> None:
    with pytest.raises(MismatchError, match="did not sign"):
        read_catalogue(catalogue(1, OTHER_KEY.public.key_id), BOTH)
    foreign = dataclasses.replace(MANIFEST, publisher=OTHER_KEY.public.key_id)
    with pytest.raises(MismatchError, match="did not sign"):
        read_manifest(signed(foreign), BOTH)


def test_a_manifest_is_no_catalogue() -> None:
    with pytest.raises(ContentError, match="was expected"):
        read_catalogue(signed(MANIFEST), TRUSTED)


def test_the_listed_manifest_and_no_other() -> None:
    good = signed(MANIFEST)
    assert read_listed_manifest(good, entry_for(good), TRUSTED) == MANIFEST
    with pytest.raises(MismatchError, match="version 3"):
        read_listed_manifest(good, entry_for(good, version=4), TRUSTED)
    with pytest.raises(DamagedError, match="bytes"):
        read_listed_manifest(good + b" ", entry_for(good), TRUSTED)
    with pytest.raises(UntrustedKeyError):
        read_listed_manifest(good, entry_for(good), {})


def test_every_flipped_byte_of_a_manifest_is_refused_by_name() -> None:
    good = signed(MANIFEST)
    entry = entry_for(good)
    for at in range(len(good)):
        bad = bytearray(good)
        bad[at] ^= 1 + at % 255
        with pytest.raises(DamagedError, match="equations version 3"):
            read_listed_manifest(bytes(bad), entry, TRUSTED)


def test_every_flipped_byte_of_a_catalogue_is_refused_by_name() -> None:
    good = catalogue(5)
    for at in range(len(good)):
        bad = bytearray(good)
        bad[at] ^= 1 + at % 255
        with pytest.raises(ContentError, match=r"^The catalogue"):
            read_catalogue(bytes(bad), TRUSTED)
