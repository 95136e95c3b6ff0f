"""A lesson's video as a methodologist needs to know it: length, loudness, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional, Tuple

from content.quality.downloads import Download
from content.watch import UNWATCHED, Watch

TOO_QUIET = -24.0
"""LUFS: eight below what renditions aim at; a laptop's speaker cannot make up for it."""
TOO_LOUD = -9.0
"""LUFS: louder than music is mastered, so that peaks are cut off and heard as rattling."""
LONGEST_S = 20 * 60
"""Longer videos are hard to follow and to fetch; several short ones are not."""


@dataclass(frozen=True)
class Film:
    """``loudness`` in LUFS (EBU R 128); None when it is silent or has no sound."""

    path: Path
    duration_s: float
    loudness: Optional[float]
    has_sound: bool
    width: int
    height: int
    downloads: Tuple[Download, ...]


def look_at(path: Path, watch: Watch = UNWATCHED) -> Film:
    """Look into a video and listen to it; see what its renditions take, made or only planned.

    Raises UndecodableError or StorageError, and CancelledError.
    """
    from content.renditions.names import RENDITIONS, ending_of, split
    from content.renditions.plan import plan
    from content.renditions.probe import probe

    found = probe(path, watch)
    planned = {one.rendition: one.estimated_bytes for one in plan(found)}
    stem = split(path.name)[0]
    downloads: List[Download] = []
    for rendition in RENDITIONS:
        made = path.with_name(stem + ending_of(rendition))
        if made.is_file():
            downloads.append(Download(rendition, made.stat().st_size, False))
        elif rendition in planned:
            downloads.append(Download(rendition, planned[rendition], True))
    return Film(
        path,
        found.duration_s,
        found.sound.loudness if found.sound else None,
        found.sound is not None,
        found.picture.width if found.picture else 0,
        found.picture.height if found.picture else 0,
        tuple(downloads),
    )


def remarks_on(film: Film) -> List[Tuple[str, str]]:
    """(code, figure) of what is wrong with it; the codes are keys of ``words.json``."""
    found = []
    if film.duration_s > LONGEST_S:
        found.append(("video-long", f"{film.duration_s / 60:.0f}"))
    if not film.has_sound or film.loudness is None:
        found.append(("video-silent", ""))
    elif film.loudness < TOO_QUIET:
        found.append(("video-quiet", f"{film.loudness:.0f}"))
    elif film.loudness > TOO_LOUD:
        found.append(("video-loud", f"{film.loudness:.0f}"))
    return found
