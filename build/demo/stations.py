"""Passing a station: what was seen there goes into the account, and so does why a road ended."""

from __future__ import annotations

import contextlib
from typing import Callable, Dict, Iterator, List, Optional

from build.demo.account import Account, Station, Value
from build.demo.tools import ToolError
from client.laptop.errors import LaptopError
from sync.errors import SyncError

FAILURES = (ToolError, LaptopError, SyncError, LookupError, TimeoutError, RuntimeError, OSError)
"""What may go wrong on a road; the account names it and the road ends there."""


class RoadEndedError(Exception):
    """A station was not passed."""


class Stations:
    """Opens the stations of one walk, one after another.

    ``failing`` tells more about a road that ends, ``passed`` is called after each station that was
    passed.
    """

    def __init__(
        self,
        account: Account,
        failing: Callable[[], Dict[str, Value]] = dict,
        passed: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._account, self._failing, self._passed = account, failing, passed

    @contextlib.contextmanager
    def __call__(
        self, name: str, pictures: Optional[List[str]] = None
    ) -> Iterator[Dict[str, Value]]:
        """Give the facts of a station, to be filled; ``pictures`` may grow meanwhile.

        Raises:
            RoadEndedError: it was not passed.
        """
        facts: Dict[str, Value] = {}
        taken = pictures if pictures is not None else []
        try:
            yield facts
        except FAILURES as error:
            facts["stopped by"] = str(error) or type(error).__name__
            facts.update(self._failing())
            self._account.add(Station(name, passed=False, facts=facts, pictures=taken))
            raise RoadEndedError(name) from error
        self._account.add(Station(name, passed=True, facts=facts, pictures=taken))
        self._passed(name)
