"""Which of a version's media this laptop wants: one rendition of each video, and all else.

Decided from values alone. What is here already and no worse than the choice costs nothing more, so
that nothing is fetched beside it. Over a slow link a cheaper one comes first: an hour's sound is
here in minutes, when its picture takes the night.
"""

from __future__ import annotations

from typing import Collection, FrozenSet, Mapping

LONG_S = 600.0
"""A video that takes longer than so many seconds is preceded by a cheaper one."""


def wanted_paths(
    sizes_bytes: Mapping[str, int], here: Collection[str], choice: str, bytes_per_s: float
) -> FrozenSet[str]:
    """Return the paths that are to be here in the end, and for now.

    ``sizes_bytes`` gives all media by their paths, ``here`` those that have come, ``choice`` the
    rendition that people chose, ``bytes_per_s`` the measured link; 0 when it is not known.
    """
    from content.renditions.names import BASE, RENDITIONS, best, cheaper, grouped

    groups = grouped(sizes_bytes)
    wanted = set(sizes_bytes) - {path for group in groups.values() for path in group.values()}
    for group in groups.values():
        served = best(group, choice or BASE)
        enough = RENDITIONS[RENDITIONS.index(served) :]
        there = [one for one in RENDITIONS if one in group and group[one] in here]
        wanted |= {group[one] for one in there}
        if any(one in enough for one in there):
            continue
        wanted.add(group[served])
        takes_s = sizes_bytes[group[served]] / bytes_per_s if bytes_per_s else 0.0
        if takes_s > LONG_S and not there:
            wanted |= {group[one] for one in cheaper(group, choice or BASE)[:1]}
    return frozenset(wanted)
