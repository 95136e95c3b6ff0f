from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import ContentError, DamagedError, TooLargeError
from content.patches import prefix
from content.patches.prefix import compress, decompress
from tests.support.patch_trees import noise


@given(st.binary(max_size=3000), st.binary(max_size=3000), st.sampled_from([3, 12, 19]))
def test_there_and_back(data: bytes, old: bytes, level: int) -> None:
    for far in (False, True):
        assert decompress(compress(data, old, level, far), old, 3000, "It") == data


def test_what_is_in_the_prefix_costs_next_to_nothing() -> None:
    old = noise(1, 3_000_000)
    new = old[1_000_000:2_000_000] + old[:500_000]
    assert len(compress(new, old)) < 300


@given(st.binary(min_size=1, max_size=500), st.integers(0, 10_000), st.integers(1, 255))
def test_a_damaged_frame_gives_no_other_error(data: bytes, at: int, bits: int) -> None:
    frame = bytearray(compress(data, b"old"))
    frame[at % len(frame)] ^= bits
    try:
        decompress(bytes(frame), b"old", 500, "It")
    except ContentError as problem:
        assert str(problem).startswith("It")


def test_a_bomb_costs_nothing() -> None:
    bomb = compress(bytes(200_000_000), b"", 3)
    tracemalloc.start()
    with pytest.raises(TooLargeError):
        decompress(bomb, b"", 1_000_000, "It")
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_a_frame_that_claims_more_than_it_has() -> None:
    # Frame header: content of 2^62 bytes; then one empty last block.
    claim = b"\x28\xb5\x2f\xfd\xe0" + (1 << 62).to_bytes(8, "little") + b"\x01\0\0"
    with pytest.raises((TooLargeError, DamagedError)):
        decompress(claim, b"", 2**40, "It")
    assert len(claim) < 20


def test_bytes_after_the_frame_are_noticed() -> None:
    with pytest.raises(DamagedError):
        decompress(compress(b"data", b"") + b"x", b"", 100, "It")


def test_without_the_publishers_library_patches_are_made_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prefix, "_library", lambda: None)
    old = noise(1, 100_000)
    frame = compress(old[5:], old)
    assert len(frame) < 200
    assert decompress(frame, old, 100_000, "It") == old[5:]
