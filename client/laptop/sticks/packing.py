"""What a teacher chooses for a stick, and what came of writing it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterable, Mapping, Optional, Tuple

from client.laptop.account import Problem
from client.laptop.packs.lessons import Text

TEXT, SOUND, ALL = "text", "sound", "all"
LEVELS = (ALL, SOUND, TEXT)
"""How much of a pack goes along, as the window offers it (`content.carrying.CHOICES` has more)."""
USUAL_BYTES_PER_S = 6_000_000
"""What a cheap stick of USB 2 writes."""


@dataclass(frozen=True)
class PackOffer:
    """A pack that this laptop can put on a stick.

    ``sizes_bytes`` gives what it takes by level, as far as it is here; ``videos_here`` of its
    ``videos`` are.
    """

    publisher: str
    pack: str
    version: int
    title: Text
    subject: str
    grade: int
    lessons: int
    sizes_bytes: Mapping[str, int]
    videos: int = 0
    videos_here: int = 0

    @property
    def key(self) -> str:
        """What a stick's choice names it by."""
        return f"{self.publisher}/{self.pack}"


@dataclass(frozen=True)
class Wishes:
    """Which packs a stick shall carry from now on: ``<publisher>/<pack>`` to a level."""

    packs: Mapping[str, str]

    def size_bytes(self, offers: Iterable[PackOffer]) -> int:
        """How much that is, of what is offered."""
        return sum(
            one.sizes_bytes.get(self.packs[one.key], 0) for one in offers if one.key in self.packs
        )


@dataclass(frozen=True)
class Written:
    """What writing one stick did.

    ``packs`` and ``size_bytes`` are what the stick carries now of what was wished,
    ``written_bytes`` what had to be written for it in ``duration_s``. ``problem`` is what ended it
    early, ``set_aside`` what failed alone.
    """

    packs: Tuple[str, ...] = ()
    size_bytes: int = 0
    written_bytes: int = 0
    duration_s: float = 0.0
    problem: Optional[Problem] = None
    set_aside: Tuple[Problem, ...] = field(default=())


def estimate_s(size_bytes: int, bytes_per_s: float) -> float:
    """How long writing takes, with a little for looking and flushing."""
    return 2.0 + size_bytes / (bytes_per_s or USUAL_BYTES_PER_S)
