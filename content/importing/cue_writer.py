"""Subtitles of any programme as clean WebVTT that the client shows.

Times that overlap are cut where the next words begin; words at the same time are put together; cues
that end before they start, or never, get an end.
"""

from __future__ import annotations

import re
from typing import Iterable, List, Optional, Tuple

from content.documents.subtitles import MAX_SUBTITLES, Cue, read_webvtt
from content.importing.errors import ImportFailure
from content.importing.limits import MAX_UNREAD
from content.importing.outcome import Imported, Unread

_LEAST_S = 0.3
"""Nobody reads words that are gone sooner."""
_LASTING_S = 4.0
_MAX_S = 99 * 3600.0
_UNPRINTED = re.compile("[\\x00-\\x1f\\ud800-\\udfff]")


def subtitles_from(cues: Iterable[Cue], name: str, stem: str, unread: Iterable[Unread]) -> Imported:
    """The import of one file; raises ImportFailure where no words are left."""
    tidy = tidied(cues)
    found = list(unread)
    if not tidy:
        raise ImportFailure(
            f"{name} holds no subtitles; each needs a line such as 00:01 --> 00:03."
        )
    data = write_webvtt(tidy)
    if len(data.decode("utf-8")) > MAX_SUBTITLES:
        raise ImportFailure(f"{name} holds more than {MAX_SUBTITLES} characters; split it.")
    return Imported(subtitles={f"{stem}.vtt": data}, unread=tuple(found[:MAX_UNREAD]))


def tidied(cues: Iterable[Cue]) -> Tuple[Cue, ...]:
    """The cues in order of time, none empty, none over another."""
    legible = (Cue(cue.start_s, cue.end_s, _legible(cue.text)) for cue in cues)
    order = sorted(
        (cue for cue in legible if cue.text and cue.start_s < _MAX_S),
        key=lambda cue: cue.start_s,
    )
    kept: List[Cue] = []
    for cue in order:
        last = kept[-1] if kept else None
        if last and cue.start_s - last.start_s < _LEAST_S:
            kept[-1] = Cue(last.start_s, max(last.end_s, cue.end_s), _both(last.text, cue.text))
        else:
            kept.append(cue)
    return tuple(
        Cue(cue.start_s, _end_s(cue, after), cue.text)
        for cue, after in zip(kept, [*kept[1:], None])
    )


def _legible(text: str) -> str:
    """The lines that hold words, without control characters."""
    lines = (_UNPRINTED.sub("", " ".join(line.split())).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _end_s(cue: Cue, after: Optional[Cue]) -> float:
    end_s = cue.end_s if cue.end_s > cue.start_s else cue.start_s + _LASTING_S
    return min(end_s, after.start_s) if after else min(end_s, _MAX_S)


def _both(one: str, other: str) -> str:
    return one if other in one else f"{one}\n{other}"


def write_webvtt(cues: Iterable[Cue]) -> bytes:
    """The cues as a WebVTT file, which ``read_webvtt`` reads back without a problem."""
    blocks = ["WEBVTT\n"]
    for cue in cues:
        lines = [_safe(line) for line in cue.text.split("\n")]
        blocks.append(f"{_time(cue.start_s)} --> {_time(cue.end_s)}\n" + "\n".join(lines) + "\n")
    return "\n".join(blocks).encode("utf-8")


def _safe(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _time(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def cues_of_webvtt(text: str, name: str) -> Tuple[Tuple[Cue, ...], List[Unread]]:
    """The cues of a WebVTT text, and those that had to be left out. Raises SubtitleError."""
    cues, problems = read_webvtt(text)
    return cues, [Unread(name, f"line {one.line}", f"{one.text}.") for one in problems]
