"""Whether this laptop lends now, where, and of which packs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Callable, FrozenSet, Optional

from client.laptop.lending.battery import battery_percent
from client.laptop.packs.library import PACKS_FOLDER
from client.laptop.store import Store
from sync.nearby.advert import pack_tag

if TYPE_CHECKING:
    from client.laptop.lending.service import Lender

SETTING = "lending"
YES, NO = "yes", "no"
LEAST_PERCENT = 50
"""A battery below is kept for its own pupil."""
LOOK_AGAIN_S = 30.0


class Lending:
    """The lending of one laptop. ``attend`` and ``close`` are for one thread at a time.

    While ``busy`` tells that somebody needs the machine for a video, it is announced as before and
    lends nothing: an old one shows no picture late for a neighbour's sake.
    """

    def __init__(
        self,
        store: Store,
        welcome: Callable[[str], bool],
        battery: Callable[[], Optional[int]] = battery_percent,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._welcome = welcome
        self._battery = battery
        self._monotonic = monotonic
        self._percent: Optional[int] = None
        self._percent_s: Optional[float] = None
        self._lender: Optional[Lender] = None
        self.busy: Callable[[], bool] = lambda: False

    @property
    def allowed(self) -> bool:
        """Whether somebody lets this laptop lend; so it is until somebody says no."""
        return self._store.setting(SETTING, YES) != NO

    def allow(self, allowed: bool) -> None:
        """Let this laptop lend, or not; what is being lent ends with the next turn."""
        self._store.keep_settings({SETTING: YES if allowed else NO})

    def has_power(self) -> bool:
        """Whether the machine is on mains, or its battery is half full. Asks only now and then."""
        now_s = self._monotonic()
        if self._percent_s is None or now_s - self._percent_s >= LOOK_AGAIN_S:
            self._percent, self._percent_s = self._battery(), now_s
        return self._percent is None or self._percent >= LEAST_PERCENT

    def is_willing(self) -> bool:
        """Whether anything is lent at this moment: lenders ask it with every few bytes."""
        return self.has_power() and not self.busy()

    @property
    def lent_bytes(self) -> int:
        """How many bytes were lent since the programme began to lend."""
        return self._lender.lent_bytes if self._lender else 0

    def attend(self) -> Optional[int]:
        """Lend or not, as things are now; return the port, or None where nothing is lent.

        Raises OSError where no port is to be had.
        """
        if not (self.allowed and self.has_power() and self.tags()):
            self.close()
            return None
        if self._lender is None:
            from client.laptop.lending.service import Lender
            from client.laptop.lending.shelf import Shelf

            shelf = Shelf(self._store.folder / PACKS_FOLDER)
            self._lender = Lender(shelf, self._welcome, self.is_willing)
        return self._lender.port

    def tags(self) -> FrozenSet[bytes]:
        """The tags of the pack versions that lessons are shown from."""
        rows = self._store.database.connection.execute(
            "SELECT publisher, pack, version FROM wanted JOIN packs USING (pack, version)"
        )
        return frozenset(pack_tag(*row) for row in rows)

    def close(self) -> None:
        """Lend no more."""
        if self._lender is not None:
            self._lender.close()
            self._lender = None
