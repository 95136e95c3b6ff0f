from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.documents.subtitles import Cue, parse_webvtt, read_webvtt
from content.errors import SubtitleError

FILE = """\ufeffWEBVTT - сабақ
Kind: captions

STYLE
::cue { color: red }

NOTE ескерту
00:00.000 --> is no time

1
00:01.000 --> 00:02.500 align:start
<v Мұғалім>Сәлем</v> <b>бәріне</b>
екінші жол

01:00:00.000 --> 01:00:01.250
a &lt; b &amp; c
"""


def test_a_whole_file() -> None:
    assert parse_webvtt(FILE) == (
        Cue(1.0, 2.5, "Сәлем бәріне\nекінші жол"),
        Cue(3600.0, 3601.25, "a < b & c"),
    )


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending(ending: str) -> None:
    assert len(parse_webvtt(FILE.replace("\n", ending))) == 2


def test_cues_come_in_order_of_time() -> None:
    text = "WEBVTT\n\n00:05.000 --> 00:06.000\nb\n\n00:01.000 --> 00:09.000\na\n"
    assert [cue.text for cue in parse_webvtt(text)] == ["a", "b"]


@pytest.mark.parametrize(
    ("cue", "words"),
    [
        ("00:01,000 --> 00:02,000\nsrt", "is not a time"),
        ("00:61.000 --> 00:62.000\nx", "is not a time"),
        ("00:02.000 --> 00:01.000\nx", "ends before"),
        ("no times here\nat all", '"-->"'),
        ("00:01.000 -->\nx", "is not a time"),
    ],
)
def test_bad_cues_are_left_out_and_told(cue: str, words: str) -> None:
    good = "00:01.000 --> 00:02.000\ngood"
    cues, problems = read_webvtt(f"WEBVTT\n\n{cue}\n\n{good}\n")
    assert [one.text for one in cues] == ["good"]
    assert problems[0].line == 3
    assert words in problems[0].text


@pytest.mark.parametrize("text", ["", "1\n00:00:01,000 --> 00:00:02,000\nsrt", "WEBVTTX", "webvtt"])
def test_what_is_no_webvtt(text: str) -> None:
    with pytest.raises(SubtitleError, match="WEBVTT"):
        parse_webvtt(text)


def test_too_long() -> None:
    with pytest.raises(SubtitleError, match="longer"):
        parse_webvtt("WEBVTT" + " " * 1_000_000)


@given(st.text(st.sampled_from("WEBVTNO\n \r\t-->0123456789.:<>&;a")))
def test_anything_after_the_header_is_read(text: str) -> None:
    for cue in parse_webvtt(f"WEBVTT\n\n{text}"):
        assert 0 <= cue.start_s < cue.end_s


def test_a_number_that_no_character_has_costs_no_time() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nа&#" + "9" * 900_000 + ";б &#1081; &#x41;\n"
    assert [cue.text for cue in parse_webvtt(text)] == ["а\ufffdб й A"]
