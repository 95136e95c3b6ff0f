"""What one visit of a stick did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, Tuple

from sync_server.relay.mirroring import Mirrored
from sync_server.sticks.lessons import Lessons


@dataclass(frozen=True)
class Visit:
    """What one visit did.

    ``letters`` of ``laptops`` were taken in, ``replies`` and ``invitations`` laid down;
    ``files_taken`` and ``files_given`` are attached files, ``taken`` the lessons that were newer on
    the stick, ``lessons`` those that it got. ``strangers`` are publishers on it whom this server
    does not know, ``other_schools`` counts those whose letters are none of ours.

    ``damaged`` names what was found damaged, and removed where that can be; ``problems`` say by
    path or name what could not be used alone, by a code. ``problem`` is the code of what kept the
    visit from its end, empty where nothing did. ``safe`` tells that all that was written is on the
    stick: it may be taken out.
    """

    letters: int = 0
    laptops: int = 0
    replies: int = 0
    files_taken: int = 0
    files_given: int = 0
    invitations: int = 0
    lessons: Lessons = field(default_factory=Lessons)
    taken: Mirrored = field(default_factory=Mirrored)
    strangers: Tuple[str, ...] = ()
    other_schools: int = 0
    damaged: Tuple[str, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    safe: bool = True

    @property
    def is_new(self) -> bool:
        """Whether anything came or was laid down."""
        files = self.files_taken or self.files_given or self.lessons.files or self.lessons.removed
        lessons = files or self.taken.packs or self.taken.media
        return bool(self.letters or self.replies or self.invitations or self.damaged or lessons)
