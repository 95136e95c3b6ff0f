"""WebVTT: kept as it is where the client reads all of it, and written anew where it does not."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import List

from content.errors import SubtitleError
from content.importing.cue_writer import cues_of_webvtt, subtitles_from, tidied
from content.importing.errors import ImportFailure
from content.importing.outcome import Imported, Unread
from content.importing.text_decoding import decode_text


def read(data: bytes, name: str) -> Imported:
    """Import one file; raises ImportFailure where it is not WebVTT or holds no words."""
    text, damaged = decode_text(data, name)
    unread: List[Unread] = [Unread(name, "", damaged)] if damaged else []
    try:
        cues, problems = cues_of_webvtt(text, name)
    except SubtitleError as problem:
        raise ImportFailure(f"{name}: {problem}") from problem
    stem = PurePosixPath(name).stem
    if cues and not problems and not unread and tidied(cues) == cues:
        return Imported(subtitles={f"{stem}.vtt": text.encode("utf-8")})
    return subtitles_from(cues, name, stem, [*unread, *problems])
