"""Frozen samples of every format version: later code must read them for ever. Never change them."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any, Dict

import pytest

from content.core import unpack_core
from content.installation import Installation
from content.pack import Pack
from content.patches.patched_media import apply_media_patch
from content.patches.patching import pending_patches, stage_patch
from content.reader import read_manifest
from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from content.scoring import score_task
from content.trust.keys import PublicKey

GOLDEN = Path(__file__).parents[1] / "golden" / "content"


@pytest.fixture(params=sorted(path.name for path in GOLDEN.glob("format-*")))
def sample(request: pytest.FixtureRequest) -> Path:
    return GOLDEN / str(request.param)


def test_there_is_a_sample_of_each_format() -> None:
    assert [path.name for path in sorted(GOLDEN.glob("format-*"))] == ["format-1"]


def test_the_sample_is_read_and_used(sample: Path, tmp_path: Path) -> None:
    expected: Dict[str, Any] = json.loads((sample / "expected.json").read_text("utf-8"))
    public = PublicKey.from_text(expected["public"])
    assert public.key_id == expected["key_id"]
    trusted = {public.key_id: public.raw}
    repository = Repository(sample / "repository")
    assert verify_repository(repository, trusted) == ()
    assert repository.catalogue(trusted).serial == expected["serial"]
    manifest = repository.manifest(expected["pack"], expected["version"], trusted)
    assert dict(manifest.title) == expected["title"]
    assert {
        entry.path: [
            entry.size_bytes, entry.sha256, entry.kind, entry.duration_s, len(entry.piece_sha256),
        ]
        for entry in manifest.media
    } == expected["media"]  # fmt: skip
    core = repository.object_path(manifest.core.object).read_bytes()
    files = unpack_core(core, manifest.core)
    assert {path: hashlib.sha256(data).hexdigest() for path, data in files.items()} == expected[
        "core"
    ]

    staging = Installation(tmp_path).begin(manifest)
    staging.put_core(core)
    installed = staging.finish()
    for entry in installed.missing_media:
        shutil.copy(repository.object_path(entry.sha256), installed.media_path(entry))
    assert installed.problems() == ()
    pack = Pack.open(installed.folder)
    lesson = pack.lesson(pack.lessons[0].id)
    task = pack.task(lesson.id, lesson.tasks[0].id)
    scored = expected["scored"]
    score = score_task(task, scored["answers"])
    assert (score.points, score.of, score.waiting) == (
        scored["points"],
        scored["of"],
        scored["waiting"],
    )


def test_there_is_a_sample_of_each_format_of_patches() -> None:
    assert [path.name for path in sorted(GOLDEN.glob("patches-*"))] == ["patches-1"]


@pytest.mark.parametrize("folder", sorted(GOLDEN.glob("patches-*")), ids=lambda path: path.name)
def test_a_version_is_patched_to_the_next_one(folder: Path, tmp_path: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    public = PublicKey.from_text(expected["public"])
    trusted = {public.key_id: public.raw}
    repository = Repository(folder / "repository")
    assert verify_repository(repository, trusted) == ()
    pack, old, new = expected["pack"], expected["old"], expected["new"]
    manifest = repository.manifest(pack, old, trusted)
    installation = Installation(tmp_path / folder.name)
    staging = installation.begin(manifest)
    staging.put_core(repository.object_path(manifest.core.object).read_bytes())
    installed = staging.finish()
    (video,) = manifest.media
    shutil.copy(repository.object_path(video.sha256), installed.media_path(video))
    patch = repository.patch_bytes(pack, old, new)
    patched = stage_patch(
        patch, installed, installation, lambda data: read_manifest(data, trusted)
    ).finish()
    (pending,) = pending_patches(patched.folder).values()
    apply_media_patch(
        [repository.object_path(stored.sha256) for stored in pending.objects],
        installed.media_path(video),
        patched.manifest.media[0],
        patched.media_path(patched.manifest.media[0]),
    )
    assert patched.problems() == ()
    assert {
        path: hashlib.sha256((patched.folder / path).read_bytes()).hexdigest()
        for path in expected["files"]
    } == expected["files"]
