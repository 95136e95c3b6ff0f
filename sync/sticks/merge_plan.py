"""What a bag and a stick have to give each other: pure, over the names of what lies in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, FrozenSet, List, Optional, Set, Tuple

from sync.sticks.layout import parse_letter_name, parse_reply_name
from sync.sticks.mailbox import REPLIES_KEPT

UP, INVITATIONS, DOWN, OWN, FILES = "up", "invitations", "down", "own", "files"
ORDER = (UP, INVITATIONS, DOWN, OWN, FILES)
"""The most valuable first: the work of laptops, then what opens one, then answers."""


@dataclass(frozen=True)
class Plan:
    """Names (``<kind>/<name>``) in the order in which they go.

    ``take`` comes into the bag, ``give`` onto the stick, ``drop`` leaves the bag. ``shared`` lies
    on both sides already.
    """

    take: Tuple[str, ...]
    give: Tuple[str, ...]
    drop: Tuple[str, ...]
    shared: FrozenSet[str]


def plan_merge(
    bag: FrozenSet[str], stick: FrozenSet[str], answered: FrozenSet[str], remembered: FrozenSet[str]
) -> Plan:
    """Plan a merge of what lies in a bag and on a stick.

    ``answered`` are the laptops' letters to which there is a whole reply on either side,
    ``remembered`` is what lay on both before.
    """
    gone, let_go = remembered - stick, remembered - bag
    old = _old_replies(bag | stick)
    ended = answered | old
    take = {name for name in stick - bag - ended if _is_up(name) or name not in let_go}
    give = {name for name in bag - stick - ended if _is_up(name) or name not in gone}
    asking = {letter_of(name) for name in stick if _is_up(name)}
    give |= {name for name in bag - stick - old if replied_to(name) in asking}
    drop = {name for name in bag & gone if name.startswith((f"{OWN}/", f"{INVITATIONS}/"))}
    drop |= bag & ended
    return Plan(
        _ordered(take), _ordered(give - drop), _ordered(drop | (bag & answered)), bag & stick
    )


def letter_of(name: str) -> str:
    """Return the name (16 hex digits) of a laptop's letter; empty for anything else."""
    letter = parse_letter_name(name.partition("/")[2]) if _is_up(name) else None
    return letter.letter if letter else ""


def replied_to(name: str) -> Optional[str]:
    """Return the name of the letter that a reply replies to; None for anything else.

    The letter may lie in another box: the server replies to the laptop that signed it.
    """
    kind, _, rest = name.partition("/")
    reply = parse_reply_name(rest) if kind == DOWN else None
    return reply.letter if reply else None


def _is_up(name: str) -> bool:
    return name.startswith(f"{UP}/")


def _old_replies(names: FrozenSet[str]) -> Set[str]:
    """Return the replies that newer ones to the same laptop have pushed out."""
    by_box: Dict[str, List[Tuple[int, str]]] = {}
    for name in names:
        reply = parse_reply_name(name.partition("/")[2])
        if reply:
            by_box.setdefault(reply.box, []).append((reply.number, name))
    return {name for replies in by_box.values() for _, name in sorted(replies)[:-REPLIES_KEPT]}


def _ordered(names: Set[str]) -> Tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: (ORDER.index(name.partition("/")[0]), name)))
