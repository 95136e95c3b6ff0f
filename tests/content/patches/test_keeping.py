"""Small patches stay beside the version that they made, and only those."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.errors import StorageError
from content.patches.keeping import MOST_BYTES, keep_patches, kept_patch


def test_small_ones_are_kept_and_large_ones_not(tmp_path: Path) -> None:
    small, large = b"x" * MOST_BYTES, b"x" * (MOST_BYTES + 1)
    (tmp_path / ".keruen").mkdir()
    keep_patches(tmp_path, [(1, 2, b"first"), (2, 3, small), (3, 4, large)])
    assert kept_patch(tmp_path, 1, 2) == b"first"
    assert kept_patch(tmp_path, 2, 3) == small
    assert kept_patch(tmp_path, 3, 4) is None
    assert kept_patch(tmp_path, 1, 3) is None


def test_a_disk_that_refuses_is_named(tmp_path: Path) -> None:
    (tmp_path / ".keruen").write_bytes(b"a file where a folder belongs")
    with pytest.raises(StorageError):
        keep_patches(tmp_path, [(1, 2, b"first")])
    assert kept_patch(tmp_path, 1, 2) is None
