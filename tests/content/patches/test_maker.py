from __future__ import annotations

from typing import Dict, Sequence

import pytest
from hypothesis import given

from content.patches import maker
from content.patches.maker import Version
from content.patches.patch import GROUP_BYTES, parse_patch
from content.patches.reader import PatchReader
from tests.support.patch_trees import (
    Tree,
    histories,
    noise,
    opened,
    patch_between,
    version_of,
)


def applied(data: bytes, old: Version) -> Tree:
    """What a reader makes of a patch."""
    reader = PatchReader(data, old.manifest, old.read, opened)
    files: Dict[int, bytes] = {}
    for place, content in reader.files():
        assert place not in files
        files[place] = old.read(content) if isinstance(content, int) else content
    return {file.path: files[place] for place, file in enumerate(reader.manifest.core.files)}


@given(histories())
def test_any_tree_from_any_other(trees: Sequence[Tree]) -> None:
    versions = [version_of(tree, number) for number, tree in enumerate(trees, 1)]
    for old in versions:
        for new, tree in zip(versions, trees):
            if old.manifest.version < new.manifest.version:
                assert applied(patch_between(old, new), old) == tree


def test_moving_renaming_and_swapping_cost_names_alone() -> None:
    tree = {f"lessons/{n}/p.png": noise(n, 30_000) for n in range(40)}
    old = version_of(tree, 1)
    empty = len(patch_between(old, version_of(tree, 2)))
    moved = {path.replace("lessons", "topics"): content for path, content in tree.items()}
    assert len(patch_between(old, version_of(moved, 2))) < empty + 40 * 6
    names = sorted(tree)
    # The new hashes of core and root are 64 bytes of it.
    swapped = {**tree, names[0]: tree[names[1]], names[1]: tree[names[0]]}
    assert len(patch_between(old, version_of(swapped, 2))) < empty + 120


def test_a_file_that_moved_and_changed_is_still_written_as_a_difference() -> None:
    content = noise(1, 100_000)
    old = version_of({"a.txt": content, "b.txt": b"b"}, 1)
    new = version_of({"c.txt": content[:50_000] + b"!" + content[50_000:], "b.txt": b"b"}, 2)
    assert len(patch_between(old, new)) < 1_000


def test_one_new_picture_costs_that_picture() -> None:
    tree = {f"lessons/{n}/p.png": noise(n, 30_000) for n in range(40)}
    new = {**tree, "lessons/7/p.png": noise(99, 31_000)}
    assert 31_000 < len(patch_between(version_of(tree, 1), version_of(new, 2))) < 31_600


def test_large_changes_are_cut_into_frames_of_bounded_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A twentieth of every size: what packing real ones takes is measured in the benchmarks.
    bound_bytes = GROUP_BYTES // 20
    monkeypatch.setattr(maker, "GROUP_BYTES", bound_bytes)
    tree = {f"f{n:02}.bin": noise(n, 50_000) for n in range(20)}
    new = {path: content[:-1] + b"!" for path, content in tree.items()}
    old, after = version_of(tree, 1), version_of(new, 2)
    data = patch_between(old, after)
    patch = parse_patch(data, "It")
    assert len(patch.groups) == 3
    for group in patch.groups:
        assert sum(old.manifest.core.files[one].size_bytes for one in group.sources) <= bound_bytes
    assert len(data) < 10_000
    assert applied(data, old) == new


def test_the_same_versions_give_the_same_patch() -> None:
    old, new = version_of({"a": b"1" * 999}, 1), version_of({"a": b"1" * 998 + b"2"}, 2)
    assert patch_between(old, new) == patch_between(old, new)
