"""A steady rate from any times."""

from __future__ import annotations

from fractions import Fraction
from typing import List

from hypothesis import given, settings
from hypothesis import strategies as st

from content.renditions.pacing import Pacing
from tests.support.examples import examples


def paced(times_s: List[float], end_s: float, rate: Fraction, most: int = 10_000) -> List[int]:
    pacing = Pacing(rate, most)
    out: List[int] = []
    for number, time_s in enumerate(times_s):
        for frame, times in pacing.push(number, time_s):
            out += [frame] * times
    last = pacing.finish(end_s)
    if last is not None:
        out += [last[0]] * last[1]
    assert pacing.read == len(times_s)
    assert pacing.read - pacing.dropped + pacing.repeated == pacing.written == len(out)
    return out


def test_the_same_rate_keeps_every_frame_though_times_are_rounded() -> None:
    for rate in (24, 25, 30):
        times = [round(number / rate, 3) for number in range(300)]
        assert paced(times, 300 / rate, Fraction(rate)) == list(range(300))


def test_half_the_rate_keeps_every_second_frame_evenly() -> None:
    for parts in (2, 3, 4, 5):
        times = [number / 60 for number in range(120)]
        kept = paced(times, 2, Fraction(60, parts))
        assert {after - before for before, after in zip(kept, kept[1:])} == {parts}


def test_a_frame_stays_until_the_next_and_the_last_until_the_end() -> None:
    assert paced([0, 1], 3, Fraction(2)) == [0, 0, 1, 1, 1, 1]


def test_the_last_of_several_at_once_is_shown() -> None:
    assert paced([0, 1.0, 1.01, 1.02], 2, Fraction(2)) == [0, 0, 3, 3]


def test_the_first_is_seen_from_the_start() -> None:
    assert paced([1.0], 2, Fraction(2)) == [0, 0, 0, 0]


def test_a_wrong_time_does_not_fill_the_disk() -> None:
    assert len(paced([0, 1e9], 1e9, Fraction(30), most=50)) == 50


@settings(max_examples=examples(60))
@given(
    st.lists(st.floats(-5, 60, allow_nan=False), max_size=40),
    st.floats(0, 60),
    st.fractions(1, 60, max_denominator=1001),
)
def test_counts_hold_for_any_times(times_s: List[float], end_s: float, rate: Fraction) -> None:
    out = paced(times_s, end_s, rate, most=5000)
    assert out == sorted(out)
    assert bool(out) == bool(times_s)
