"""WebVTT subtitles, after the W3C's Web Video Text Tracks format (section 6, parsing)."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import List, Optional, Tuple

from content.errors import SubtitleError

MAX_SUBTITLES = 1_000_000
_TIME = re.compile(r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})\Z", re.ASCII)
_TAG = re.compile(r"<[^<>]*>")
_GIANT = re.compile(r"&#[0-9]{8,};?")
"""No character has such a number, and Python 3.8 would need quadratic time to read it."""
_NOT_CUES = ("NOTE", "STYLE", "REGION")


@dataclass(frozen=True)
class Cue:
    """Words shown from ``start_s`` until ``end_s``, in seconds; line feeds separate lines."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class SubtitleProblem:
    """A cue that had to be left out; ``line`` counts from 1."""

    line: int
    text: str


def parse_webvtt(text: str) -> Tuple[Cue, ...]:
    """The cues in order of time. Cues that cannot be read are left out, as the format asks.

    Raises SubtitleError when it is not WebVTT at all.
    """
    return read_webvtt(text)[0]


def read_webvtt(text: str) -> Tuple[Tuple[Cue, ...], Tuple[SubtitleProblem, ...]]:
    """The cues, and what was left out: the latter is for whoever wrote the file."""
    if len(text) > MAX_SUBTITLES:
        raise SubtitleError(f"The subtitles are longer than {MAX_SUBTITLES} characters.")
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.match(r"WEBVTT(?:[ \t]|\Z)", lines[0]):
        raise SubtitleError('Subtitles must begin with a line that says "WEBVTT".')
    cues: List[Cue] = []
    problems: List[SubtitleProblem] = []
    for line, block in _blocks(lines):
        try:
            cue = _cue(block)
        except ValueError as problem:
            problems.append(SubtitleProblem(line, str(problem)))
            continue
        if cue is not None:
            cues.append(cue)
    return tuple(sorted(cues, key=lambda cue: (cue.start_s, cue.end_s))), tuple(problems)


def _blocks(lines: List[str]) -> List[Tuple[int, List[str]]]:
    """Runs of lines between empty ones, after the header, with the number of their first line."""
    blocks: List[Tuple[int, List[str]]] = []
    inside = True
    for number, line in enumerate(lines[1:], 2):
        if not line:
            inside = False
        elif inside and not blocks:
            continue  # the rest of the header
        elif inside:
            blocks[-1][1].append(line)
        else:
            blocks.append((number, [line]))
            inside = True
    return blocks


def _cue(block: List[str]) -> Optional[Cue]:
    if block[0].split(" ")[0].split("\t")[0] in _NOT_CUES and "-->" not in block[0]:
        return None
    timing = next((at for at, line in enumerate(block[:2]) if "-->" in line), None)
    if timing is None:
        raise ValueError('a cue has no line with "-->"')
    start_s, end_s = _times(block[timing])
    words = [_plain(line) for line in block[timing + 1 :]]
    return Cue(start_s, end_s, "\n".join(words).strip())


def _times(line: str) -> Tuple[float, float]:
    start, _, rest = line.partition("-->")
    end = rest.split()[0] if rest.split() else ""
    start_s, end_s = _seconds(start.strip()), _seconds(end)
    if end_s <= start_s:
        raise ValueError("a cue ends before it starts")
    return start_s, end_s


def _seconds(written: str) -> float:
    found = _TIME.match(written)
    if not found:
        raise ValueError(f"{written[:40]!r} is not a time such as 00:01:02.500")
    hours, minutes, seconds, thousandths = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _plain(line: str) -> str:
    return html.unescape(_GIANT.sub("\ufffd", _TAG.sub("", line)))
