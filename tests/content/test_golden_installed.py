"""A frozen laptop's folder of packs: later code must use it for ever. Never change it."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any, Dict

import pytest

from content.catalogue import PAYLOAD_TYPE, parse_catalogue
from content.installation import Installation
from content.pack import Pack
from content.patches.patching import pending_patches
from content.reader import read_manifest
from content.trust.envelope import unverified_payload
from content.trust.keys import PublicKey

GOLDEN = Path(__file__).parents[1] / "golden" / "content"


@pytest.fixture(params=sorted(path.name for path in GOLDEN.glob("installed-*")))
def sample(request: pytest.FixtureRequest) -> Path:
    return GOLDEN / str(request.param)


@pytest.fixture
def expected(sample: Path) -> Dict[str, Any]:
    return dict(json.loads((sample / "expected.json").read_text("utf-8")))


def test_there_is_a_sample_of_each_format() -> None:
    assert [path.name for path in sorted(GOLDEN.glob("installed-*"))] == ["installed-1"]


def test_an_earlier_laptops_packs_are_used(
    sample: Path, expected: Dict[str, Any], tmp_path: Path
) -> None:
    shutil.copytree(sample / "packs", tmp_path / "packs")
    installation = Installation(tmp_path / "packs")
    assert installation.damaged() == []
    found = installation.installed()
    assert [one.manifest.version for one in found] == expected["versions"]
    public = PublicKey.from_text(expected["public"])
    for one in found:
        assert one.problems() == ()
        assert one.core_hashes()
        pack = Pack.open(one.folder).of(expected["pack"], one.manifest.version)
        assert pack.task(pack.lessons[0].id, pack.lessons[0].task_ids[0]).items
        envelope = (one.folder / ".keruen" / "manifest").read_bytes()
        assert read_manifest(envelope, {public.key_id: public.raw}) == one.manifest
    older, newer = found
    (video,) = older.manifest.media
    assert older.has_whole_media(video)
    assert newer.missing_media == newer.manifest.media
    assert sorted(pending_patches(newer.folder)) == expected["pending"]
    assert {
        path: hashlib.sha256((installation.folder / path).read_bytes()).hexdigest()
        for path in expected["files"]
    } == expected["files"]


def test_the_catalogue_that_an_earlier_laptop_kept(sample: Path, expected: Dict[str, Any]) -> None:
    key_id = PublicKey.from_text(expected["public"]).key_id
    data = (sample / "packs" / ".catalogues" / key_id).read_bytes()
    entry = parse_catalogue(unverified_payload(data, PAYLOAD_TYPE)).entry(expected["pack"])
    assert entry is not None
    assert entry.version == max(expected["versions"])
