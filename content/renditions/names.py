"""The renditions of a video, and the names of their files beside each other.

``video.mp4`` is the one of 240 lines, which every version of the programme plays; the others stand
beside it under its name: ``video.144p.mp4``, ``video.360p.mp4``, ``video.audio.m4a``.
"""

from __future__ import annotations

from typing import Optional, Tuple

AUDIO = "audio"
P144 = "144p"
P240 = "240p"
P360 = "360p"
BASE = P240
RENDITIONS = (AUDIO, P144, P240, P360)
"""From the cheapest to fetch to the dearest."""
_ENDINGS = {f".{AUDIO}.m4a": AUDIO, f".{P144}.mp4": P144, f".{P360}.mp4": P360}


def name_of(base: str, rendition: str) -> str:
    """The path of a rendition, given that of the base: "a/video.mp4" gives "a/video.144p.mp4"."""
    if rendition == BASE:
        return base
    return base[: -len(".mp4")] + ending_of(rendition)


def ending_of(rendition: str) -> str:
    """What a rendition's name ends in after the video's own: ".audio.m4a"."""
    return next((end for end, one in _ENDINGS.items() if one == rendition), ".mp4")


def split(path: str) -> Optional[Tuple[str, str]]:
    """The base's path and the rendition that a path names; None for what is no rendition.

    A base looks like any other video.
    """
    for ending, rendition in _ENDINGS.items():
        if path.lower().endswith(ending) and len(path) > len(ending):
            return path[: -len(ending)] + ".mp4", rendition
    return None
