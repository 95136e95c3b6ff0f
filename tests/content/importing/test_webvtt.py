"""WebVTT that is fine stays byte for byte; other is mended, and what was left out is named."""

from __future__ import annotations

import pytest

from content.documents.subtitles import read_webvtt
from content.importing.errors import ImportFailure
from content.importing.webvtt import read

GOOD = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<b>a</b>\n"


def test_good_files_stay_as_they_are() -> None:
    assert read(GOOD, "v.kk.vtt").subtitles == {"v.kk.vtt": GOOD}


def test_bad_cues_are_left_out_and_named() -> None:
    made = read(GOOD + b"\n00:03.000 --> 00:02.000\nb\n", "v.vtt")
    assert [one.place for one in made.unread] == ["line 6"]
    assert read_webvtt(made.subtitles["v.vtt"].decode())[1] == ()


def test_overlaps_are_cut_and_encodings_mended() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:09.000\nә\n\n00:03.000 --> 00:04.000\nб\n"
    made = read(text.encode("utf-16"), "v.vtt")
    assert b"00:00:01.000 --> 00:00:03.000" in made.subtitles["v.vtt"]


@pytest.mark.parametrize("data", [b"", b"1\n00:00", b"WEBVTT\n"])
def test_what_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(ImportFailure):
        read(data, "v.vtt")
