"""A laptop's letters to itself: the records of its up letter, for when its disk was set back.

Restore software may take away what a laptop wrote and left on a stick. The own letter brings it
back: what continues this disk's journal is appended to it as it was; what does not (something else
was written since) is carried over to a branch, so that it counts, once, whoever else has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence, Tuple

from sync.clock import Clock
from sync.exchanges.dialogue import Parties
from sync.record import Record
from sync.sticks.letter import Letter


@dataclass(frozen=True)
class Recovered:
    """What an own letter brought back, and the parties as they are now.

    ``records`` are those that this disk did not have. ``branches`` is 1 where the journal branched
    off for them. ``spent`` tells that the server is known to hold all of the letter.
    """

    parties: Parties
    records: Tuple[Record, ...] = ()
    branches: int = 0
    spent: bool = False


def make_own_letter(parties: Parties, runs: Sequence[Sequence[Record]]) -> bytes:
    """Return the letter with runs of consecutive records of the journal; empty for none."""
    raise NotImplementedError


def recover(parties: Parties, letter: Letter, clock: Clock) -> Recovered:
    """Take from an own letter what this disk does not have. Doing it again changes nothing.

    To be called before anything else is written on a visit, with the own letters in the boxes of
    ``correspondence.own_devices``.

    Raises:
        MessageError: it is not a letter that these keys wrote.
    """
    raise NotImplementedError
