from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from sync import compression
from sync.compression import NEWEST, NO_DICTIONARY, compress, decompress, dictionaries
from sync.dictionaries.samples import payloads
from sync.dictionaries.train import mean_bytes, train
from sync.errors import MessageError

FOLDER = Path(compression.__file__).parent / "dictionaries"


def test_dictionaries_are_named_by_their_hashes() -> None:
    paths = list(FOLDER.glob("*.zdict"))
    assert len(dictionaries()) == len(paths)
    assert NEWEST in [path.stem for path in paths]
    for path in paths:
        assert hashlib.sha256(path.read_bytes()).hexdigest().startswith(path.stem)
        assert path.stat().st_size <= 16 * 1024


@given(st.binary(max_size=300) | st.binary(max_size=40).map(lambda data: data * 3000))
def test_what_goes_in_comes_out(data: bytes) -> None:
    packed = compress(data)
    assert packed[:2] == bytes.fromhex(NEWEST)[:2]
    assert decompress(packed, len(data)) == data


def test_frames_without_a_dictionary_are_read_too() -> None:
    frame = zstandard.ZstdCompressor(write_content_size=True).compress(b"data" * 50)
    assert decompress(NO_DICTIONARY + frame[4:], 1000) == b"data" * 50


def test_a_bomb_is_refused_unopened() -> None:
    with pytest.raises(MessageError) as caught:
        decompress(compress(bytes(50_000_000)), 1 << 20)
    assert caught.value.code == "message-too-large"


def test_a_frame_that_hides_its_size_is_refused() -> None:
    hidden = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(50_000_000))
    with pytest.raises(MessageError) as caught:
        decompress(NO_DICTIONARY + hidden[4:], 1 << 20)
    assert caught.value.code == "message-malformed"


def test_an_unknown_dictionary_is_named() -> None:
    with pytest.raises(MessageError) as caught:
        decompress(b"\x12\x34" + compress(b"data")[2:], 100)
    assert caught.value.code == "dictionary-unknown"
    assert "1234" in str(caught.value)


@given(st.binary(max_size=200))
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(MessageError):
        decompress(bytes.fromhex(NEWEST)[:2] + b"\xff" + data, 1 << 20)  # a reserved bit is set


def test_trailing_bytes_are_refused() -> None:
    with pytest.raises(MessageError):
        decompress(compress(b"data" * 20) + b"more", 1 << 20)


def test_threads_do_not_share_contexts() -> None:
    samples = payloads(60, seed=5)
    failures = []

    def work() -> None:
        for sample in samples * 3:
            if decompress(compress(sample), 1 << 20) != sample:
                failures.append(sample)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_the_shipped_dictionary_halves_what_it_never_saw() -> None:
    unseen = payloads(200, seed=99)
    shipped = dictionaries()[NEWEST[:4]]
    with_it = mean_bytes(shipped, unseen)
    without = sum(len(zstandard.compress(item, 19)) for item in unseen) / len(unseen)
    assert with_it < 0.75 * without


def test_training_is_deterministic() -> None:
    assert payloads(20, seed=1) == payloads(20, seed=1)
    assert payloads(20, seed=1) != payloads(20, seed=2)


@pytest.mark.slow
def test_training_again_is_no_worse_than_what_ships() -> None:
    unseen = payloads(200, seed=99)
    assert mean_bytes(dictionaries()[NEWEST[:4]], unseen) <= 1.05 * mean_bytes(train(), unseen)
