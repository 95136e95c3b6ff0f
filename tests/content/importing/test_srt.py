"""SubRip files of all makers become WebVTT that has no problem left."""

from __future__ import annotations

from typing import List, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.documents.subtitles import Cue, parse_webvtt, read_webvtt
from content.importing.errors import ImportFailure
from content.importing.srt import read
from tests.support.examples import examples

SAMPLE = """1
00:00:01,000 --> 00:00:03,500
Сәлем, <i>балалар</i>!

2
00:00:03,000 --> 00:00:05,000
{\\an8}5 &lt; 6 & 7
екінші жол
"""


def cues(text: str) -> Tuple[Cue, ...]:
    (made,) = read(text.encode("utf-8"), "01.kk.srt").subtitles.values()
    return parse_webvtt(made.decode("utf-8"))


def test_words_and_times_arrive_and_overlaps_are_cut() -> None:
    made = read(SAMPLE.encode(), "01.kk.srt")
    assert list(made.subtitles) == ["01.kk.vtt"] and made.unread == ()
    assert cues(SAMPLE) == (
        Cue(1.0, 3.0, "Сәлем, балалар!"),
        Cue(3.0, 5.0, "5 < 6 & 7\nекінші жол"),
    )


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "kz1048"]
)
def test_any_encoding_of_kazakh(encoding: str) -> None:
    (made,) = read(SAMPLE.encode(encoding), "a.srt").subtitles.values()
    assert "Сәлем, балалар!" in made.decode("utf-8")


def test_windows_1251() -> None:
    text = "1\r\n0:00:01.5 -> 0:00:02.0\r\nПривет, это урок\r\n"
    (made,) = read(text.encode("cp1251"), "a.srt").subtitles.values()
    assert parse_webvtt(made.decode("utf-8")) == (Cue(1.5, 2.0, "Привет, это урок"),)


def test_numbers_and_empty_lines_may_be_missing() -> None:
    text = "00:01,0 --> 00:02,0\na\n2\n00:03,0 --> 00:04,0\nb\n00:05,0 --> 00:06,0\nc"
    assert [cue.text for cue in cues(text)] == ["a", "b", "c"]


def test_a_number_among_the_words_stays() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n42\n\n2\n00:00:03,000 --> 00:00:04,000\nx\n"
    assert [cue.text for cue in cues(text)] == ["42", "x"]


def test_words_at_one_time_are_put_together() -> None:
    text = "00:00:01,000 --> 00:00:02,000\na\n\n00:00:01,000 --> 00:00:03,000\nb\n"
    assert cues(text) == (Cue(1.0, 3.0, "a\nb"),)


def test_a_line_of_control_characters_alone_is_none() -> None:
    text = "00:00:01,000 --> 00:00:02,000\n\b\n\n00:00:01,000 --> 00:00:03,000\n0\n"
    assert cues(text) == (Cue(1.0, 3.0, "0"),)


def test_broken_times_are_named_with_their_line() -> None:
    text = "00:00:09,000 --> 00:00:07,000\na\n\nx --> y\nb\n"
    made = read(text.encode(), "a.srt")
    assert [one.place for one in made.unread] == ["line 1", "line 4"]
    (data,) = made.subtitles.values()
    assert parse_webvtt(data.decode())[0].end_s == 13.0


@pytest.mark.parametrize("data", [b"", b"no subtitles", b"\0\1\2\3" * 99])
def test_what_holds_no_subtitles_is_refused(data: bytes) -> None:
    with pytest.raises(ImportFailure):
        read(data, "a.srt")


@settings(max_examples=examples(80), deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 200_000), st.integers(-5_000, 9_000), st.text(max_size=12)),
        max_size=8,
    )
)
def test_what_is_made_has_no_problem_and_no_overlap(rows: List[Tuple[int, int, str]]) -> None:
    def time(thousandths: int) -> str:
        seconds, rest = divmod(max(thousandths, 0), 1000)
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},{rest:03d}"

    text = "\n\n".join(
        f"{time(start)} --> {time(start + length)}\n{said.encode('utf-8', 'replace').decode()}"
        for start, length, said in rows
    )
    try:
        (data,) = read(text.encode("utf-8"), "a.srt").subtitles.values()
    except ImportFailure:
        return
    found, problems = read_webvtt(data.decode("utf-8"))
    assert problems == () and found
    for one, other in zip(found, found[1:]):
        assert one.end_s <= other.start_s
