from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sync.link.measure import SAMPLE_S, SKIPPED_S, Measure, Sampler, measure_from

durations = st.one_of(st.floats(-1, 0), st.floats(0.001, 1e6))


def test_the_first_sample_is_believed_and_slower_ones_by_how_long_they_took() -> None:
    measure = Measure().with_transfer(2000, 1)
    assert measure.bytes_per_s == 2000
    blip, stretch = measure.with_transfer(100, 0.1), measure.with_transfer(300_000, 300)
    assert 1990 < blip.bytes_per_s < 2000
    assert 1000 < stretch.bytes_per_s < 1050


def test_what_a_link_did_once_it_can_do() -> None:
    measure = Measure(1000).with_transfer(2000, 1).with_transfer(2000, 1)
    assert measure.bytes_per_s == pytest.approx(1510)


def test_many_short_samples_count_like_one_long_one() -> None:
    long, short = Measure(2000).with_transfer(100_000, 100), Measure(2000)
    for _ in range(100):
        short = short.with_transfer(1000, 1)
    assert short.bytes_per_s == pytest.approx(long.bytes_per_s)


@example([(536870913, 1.0), (1, 229825.0)])
@given(st.lists(st.tuples(st.integers(0, 1 << 40), durations), max_size=20))
def test_the_average_stays_among_the_samples(samples: list[tuple[int, float]]) -> None:
    measure, rates = Measure(), []
    for size_bytes, duration_s in samples:
        measure = measure.with_transfer(size_bytes, duration_s)
        if size_bytes > 0 and duration_s > 0:
            rates.append(min(size_bytes / duration_s, 1e12))
    if rates:
        assert min(rates) * 0.999 <= measure.bytes_per_s <= max(rates) * 1.001
    else:
        assert measure == Measure()


def test_estimates() -> None:
    assert Measure().duration_s(10) is None
    assert Measure(50_000, 0.6).duration_s(36_000_000) == pytest.approx(720.6)


def test_delays() -> None:
    measure = Measure().with_answer(0.6).with_answer(-1).with_answer(0).with_answer(99_999)
    assert measure.delay_s == 0.6
    assert 0.6 < measure.with_answer(1.6).delay_s < 1


def test_it_survives_being_kept() -> None:
    measure = Measure(37_500, 0.6)
    assert measure_from(json.loads(json.dumps(measure.as_json()))) == measure


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        {},
        {"bytes_per_s": -1, "delay_s": 0},
        {"bytes_per_s": "x", "delay_s": 0},
        {"bytes_per_s": float("nan"), "delay_s": 0.1},
    ],
)
def test_what_is_no_measure_is_a_link_not_known(value: object) -> None:
    assert measure_from(value) == Measure()


def test_samples_are_stretches_without_a_pause() -> None:
    sampler, found = Sampler(), []
    for step in range(1, 31):
        sample = sampler.heard(1000, step * 0.1)
        if sample:
            found.append(sample)
    assert len(found) == 2
    for size_bytes, duration_s in found:
        assert duration_s >= SAMPLE_S
        assert size_bytes / duration_s == pytest.approx(10_000)


def test_what_waited_in_the_kernel_is_not_counted() -> None:
    sampler = Sampler()
    assert sampler.heard(16_000, 0.0) is None
    sampler.paused()
    assert sampler.heard(160_000, 5.0) is None
    samples = [sampler.heard(1000, 5.0 + SKIPPED_S + n * 0.1) for n in range(13)]
    ((size_bytes, duration_s),) = [one for one in samples if one]
    assert size_bytes / duration_s == pytest.approx(10_000)


def test_a_link_that_was_idle_was_not_slow() -> None:
    sampler = Sampler()
    sampler.heard(1000, 0.0)
    sampler.heard(1000, 0.5)
    assert sampler.heard(1000, 60.0) is None
