"""A stick that is in this machine: what it is, and what can be done with it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Optional

from client.laptop.account import Problem


class Kind(enum.Enum):
    """What a drive is to us."""

    OURS = "ours"
    """It carries our folder, in a format that we know."""
    EMPTY = "empty"
    """Nothing of ours is on it; it can be made a stick."""
    UNUSABLE = "unusable"
    """It carries something of ours that we cannot use, or it cannot be read."""


@dataclass(frozen=True)
class SeenStick:
    """One drive; ``root`` names it as long as it is in, ``serial`` tells it from the next there.

    ``of_school`` is true where letters of this laptop's school lie on it. ``choice`` is which packs
    it shall carry (``<publisher>/<pack>`` to ``all``, ``sound`` or ``text``), ``problem`` why it is
    unusable.
    """

    root: Path
    label: str
    kind: Kind
    free_bytes: int = 0
    writable: bool = True
    choice: Optional[Mapping[str, str]] = None
    problem: Optional[Problem] = None
    serial: str = ""
    of_school: bool = False

    @property
    def name(self) -> str:
        """What to call it: its label, or where it is."""
        return self.label or self.root.name or str(self.root)
