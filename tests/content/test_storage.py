from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from content.errors import MissingError, StorageError, TooLargeError
from content.manifest import PIECE_BYTES
from content.storage import (
    hash_file,
    read_bounded,
    replace_durably,
    sha256_of_file,
    storage_errors,
)
from tests.support.power import Power, PowerCut


def test_reading_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"12345")
    assert read_bounded(path, 5) == b"12345"
    with pytest.raises(TooLargeError, match="larger than the 4 bytes"):
        read_bounded(path, 4)
    with pytest.raises(MissingError, match="nothing is missing"):
        read_bounded(tmp_path / "nothing", 4)
    with pytest.raises(MissingError):
        read_bounded(path / "below", 4)
    with pytest.raises(StorageError):
        read_bounded(tmp_path, 4)


@pytest.mark.parametrize("size_bytes", [0, 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES])
def test_hashes_of_the_whole_and_of_pieces(tmp_path: Path, size_bytes: int) -> None:
    content = bytes(index % 251 for index in range(1000)) * (size_bytes // 1000 + 1)
    content = content[:size_bytes]
    path = tmp_path / "f"
    path.write_bytes(content)
    sha256, size, pieces = hash_file(path)
    assert (sha256, size) == (hashlib.sha256(content).hexdigest(), size_bytes)
    starts = range(0, size_bytes, PIECE_BYTES)
    assert pieces == tuple(
        hashlib.sha256(content[start : start + PIECE_BYTES]).digest() for start in starts
    )
    assert sha256_of_file(path) == sha256


def test_a_file_is_old_or_new_at_every_step(tmp_path: Path) -> None:
    path = tmp_path / "f"
    for steps in range(20):
        path.write_bytes(b"old")
        with pytest.MonkeyPatch.context() as patch:
            Power(patch, steps)
            try:
                replace_durably(path, [b"n", b"ew"], tmp_path / "staging")
            except PowerCut:
                assert path.read_bytes() in (b"old", b"new")
                continue
        assert path.read_bytes() == b"new"
        assert steps >= 3
        return
    pytest.fail("the write never came to its end")


def test_the_systems_errors_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No such file") as caught, storage_errors(tmp_path):
        os.stat(tmp_path / "nothing")  # noqa: PTH116
    assert str(tmp_path) in str(caught.value)
