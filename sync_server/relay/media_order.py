"""In which order a school's server fetches media: next week's lessons first, as they fit tonight.

Decided from values alone. What the class plans and assignments need soon comes first, each video in
the best rendition of which all of them fit into what the night holds; then the rest of what is
published; then other renditions of what is here or has come, those of lessons needed soon before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import AbstractSet, Dict, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

from content.renditions.names import BASE, RENDITIONS, best, split
from sync.journals.needs import LessonKey, Need, is_due, lesson_of
from sync.link.rules import Value

VideoKey = Tuple[str, str]
"""A pack, and what the names of all renditions of a video begin with."""
_LAST: Need = (1 << 63, 0)


@dataclass(frozen=True)
class Wanted:
    """A media file of a pack that is published and is not here. ``number`` tells it from others."""

    number: int
    pack: str
    path: str
    size_bytes: int

    @property
    def lesson(self) -> LessonKey:
        """The lesson whose folder it lies in; an empty name for what belongs to none."""
        return lesson_of(self.pack, self.path)

    @property
    def video(self) -> VideoKey:
        """The video of which it is a rendition; itself where it is none."""
        return video_of(self.pack, self.path)


def video_of(pack: str, path: str) -> VideoKey:
    """Return the video of which a media file is a rendition."""
    return pack, split(path)[0]


class Next(NamedTuple):
    """A media file in its turn, and what its bytes are worth."""

    wanted: Wanted
    value: Value


def plan_media(
    wanted: Sequence[Wanted],
    needed: Mapping[LessonKey, Need],
    now_ms: int,
    *,
    here: AbstractSet[VideoKey] = frozenset(),
    room_bytes: Optional[int] = None,
) -> List[Next]:
    """Return everything that is wanted in the order in which to fetch it.

    ``needed`` says when lessons are needed, ``here`` of which videos some rendition is here,
    ``room_bytes`` what may come tonight at most; None where nobody can tell.
    """

    def due(one: Wanted) -> bool:
        return is_due(needed.get(one.lesson), now_ms)

    def when(one: Wanted) -> Tuple[Need, int, int]:
        return needed.get(one.lesson, _LAST), one.size_bytes, one.number

    def smallest(one: Wanted) -> Tuple[bool, int, int]:
        return not due(one), one.size_bytes, one.number

    first = [one for one in wanted if one.video not in here]
    soon = _in_one_rendition([one for one in first if due(one)], room_bytes)
    rest = _in_one_rendition([one for one in first if not due(one)], None)
    taken = {one.number for one in (*soon, *rest)}
    late = [one for one in wanted if one.number not in taken]
    return [
        *(Next(one, Value.MEDIA_DUE) for one in sorted(soon, key=when)),
        *(Next(one, Value.MEDIA) for one in sorted(rest, key=smallest)),
        *(Next(one, Value.MEDIA) for one in sorted(late, key=smallest)),
    ]


def _in_one_rendition(wanted: Sequence[Wanted], room_bytes: Optional[int]) -> List[Wanted]:
    """Return one rendition of each video, the best of which all fit, and all that is no video."""
    videos: Dict[VideoKey, Dict[str, Wanted]] = {}
    others: List[Wanted] = []
    for one in wanted:
        rendition = split(one.path)[1]
        if rendition:
            videos.setdefault(one.video, {})[rendition] = one
        else:
            others.append(one)
    chosen: List[Wanted] = []
    for level in reversed(RENDITIONS[: RENDITIONS.index(BASE) + 1]):
        chosen = [video[best(video, level)] for video in videos.values()]
        if room_bytes is None or _size_bytes([*chosen, *others]) <= room_bytes:
            break
    return [*chosen, *others]


def _size_bytes(wanted: Sequence[Wanted]) -> int:
    return sum(one.size_bytes for one in wanted)


def lessons_of(
    wanted: Sequence[Wanted], needed: Mapping[LessonKey, Need], now_ms: int
) -> Set[LessonKey]:
    """Return the lessons that are needed soon and of which something is still to come."""
    return {one.lesson for one in wanted if is_due(needed.get(one.lesson), now_ms)}
