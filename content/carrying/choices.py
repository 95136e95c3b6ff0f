"""How much of a pack a stick carries: its text alone, its sound, one rendition of its videos, all.

What a pack needs to be learned from always goes: text, tasks, subtitles, pictures and other files.
"""

from __future__ import annotations

from typing import Dict, Tuple

from content.manifest import Manifest, MediaEntry
from content.renditions.names import AUDIO, P144, P240, P360, best, grouped

TEXT, SOUND, ALL = "text", "sound", "all"
CHOICES = (TEXT, SOUND, P144, P240, P360, ALL)
"""From the smallest to the largest; what is no choice counts as ``all``."""

_HEARD_AND_SEEN = ("video", "audio")


def chosen_media(manifest: Manifest, choice: str) -> Tuple[MediaEntry, ...]:
    """The media of a version that a stick with this choice carries, in the manifest's order."""
    if choice == ALL or choice not in CHOICES:
        return manifest.media
    groups = grouped(entry.path for entry in manifest.media)
    renditions = {path for group in groups.values() for path in group.values()}
    wanted = {entry.path for entry in manifest.media} - renditions
    if choice == TEXT:
        wanted -= {entry.path for entry in manifest.media if entry.kind in _HEARD_AND_SEEN}
    else:
        rendition = AUDIO if choice == SOUND else choice
        served = (group[best(group, rendition)] for group in groups.values())
        wanted |= {path for path in served if choice != SOUND or path in _sounds(manifest)}
    return tuple(entry for entry in manifest.media if entry.path in wanted)


def sizes_bytes(manifest: Manifest) -> Dict[str, int]:
    """How many bytes of objects a version takes on a stick, by choice."""
    core_bytes = manifest.core.size_bytes
    return {
        choice: core_bytes
        + sum({entry.sha256: entry.size_bytes for entry in chosen_media(manifest, choice)}.values())
        for choice in CHOICES
    }


def _sounds(manifest: Manifest) -> Tuple[str, ...]:
    return tuple(entry.path for entry in manifest.media if entry.kind == "audio")
