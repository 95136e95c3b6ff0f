"""SubRip subtitles (.srt): there is no standard, so whatever players take is taken."""

from __future__ import annotations

import html
import re
from pathlib import PurePosixPath
from typing import List, Optional, Tuple

from content.documents.subtitles import Cue
from content.importing.cue_writer import subtitles_from
from content.importing.outcome import Imported, Unread
from content.importing.text_decoding import decode_text

_TIMING = re.compile(
    r"\s*(?:(\d{1,4})\s*:\s*)?(\d{1,3})\s*:\s*(\d{1,2})(?:\s*[.,:]\s*(\d{1,3}))?\s*-{1,3}>"
    r"\s*(?:(\d{1,4})\s*:\s*)?(\d{1,3})\s*:\s*(\d{1,2})(?:\s*[.,:]\s*(\d{1,3}))?",
    re.ASCII,
)
_TAG = re.compile(r"</?(?:[a-z][^<>]{0,80})>|\{\\[^{}]{0,80}\}", re.IGNORECASE)
"""HTML of a kind, and what Advanced SubStation left."""
_GIANT = re.compile(r"&#[0-9]{8,};?")
_NUMBER = re.compile(r"\s*\d+\s*\Z", re.ASCII)
_MAX_LINE = 2_000


def read(data: bytes, name: str) -> Imported:
    """Import one file as WebVTT; raises ImportFailure where it holds no subtitles."""
    text, damaged = decode_text(data, name)
    cues, unread = _cues(text.split("\n"), name)
    if damaged:
        unread.insert(0, Unread(name, "", damaged))
    return subtitles_from(cues, name, PurePosixPath(name).stem, unread)


def _cues(lines: List[str], name: str) -> Tuple[List[Cue], List[Unread]]:
    cues: List[Cue] = []
    unread: List[Unread] = []
    times: Optional[Tuple[float, float]] = None
    words: List[str] = []

    def end() -> None:
        if times:
            cues.append(Cue(times[0], times[1], "\n".join(words).strip()))
        words.clear()

    for number, line in enumerate(lines, 1):
        timing = _TIMING.match(line[:_MAX_LINE]) if "->" in line else None
        if timing:
            # The number above belongs to the words below it, with or without an empty line.
            if words and _NUMBER.match(words[-1]):
                words.pop()
            end()
            times = _times(timing)
            if times[1] <= times[0]:
                unread.append(Unread(name, f"line {number}", "The words end before they begin; "
                                     "they stay until the next ones."))  # fmt: skip
        elif "-->" in line:
            unread.append(Unread(name, f"line {number}", f"No time: {line.strip()[:60]!r}."))
        elif times or line.strip():
            words.append(_plain(line[:_MAX_LINE]))
    end()
    return cues, unread


def _times(found: re.Match[str]) -> Tuple[float, float]:
    parts = found.groups()
    return _seconds(parts[:4]), _seconds(parts[4:])


def _seconds(parts: Tuple[Optional[str], ...]) -> float:
    hours, minutes, seconds = (int(part or 0) for part in parts[:3])
    return hours * 3600 + minutes * 60 + seconds + int((parts[3] or "0").ljust(3, "0")) / 1000


def _plain(line: str) -> str:
    return html.unescape(_GIANT.sub("\ufffd", _TAG.sub("", line)))
