"""Units as children type them: км/ч, m^2, кг·м."""

from __future__ import annotations

import re
from typing import Optional, Sequence, Tuple

from content.number import MAX_TYPED, parse_number

_SAME = {
    ord("\u00b2"): "2",
    ord("\u00b3"): "3",
    ord("^"): None,
    ord("\u22c5"): "·",
    ord("\u2219"): "·",
    ord("*"): "·",
    ord("\u00b5"): "\u03bc",
    ord("\u2103"): "°C",
    ord("\u02da"): "°",
    ord("\u00ba"): "°",
    ord("\u2215"): "/",
    ord("\u2044"): "/",
}
_SPACE = re.compile(r"\s+|[\u200b-\u200f\u2060\ufeff]+")
# A Cyrillic and a Latin letter that look the same are the same in a unit: °С is typed on either.
_LOOKALIKES = str.maketrans("АВСЕНКМОРТХасеорху", "ABCEHKMOPTXaceopxy")


def plain_unit(typed: str) -> str:
    """A unit without what is written in several ways. Small and capital letters stay apart.

    Milliwatts are no megawatts; only spaces, powers, signs and the look of letters are evened out.
    """
    return _SPACE.sub("", typed).translate(_SAME).translate(_LOOKALIKES).rstrip(".")


def split_unit(typed: str, units: Sequence[str]) -> Tuple[str, Optional[str]]:
    """The number and the unit behind it, as typed; the unit is empty when there is none.

    ``None`` in place of the unit says that what stands behind the number is none of ``units``.
    """
    if len(typed) > 2 * MAX_TYPED:
        return typed, None
    wanted = {plain_unit(unit) for unit in units}
    for end in range(len(typed), 0, -1):
        if parse_number(typed[:end]) is not None:
            rest = plain_unit(typed[end:])
            if not rest:
                return typed[:end], ""
            # "5/" parses no longer number, but "5 м2" must not give its 2 away: the longest
            # number decides, and what follows is the unit.
            return typed[:end], rest if rest in wanted else None
    return typed, None
