"""The stream of chance: frozen for ever, fair, and without a memory of other streams."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from content.variants.stream import Stream, seed_of


def test_the_seed_is_the_hash_of_what_it_is_for() -> None:
    said = b"keruen variant 1\nalgebra/solving/practice\naigul\n2"
    assert seed_of("algebra/solving/practice", "aigul", 2) == hashlib.sha256(said).digest()


def test_the_numbers_are_frozen() -> None:
    stream = Stream(seed_of("a/b/c", "aigul", 1), "item root")
    assert [stream.below(1000) for _ in range(8)] == [281, 715, 868, 526, 881, 133, 492, 651]
    assert stream.shuffled("abcdef") == ("d", "f", "c", "e", "a", "b")
    assert stream.some_of(range(10), 4) == (1, 6, 8, 9)


def test_a_label_makes_another_stream() -> None:
    seed = seed_of("a/b/c", "aigul", 1)
    draws = {tuple(Stream(seed, label).below(100) for _ in range(1)) for label in "abcdefgh"}
    assert len(draws) > 4


def test_numbers_are_fair_where_bytes_do_not_divide() -> None:
    stream = Stream(b"fair")
    counts = Counter(stream.below(7) for _ in range(7000))
    assert sorted(counts) == list(range(7))
    # Five standard deviations of a fair count.
    assert all(abs(count - 1000) < 5 * (1000 * 6 / 7) ** 0.5 for count in counts.values())


def test_every_order_comes_out() -> None:
    stream = Stream(b"orders")
    counts = Counter(stream.shuffled("abc") for _ in range(1200))
    assert len(counts) == 6
    assert all(abs(count - 200) < 5 * (200 * 5 / 6) ** 0.5 for count in counts.values())


def test_large_numbers_span_blocks() -> None:
    stream = Stream(b"large")
    assert len({stream.below(2**300) for _ in range(20)}) == 20


def test_one_of_one_needs_no_chance_and_nothing_is_refused() -> None:
    stream = Stream(b"one")
    assert [stream.one_of(["only"]) for _ in range(3)] == ["only"] * 3
    with pytest.raises(ValueError, match="nothing"):
        stream.below(0)
