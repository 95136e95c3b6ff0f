"""Subtitles of a film: what is said, when, in three languages (WebVTT)."""

from __future__ import annotations

from pathlib import Path
from typing import Mapping, Sequence

from content.samples.drawing.narration import Spoken

LANGUAGES = ("kk", "ru", "en")
_LINGER_S = 0.35
_WIDTH = 44


def write_subtitles(spoken: Sequence[Spoken], folder: Path) -> None:
    """Write video.kk.vtt and its translations into ``folder``."""
    for language in LANGUAGES:
        path = folder / f"video.{language}.vtt"
        path.write_text(webvtt(spoken, language), encoding="utf-8")


def webvtt(spoken: Sequence[Spoken], language: str) -> str:
    """The subtitle file's text; a cue lingers a little but never into the next one."""
    blocks = ["WEBVTT"]
    ends = [place.start_s for place in spoken[1:]] + [spoken[-1].end_s + 1]
    for place, next_s in zip(spoken, ends):
        words: Mapping[str, str] = vars(place.line)
        end_s = min(place.end_s + _LINGER_S, next_s - 0.05)
        times = f"{timestamp(place.start_s)} --> {timestamp(end_s)}"
        blocks.append(f"{times}\n{wrapped(words[language])}")
    return "\n\n".join(blocks) + "\n"


def wrapped(words: str) -> str:
    """The words in one line, or in two of about one length when they are long."""
    if len(words) <= _WIDTH:
        return words
    spaces = [at for at, letter in enumerate(words) if letter == " "]
    middle = min(spaces, key=lambda at: abs(at - len(words) / 2))
    return f"{words[:middle]}\n{words[middle + 1 :]}"


def timestamp(time_s: float) -> str:
    """A WebVTT time, such as 01:02.345."""
    milliseconds = round(time_s * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"
