"""When an object is left to neighbours that lend it, and when its own source is asked all the same.

Neighbours come first: what one laptop has, another one need not fetch over the school's line or
from its one server. But they have it only after somebody fetched it. So each laptop waits for them
for as long as it happens to draw, and where nothing came meanwhile fetches one object from where it
comes, whichever of those that are due soon, and waits again: a class that begins together soon
holds different objects, and hands them on. Neighbours that have nothing to hope for are not waited
for at all.
"""

from __future__ import annotations

import random
from typing import Callable, Collection, Container, FrozenSet, Optional, Sequence

from sync.errors import SyncError
from sync.roads.errand import Errand

PATIENCE_S = 2.0
"""The longest wait for each neighbour there is, up to ``LONGEST_S`` for all."""
LONGEST_S = 12.0
HELD_S = 30.0
"""The longest wait while a neighbour brings something, however slowly."""
LEAST_AGAIN_S = 1.0
NAP_S = 0.2
VAIN_S = 60.0
"""Where neighbours brought nothing for so long, whatever they promise, they are not waited for."""
FAR_OFF_S = 30.0
"""Who wants to be asked only after so long is not asked again in this run."""


class Lenders:
    """Which sources are neighbours, and how long they are waited for."""

    def __init__(
        self, sources: Collection[int] = (), draw: Callable[[], float] = random.random
    ) -> None:
        self.sources: FrozenSet[int] = frozenset(sources)
        self._draw = draw
        self._patience_s = self._drawn_s()
        self._moved_s = self._lent_s = self._hoped_s = float("-inf")

    def nap_s(self, usual_s: float) -> float:
        """Return how long to wait before looking again who may be asked."""
        return NAP_S if self.sources else usual_s

    def begins(self, source: int, errand: Errand, now_s: float) -> None:
        """Note that an object begins to come; from who is no neighbour, one is enough for now."""
        if errand.part and source not in self.sources:
            self._moved_s, self._patience_s = now_s, self._drawn_s()

    def brings(self, source: int, now_s: float) -> None:
        """Note that bytes come; a neighbour who is at it is worth a longer wait."""
        if source in self.sources:
            self._lent_s = now_s

    def came(self, errand: Errand, now_s: float) -> None:
        """Note that an object has come: while neighbours bring them, they are waited for."""
        if errand.part:
            self._moved_s = now_s

    def may_ask(self, source: int, errand: Errand, gone: Container[int], now_s: float) -> bool:
        """Tell whether a source is to be asked for an object now."""
        if source in self.sources:
            return errand.again_s.get(source, now_s) <= now_s
        hopeful = any(one not in gone and one not in errand.not_at for one in self.sources)
        if not (errand.part and hopeful) or self._is_in_vain(errand, now_s):
            return True
        waited_s = now_s - max(self._moved_s, errand.expected_s)
        lent = now_s - self._lent_s < self._patience_s
        return waited_s >= (HELD_S if lent else self._patience_s)

    def is_slow(self, source: int, heir: int) -> bool:
        """Tell whether a neighbour is given up because another source overtook it.

        What comes from it would hold back the object's own source, which is faster.
        """
        return source in self.sources and heir not in self.sources

    def first(
        self, source: int, asked: Sequence[Errand], waiting: Sequence[Errand]
    ) -> Optional[Errand]:
        """Return what is to come before the order: what is asked for, or one by chance."""
        if not self.sources or source in self.sources or any(not one.part for one in asked):
            return asked[0] if asked else None
        return waiting[int(self._draw() * len(waiting))] if asked else None

    def bears(self, source: int, errand: Errand, error: SyncError, now_s: float) -> bool:
        """Note how a neighbour failed; tell whether it may be asked for anything else."""
        if source not in self.sources or error.code not in ("object-missing", "server-busy"):
            return error.code == "object-missing"
        retry_after_s = getattr(error, "retry_after_s", 0.0)
        own_source_failed = bool(errand.not_at - self.sources)
        if error.code == "object-missing" or own_source_failed:
            # Nobody is left who would end a wait for what a neighbour hopes to have.
            errand.not_at.add(source)
        elif retry_after_s > FAR_OFF_S:
            return False
        else:
            errand.again_s[source] = now_s + max(LEAST_AGAIN_S, retry_after_s)
        return True

    def _is_in_vain(self, errand: Errand, now_s: float) -> bool:
        if self._hoped_s == float("-inf"):
            self._hoped_s = errand.expected_s
        return now_s - max(self._hoped_s, self._lent_s) > VAIN_S

    def _drawn_s(self) -> float:
        return self._draw() * min(LONGEST_S, PATIENCE_S * len(self.sources))
