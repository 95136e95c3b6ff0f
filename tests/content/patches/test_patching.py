from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Dict, List, Optional, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.errors import ContentError, DamagedError
from content.installation import Installation, Staging
from content.installed import InstalledPack
from content.patches.maker import Version
from content.patches.patch import MediaPatch, StoredObject
from content.patches.patching import (
    MEDIA_PATCHES_FILE,
    PendingPatch,
    note_pending,
    pending_patches,
    stage_patch,
)
from tests.support.examples import examples
from tests.support.patch_trees import (
    Tree,
    disk_bytes,
    histories,
    install,
    media_entry,
    noise,
    opened,
    patch_between,
    tree_of,
    version_of,
)
from tests.support.power import Power, PowerCut, every_step

NOTES_BYTES = 6_000
"""Manifest and hashes of a version as small as these: the 64 MiB are for larger ones."""
BEFORE: Tree = {
    "pack.json": b'{"version":1}',
    "lessons/a/text.kk.md": noise(1, 9_000),
    "lessons/a/p.png": noise(2, 9_000),
    "lessons/b/p.png": noise(3, 9_000),
}
AFTER: Tree = {
    "pack.json": b'{"version":2}',
    "lessons/a/text.kk.md": noise(1, 9_000) + b"!",
    "lessons/c/p.png": noise(2, 9_000),
    "lessons/b/p.png": noise(3, 9_000),
}
OLD, NEW = version_of(BEFORE, 1), version_of(AFTER, 2)
PATCH = patch_between(OLD, NEW)
OBJECTS = (StoredObject("ab" * 32, 99),)
BY_HASH = {hashlib.sha256(content).hexdigest(): content for content in BEFORE.values()}


def stage(folder: Path, old: InstalledPack, patch: bytes = PATCH, **options: object) -> Staging:
    return stage_patch(patch, old, Installation(folder), opened, **options)  # type: ignore[arg-type]


def test_the_new_version_is_whole_and_the_old_one_untouched(tmp_path: Path) -> None:
    old = install(tmp_path, OLD, BEFORE)
    staging = stage(tmp_path, old)
    assert Installation(tmp_path).newest("patched") == old
    new = staging.finish()
    assert (tree_of(new), new.problems()) == (AFTER, ())
    assert (tree_of(old), old.problems()) == (BEFORE, ())
    assert new.core_hashes() == NEW.hashes
    assert (new.folder / ".keruen" / "manifest").is_file()


@pytest.mark.skipif(os.name == "nt", reason="counts names by inode")
def test_what_did_not_change_is_not_copied(tmp_path: Path) -> None:
    old = install(tmp_path, OLD, BEFORE)
    new = stage(tmp_path, old).finish()
    for path, origin in (("lessons/c/p.png", "lessons/a/p.png"), ("lessons/b/p.png",) * 2):
        assert (new.folder / path).stat().st_ino == (old.folder / origin).stat().st_ino
    assert not (new.folder / "pack.json").samefile(old.folder / "pack.json")


def test_a_disk_without_links_gets_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    new = stage(tmp_path, install(tmp_path, OLD, BEFORE)).finish()
    assert (tree_of(new), new.problems()) == (AFTER, ())


def test_the_core_fetched_after_a_patch_that_failed_leaves_the_old_files(tmp_path: Path) -> None:
    """A staged link is the old version's very file: writing must not go through it."""
    old = install(tmp_path, OLD, BEFORE)
    stage(tmp_path, old)
    assert tree_of(install(tmp_path, NEW, AFTER)) == AFTER
    assert tree_of(old) == BEFORE


@pytest.mark.parametrize("path", sorted(BEFORE))
@pytest.mark.parametrize("harm", ["changed", "missing", "longer", "folder"])
def test_a_lost_file_costs_that_file_only(tmp_path: Path, path: str, harm: str) -> None:
    old = install(tmp_path, OLD, BEFORE)
    place = old.folder / path
    content = place.read_bytes()
    place.unlink()
    if harm == "folder":
        place.mkdir()
    elif harm != "missing":
        place.write_bytes(content + b"x" if harm == "longer" else content[:-1] + b"?")
    asked: List[str] = []

    def mend(sha256: str, size_bytes: int) -> bytes:
        asked.append(sha256)
        assert len(BY_HASH[sha256]) == size_bytes
        return BY_HASH[sha256]

    new = stage(tmp_path, old, mend=mend).finish()
    assert (tree_of(new), new.problems()) == (AFTER, ())
    assert set(asked) == {hashlib.sha256(content).hexdigest()}


def test_a_lost_file_that_nobody_brings(tmp_path: Path) -> None:
    old = install(tmp_path, OLD, BEFORE)
    (old.folder / "lessons/b/p.png").write_bytes(b"?")
    for mend in (None, lambda sha256, size_bytes: b"another"):
        with pytest.raises(DamagedError):
            stage(tmp_path, old, mend=mend)
        assert Installation(tmp_path).installed() == [old]
        assert not any((tmp_path / ".staging").iterdir())


def test_without_known_hashes_the_root_tells(tmp_path: Path) -> None:
    old = install(tmp_path, OLD, BEFORE)
    (old.folder / ".keruen" / "hashes").unlink()
    assert stage(tmp_path, old).finish().problems() == ()
    shutil.rmtree(tmp_path / "patched" / "2")
    (old.folder / "lessons/b/p.png").write_bytes(noise(4, 9_000))
    with pytest.raises(DamagedError, match="differ from what"):
        stage(tmp_path, old)


@given(histories(), st.data())
@settings(max_examples=examples(60), deadline=None)
def test_chains_with_cuts_and_harm_are_exactly_new_or_exactly_old(
    trees: Sequence[Tree], data: st.DataObject
) -> None:
    versions = [version_of(tree, number) for number, tree in enumerate(trees, 1)]
    known = {hashlib.sha256(one).hexdigest(): one for tree in trees for one in tree.values()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        current, at = install(folder, versions[0], trees[0]), 0
        while at < len(trees) - 1:
            target = data.draw(st.integers(at + 1, len(trees) - 1), label="versions skipped")
            patch = patch_between(versions[at], versions[target])
            if data.draw(st.booleans(), label="harmed"):
                _harm(data, current, trees[at])
            most = _room(folder, trees[at], trees[target])
            steps = data.draw(st.one_of(st.none(), st.integers(0, 40)), label="cut")
            new = _apply(folder, current, patch, steps, known, most)
            for found in Installation(folder).installed():
                if found.manifest.version == target + 1:
                    assert tree_of(found) == trees[target]
            if new is None:
                new = _apply(folder, current, patch, None, known, most)
            assert new is not None
            assert (tree_of(new), new.problems()) == (trees[target], ())
            Installation(folder).remove("patched", current.manifest.version)
            Installation(folder).tidy("patched", new.manifest.version)
            current, at = new, target


def _room(folder: Path, old: Tree, new: Tree) -> int:
    """What may be taken: what is there, what is new, and one file that may have been mended.

    A mended file is written for each name that it has in the new version.
    """
    contents = list(new.values())
    news = [content for content in contents if content not in old.values()]
    mended_bytes = max(len(one) * max(1, contents.count(one)) for one in old.values())
    return disk_bytes(folder) + sum(map(len, news)) + mended_bytes + NOTES_BYTES


def _apply(
    folder: Path,
    old: InstalledPack,
    patch: bytes,
    steps: Optional[int],
    known: Dict[str, bytes],
    most_bytes: int,
) -> Optional[InstalledPack]:
    def measure() -> None:
        assert disk_bytes(folder) <= most_bytes

    with pytest.MonkeyPatch.context() as power:
        if steps is not None:
            Power(power, steps)
        every_step(power, measure)
        try:
            staging = stage(folder, old, patch, mend=lambda sha256, size_bytes: known[sha256])
            return staging.finish()
        except PowerCut:
            return None


def _harm(data: st.DataObject, pack: InstalledPack, tree: Tree) -> None:
    place = pack.folder / data.draw(st.sampled_from(sorted(tree)), label="file")
    content = place.read_bytes()
    place.unlink()
    cut = data.draw(st.integers(0, len(content)), label="torn at")
    if data.draw(st.booleans(), label="torn or flipped"):
        place.write_bytes(content[:cut])
    else:
        place.write_bytes(content[:cut] + b"\xff" + content[cut + 1 :])


def test_a_power_cut_at_every_step(tmp_path: Path) -> None:
    for steps in range(200):
        folder = tmp_path / str(steps)
        old = install(folder, OLD, BEFORE)
        most = _room(folder, BEFORE, AFTER)
        new = _apply(folder, old, PATCH, steps, BY_HASH, most)
        for found in Installation(folder).installed():
            assert tree_of(found) == (BEFORE if found.manifest.version == 1 else AFTER)
        again = new or _apply(folder, old, PATCH, None, BY_HASH, most)
        assert again is not None
        assert (tree_of(again), again.problems()) == (AFTER, ())
        if new is not None:
            assert steps > 5
            return
    pytest.fail("the patch was never applied")


@given(st.integers(0, 100_000), st.integers(1, 255))
@settings(deadline=None)
def test_a_flipped_bit_in_the_patch_shows_nothing(at: int, bits: int) -> None:
    bad = bytearray(PATCH)
    bad[at % len(bad)] ^= bits
    with tempfile.TemporaryDirectory() as name:
        old = install(Path(name), OLD, BEFORE)
        with pytest.raises(ContentError):
            stage(Path(name), old, bytes(bad))
        assert Installation(Path(name)).installed() == [old]
        assert tree_of(old) == BEFORE


def test_media_patches_are_noted_for_later(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).write_bytes(noise(5, 300) + name.encode())
    before = version_of(BEFORE, 1, [media_entry("v.mp4", tmp_path / "old")])
    after = version_of(AFTER, 2, [media_entry("v.mp4", tmp_path / "new")])
    patch = patch_between(before, after, [MediaPatch(0, 0, OBJECTS)])
    old = install(tmp_path / "packs", before, BEFORE)
    new = stage(tmp_path / "packs", old, patch).finish()
    made = after.manifest.media[0].sha256
    expected = PendingPatch(made, before.manifest.media[0].sha256, OBJECTS)
    assert pending_patches(new.folder) == {made: expected}


@pytest.mark.parametrize("note", [b"", b"{}", b"[1]", b"[{}]", b"[" * 5000, b'[{"size_bytes":-1}]'])
def test_an_unreadable_note_is_no_note(tmp_path: Path, note: bytes) -> None:
    note_pending(tmp_path, {})
    assert pending_patches(tmp_path) == {}
    (tmp_path / MEDIA_PATCHES_FILE).write_bytes(note)
    assert pending_patches(tmp_path) == {}


def test_versions_are_chained_in_staging(tmp_path: Path) -> None:
    last: Tree = {**AFTER, "pack.json": b'{"version":3}', "lessons/a/p.png": noise(7, 500)}
    third: Version = version_of(last, 3)
    old = install(tmp_path, OLD, BEFORE)
    between = stage(tmp_path, old)
    view = InstalledPack(between.folder, between.manifest)
    new = stage(tmp_path, view, patch_between(NEW, third)).finish()
    assert (tree_of(new), new.problems()) == (last, ())
    assert [one.manifest.version for one in Installation(tmp_path).installed()] == [1, 3]
    Installation(tmp_path).tidy("patched", 3)
    assert not any((tmp_path / ".staging").iterdir())
