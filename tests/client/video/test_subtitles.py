from __future__ import annotations

import pytest

from client.video.subtitles import OFF, Timeline, choices, clock_text, first_choice, following
from content.documents.subtitles import Cue

CUES = (Cue(1.0, 3.0, "one"), Cue(3.0, 4.0, "two"), Cue(6.0, 9.0, "six"), Cue(7.0, 8.0, "seven"))


@pytest.mark.parametrize(
    ("position_s", "words"),
    [
        (0.0, ""),
        (0.999, ""),
        (1.0, "one"),
        (2.999, "one"),
        (3.0, "two"),
        (5.0, ""),
        (7.5, "six\nseven"),
        (8.5, "six"),
        (99.0, ""),
    ],
)
def test_words_are_there_from_their_start_until_their_end(position_s, words):
    assert Timeline(CUES).at(position_s) == words
    assert Timeline(reversed(CUES)).at(position_s) == words


def test_no_cues_say_nothing():
    assert Timeline(()).at(3.0) == ""


def test_the_own_language_comes_first_and_off_last():
    assert choices({"en", "kk", "tr"}, ("kk", "ru", "en")) == ("kk", "en", "tr", OFF)
    assert choices((), ("kk",)) == (OFF,)


def test_subtitles_follow_the_reader_or_stay_off():
    assert first_choice(["kk", "ru"], "ru") == "ru"
    assert first_choice(["kk"], "en") == OFF


def test_choosing_goes_around():
    options = ("kk", "ru", OFF)
    assert [following(options, now) for now in options] == ["ru", OFF, "kk"]
    assert following(options, "en") == "kk"
    assert following((), None) == OFF


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (7.9, "0:07"), (250, "4:10"), (3723, "1:02:03"), (-3, "0:00")],
)
def test_times_are_written_as_people_read_them(seconds, text):
    assert clock_text(seconds) == text
