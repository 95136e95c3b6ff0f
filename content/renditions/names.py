"""The renditions of a video: their names beside each other, and which of them is wanted.

``video.mp4`` is the one of 240 lines, which every version of the programme plays; the others stand
beside it under its name: ``video.144p.mp4``, ``video.360p.mp4``, ``video.audio.m4a``.
"""

from __future__ import annotations

from typing import Collection, Dict, Iterable, Tuple

AUDIO = "audio"
P144 = "144p"
P240 = "240p"
P360 = "360p"
BASE = P240
RENDITIONS = (AUDIO, P144, P240, P360)
"""From the cheapest to fetch to the dearest."""
_ENDINGS = {f".{AUDIO}.m4a": AUDIO, f".{P144}.mp4": P144, f".{P360}.mp4": P360}
_VIDEO_ENDINGS = (".mp4", ".m4v", ".webm", ".mkv", ".mov", ".avi", ".ogv")


def ending_of(rendition: str) -> str:
    """What a rendition's name ends in after the video's own: ".audio.m4a"."""
    return next((end for end, one in _ENDINGS.items() if one == rendition), ".mp4")


def split(path: str) -> Tuple[str, str]:
    """What all renditions of a video begin with, and which of them a path names.

    "a/video.144p.mp4" gives "a/video" and "144p", "a/video.mp4" gives "a/video" and "240p"; what
    is no video gives itself and nothing.
    """
    low = path.lower()
    for ending, rendition in _ENDINGS.items():
        if low.endswith(ending) and not path[: -len(ending)].endswith("/") and path != ending:
            return path[: -len(ending)], rendition
    for ending in _VIDEO_ENDINGS:
        if low.endswith(ending):
            return path[: -len(ending)], BASE
    return path, ""


def grouped(paths: Iterable[str]) -> Dict[str, Dict[str, str]]:
    """The paths that are renditions of one video: what they begin with, then each by its name."""
    found: Dict[str, Dict[str, str]] = {}
    for path in paths:
        stem, rendition = split(path)
        if rendition:
            found.setdefault(stem, {}).setdefault(rendition, path)
    return found


def best(available: Collection[str], choice: str) -> str:
    """The one that serves a choice: the best that costs no more, or else the cheapest there is.

    ``available`` holds at least one.
    """
    dear = RENDITIONS.index(choice) if choice in RENDITIONS else RENDITIONS.index(BASE)
    ordered = [one for one in RENDITIONS if one in available]
    within = [one for one in ordered if RENDITIONS.index(one) <= dear]
    return within[-1] if within else ordered[0]


def cheaper(available: Collection[str], choice: str) -> Tuple[str, ...]:
    """Those that cost less than the one that serves a choice, the cheapest first."""
    served = RENDITIONS.index(best(available, choice))
    return tuple(one for one in RENDITIONS[:served] if one in available)
