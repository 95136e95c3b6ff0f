"""Which lessons' media go when the disk fills up: decided from values alone.

Texts and tasks stay, and so does all that people wrote. Of media go first those that only older
versions of a pack have, then those of lessons that no plan needs soon, then those that are needed,
the latest first. Of equals goes what came first, and of one pack what frees most.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, List, Mapping, Tuple

from sync.journals.needs import LessonKey, Need, is_due


@dataclass(frozen=True)
class Holding:
    """A media file that lies in a repository here.

    ``came_s`` is when its pack's version came, ``superseded`` that only older versions have it.
    ``lessons`` are all that show it.
    """

    place: Path
    size_bytes: int
    came_s: float
    lessons: Tuple[LessonKey, ...]
    superseded: bool = False


def plan_clearing(
    holdings: Iterable[Holding],
    wanted_bytes: int,
    needed: Mapping[LessonKey, Need],
    now_ms: int,
    *,
    spare_due: bool = False,
) -> List[Holding]:
    """Return what goes so that ``wanted_bytes`` become free, or as much as there is.

    ``spare_due`` leaves what is needed soon: for when something else that is needed shall come.
    """

    def need_of(one: Holding) -> int:
        """When it is needed; 0 for what nobody needs soon, and later things are less urgent."""
        due = [need for need in map(needed.get, one.lessons) if need and is_due(need, now_ms)]
        return min(need[0] for need in due) if due and not one.superseded else 0

    def order(one: Holding) -> Tuple[bool, bool, int, float, int, Path]:
        need = need_of(one)
        return (not one.superseded, need > 0, -need, one.came_s, -one.size_bytes, one.place)

    going: List[Holding] = []
    for one in sorted(holdings, key=order):
        if wanted_bytes <= 0:
            break
        if spare_due and need_of(one):
            continue
        going.append(one)
        wanted_bytes -= one.size_bytes
    return going
