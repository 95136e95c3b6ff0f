"""The line to the servers above: its hours, speed and megabytes, kept in the school's store.

Records are small and go at any hour, unless somebody wants quiet outside of the window; packs go
within the rules. Several upstreams share one line.
"""

from __future__ import annotations

import time
from typing import Callable, Mapping, Optional, TypeVar

from sync.errors import RulesError
from sync.link.kept import KeptLink, Read
from sync.link.policy import Reason
from sync.link.rules import LinkRules, Metered, parse_budget, parse_rate, parse_windows
from sync_server.errors import SetupError
from sync_server.school_clock import SchoolClock
from sync_server.store.protocol import Store

_Value = TypeVar("_Value")
RULE_CODES = frozenset(reason.value for reason in Reason)
"""The errors that say that a rule holds something back: nothing failed."""


class Line(KeptLink):
    """What is allowed, used and known of a school's line. For any number of threads."""

    def __init__(
        self,
        store: Store,
        clock: SchoolClock,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(_Settings(store), clock, monotonic=monotonic, sleep=sleep)


def line_rules(
    window: Optional[str], rate: Optional[str], budget: Optional[str], *, silent_outside: bool
) -> LinkRules:
    """Return the rules that somebody typed; None is no rule.

    Raises:
        SetupError: one of them is not understood, or silence is wanted outside of no window.
    """
    if silent_outside and not window:
        raise SetupError("--silent-outside says what happens outside of --window: give that too.")
    rate_bytes_per_s, leave_room = _read("--rate", rate or "none", parse_rate)
    day_bytes, month_bytes = _read("--budget", budget or "none", parse_budget)
    return LinkRules(
        windows=_read("--window", window or "always", parse_windows),
        quiet_outside=silent_outside,
        rate_bytes_per_s=rate_bytes_per_s,
        leave_room=leave_room,
        day_bytes=day_bytes,
        month_bytes=month_bytes,
        metered=Metered.NO,
    )


def _read(option: str, typed: str, parse: Callable[[str], _Value]) -> _Value:
    try:
        return parse(typed)
    except RulesError as error:
        raise SetupError(f"{option} is not understood: {error.detail}.") from error


class _Settings:
    """A line's notes among the server's settings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, name: str) -> str:
        with self._store.transaction() as transaction:
            return transaction.setting(name) or ""

    def change(self, plan: Callable[[Read], Mapping[str, str]]) -> None:
        with self._store.transaction() as transaction:
            for name, value in plan(lambda one: transaction.setting(one) or "").items():
                transaction.set_setting(name, value)
