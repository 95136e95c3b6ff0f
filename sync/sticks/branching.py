"""Branching off where the server's answer takes days: at once, the claim following by letter."""

from __future__ import annotations

from typing import Tuple

from sync.clock import Clock
from sync.exchanges.dialogue import Parties
from sync.exchanges.healing import with_identity
from sync.journals.lineage import Lineage


def branch_off(parties: Parties, clock: Clock, shared_seq: int) -> Tuple[Parties, int]:
    """Go on under a new identity; return the parties, and how many records were carried over.

    ``shared_seq`` is how far the server is known to have held the journal as it is here. Every
    letter claims the new identity until the server has answered that it knows it.
    """
    lineage = Lineage(parties.db, clock, parties.journal.bodies)
    child = lineage.prepare(parties.identity)
    carried = lineage.adopt_unheard(child, parties.identity, shared_seq)
    return with_identity(parties, child, clock), carried
