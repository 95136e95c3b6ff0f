"""An object's bytes are proven before the last of them is passed on as the last."""

from __future__ import annotations

import hashlib
from typing import Iterator, List, Tuple

import pytest

from sync.errors import ObjectError
from sync.objects import PIECE_BYTES
from sync.sticks.proving import proven

DATA = hashlib.shake_128(b"film").digest(2 * PIECE_BYTES + 77)
SHA256 = hashlib.sha256(DATA).hexdigest()


def blocks(data: bytes, size_bytes: int) -> Iterator[bytes]:
    for start in range(0, len(data), size_bytes):
        yield data[start : start + size_bytes]


def hashes(data: bytes) -> Tuple[bytes, ...]:
    return tuple(hashlib.sha256(piece).digest() for piece in blocks(data, PIECE_BYTES))


@pytest.mark.parametrize("pieces", [(), hashes(DATA), hashes(DATA)[:1]])
@pytest.mark.parametrize("block_bytes", [PIECE_BYTES, PIECE_BYTES // 3, 3 * PIECE_BYTES])
def test_what_is_right_is_passed_on(pieces: Tuple[bytes, ...], block_bytes: int) -> None:
    passed = proven(blocks(DATA, block_bytes), "film", len(DATA), SHA256, pieces)
    assert b"".join(passed) == DATA


@pytest.mark.parametrize("pieces", [(), hashes(DATA)])
@pytest.mark.parametrize(
    "data",
    [DATA[:-1], DATA + b"x", DATA[:9] + b"x" + DATA[10:], DATA[:-1] + b"x", b"", DATA[::-1]],
)
def test_what_is_wrong_is_never_passed_on_to_its_end(
    pieces: Tuple[bytes, ...], data: bytes
) -> None:
    passed: List[bytes] = []
    with pytest.raises(ObjectError) as caught:
        for block in proven(blocks(data, PIECE_BYTES), "film", len(DATA), SHA256, pieces):
            passed.append(block)
    assert caught.value.code == "object-damaged"


def test_a_damaged_piece_is_not_passed_on_at_all() -> None:
    data = DATA[:PIECE_BYTES] + DATA[PIECE_BYTES:][::-1]
    passed = proven(blocks(data, PIECE_BYTES), "film", len(DATA), SHA256, hashes(DATA))
    assert next(passed) == DATA[:PIECE_BYTES]
    with pytest.raises(ObjectError):
        next(passed)


def test_a_source_that_proves_itself_is_passed_on_as_it_is() -> None:
    assert list(proven(iter([b"a", b"b"]), "core", 99, None)) == [b"a", b"b"]
