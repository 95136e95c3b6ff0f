from __future__ import annotations

import dataclasses
import hashlib
import random
import tracemalloc
from typing import Dict

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from content.core import core_entry, iterate_core, pack_core, unpack_core
from content.errors import DamagedError
from content.manifest import CoreEntry, CoreFile

FILES = {"b.md": "Теңдеу $2x=6$\n".encode() * 50, "a.json": b"{}", "empty.txt": b""}


def listed(packed: bytes, entry: CoreEntry) -> CoreEntry:
    """``entry`` for other bytes: what a publisher who signs nonsense would list."""
    digest = hashlib.sha256(packed).hexdigest()
    return dataclasses.replace(entry, object=digest, size_bytes=len(packed))


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.binary(max_size=300), max_size=8))
def test_there_and_back(files: Dict[str, bytes]) -> None:
    packed = pack_core(files)
    assert unpack_core(packed, core_entry(files, packed)) == files


def test_the_same_files_pack_to_the_same_bytes() -> None:
    again = dict(reversed(list(FILES.items())))
    assert pack_core(FILES) == pack_core(again)
    assert core_entry(FILES, b"").root == core_entry(again, b"").root


def test_it_is_one_frame_of_known_size() -> None:
    parameters = zstandard.get_frame_parameters(pack_core(FILES))
    assert parameters.content_size == sum(map(len, FILES.values()))


def test_every_flipped_byte_is_refused_by_name() -> None:
    packed = pack_core(FILES)
    entry = core_entry(FILES, packed)
    for at in range(len(packed)):
        bad = bytearray(packed)
        bad[at] ^= 1 + at % 255
        with pytest.raises(DamagedError, match=r"^The core of x "):
            unpack_core(bytes(bad), entry, "The core of x")


def test_every_flipped_byte_is_refused_even_when_the_object_hash_is_right() -> None:
    packed = pack_core(FILES)
    entry = core_entry(FILES, packed)
    spared = 0
    for at in range(len(packed)):
        bad = bytearray(packed)
        bad[at] ^= 1 + at % 255
        try:
            # A flipped bit in the frame's header may be one that changes nothing.
            assert unpack_core(bytes(bad), listed(bytes(bad), entry)) == FILES
            spared += 1
        except DamagedError:
            pass
    assert spared < 4


def test_cut_or_longer() -> None:
    packed = pack_core(FILES)
    entry = core_entry(FILES, packed)
    for bad in (b"", packed[:-1], packed + b"x", packed * 2):
        with pytest.raises(DamagedError):
            unpack_core(bad, entry)
        with pytest.raises(DamagedError):
            unpack_core(bad, listed(bad, entry))


@pytest.mark.parametrize(
    "change",
    [
        {"files": (CoreFile("a.json", 3), *core_entry(FILES, b"").files[1:])},
        {"files": core_entry(FILES, b"").files[:-2]},
        {"files": (*core_entry(FILES, b"").files, CoreFile("z", 1))},
        {"root": "00" * 32},
    ],
)
def test_a_list_that_does_not_fit(change: Dict[str, object]) -> None:
    packed = pack_core(FILES)
    entry = dataclasses.replace(core_entry(FILES, packed), **change)  # type: ignore[arg-type]
    with pytest.raises(DamagedError):
        unpack_core(packed, entry)


def test_a_bomb_costs_no_memory() -> None:
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(400_000_000))
    entry = listed(bomb, core_entry({"a": b"x" * 100}, b""))
    tracemalloc.start()
    with pytest.raises(DamagedError):
        unpack_core(bomb, entry)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 4_000_000


def test_a_frame_that_wants_a_large_window_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=27)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    content = random.Random(1).randbytes(1000) if hasattr(random, "randbytes") else b"x" * 1000
    packed = compressor.compress(content) + compressor.flush()
    entry = listed(packed, core_entry({"a": content}, b""))
    with pytest.raises(DamagedError, match="decompressed"):
        unpack_core(packed, entry)


def test_nothing_is_yielded_from_a_wrong_object() -> None:
    packed = pack_core(FILES)
    entry = dataclasses.replace(core_entry(FILES, packed), object="00" * 32)
    files = iterate_core(packed, entry)
    with pytest.raises(DamagedError):
        next(files)


@given(st.binary(max_size=200))
def test_noise_is_a_typed_error(noise: bytes) -> None:
    with pytest.raises(DamagedError):
        unpack_core(noise, listed(noise, core_entry({"a": b"1"}, b"")))
