from __future__ import annotations

import pytest

from client.laptop.syncing.link_words import comes, exact_speed, megabytes, speed, takes, two_digits
from client.messages import Messages

MB = 1 << 20


def said(message):
    return Messages("en").text(message)


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(0, "0 MB"), (MB // 2, "0.5 MB"), (12 * MB + 7, "12 MB"), (1536 * MB, "1.5 GB")],
)
def test_sizes(size_bytes, words):
    assert said(megabytes(size_bytes)) == words


@pytest.mark.parametrize(
    ("bytes_per_s", "words"),
    [
        (37_500, "300 kbit/s"),
        (38_123, "300 kbit/s"),
        (999, "8 kbit/s"),
        (124_999, "1 Mbit/s"),
        (312_000, "2.5 Mbit/s"),
        (5_000_000, "40 Mbit/s"),
        (0, "0 kbit/s"),
    ],
)
def test_measured_speeds_have_two_digits(bytes_per_s, words):
    assert said(speed(bytes_per_s)) == words


def test_chosen_speeds_are_said_as_they_are():
    assert said(exact_speed(32_000)) == "256 kbit/s"
    assert said(exact_speed(187_500)) == "1.5 Mbit/s"


@pytest.mark.parametrize(
    ("duration_s", "words"),
    [(3, "less than a minute"), (720, "about 12 min"), (5399, "about 90 min"), (9000, "about 2 h")],
)
def test_durations(duration_s, words):
    assert said(takes(duration_s)) == words


@pytest.mark.parametrize(
    ("wait_s", "words"),
    [
        (None, "when Keruen is opened"),
        (0, "now"),
        (50, "in about 1 min"),
        (310, "in about 5 min"),
        (7200, "in about 2 h"),
    ],
)
def test_when_the_next_try_comes(wait_s, words):
    assert said(comes(wait_s)) == words


@pytest.mark.parametrize(
    ("number", "wanted"), [(0, 0), (0.123, 0.12), (9.96, 10), (305, 300), (1234, 1200)]
)
def test_two_digits_count(number, wanted):
    assert two_digits(number) == wanted
