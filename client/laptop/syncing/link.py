"""The link of this laptop: its rules, what was used of it, and what may go over it now, in words.

Rules, counts and the measured speed are settings in the database, so that the window and the
command line see the same (`sync.link.kept`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Callable, Mapping, Optional

from client.laptop.road import Road
from client.laptop.store import Store
from client.laptop.syncing.link_words import megabytes
from client.messages import Message
from sync.link.kept import KEEP_EVERY_BYTES, KEEP_EVERY_S, MEASURE, RULES, USAGE, KeptLink, Read
from sync.link.kept import Ride as KeptRide
from sync.link.policy import Now, Reason
from sync.link.rules import LinkRules, Value

__all__ = [
    "KEEP_EVERY_BYTES",
    "KEEP_EVERY_S",
    "MEASURE",
    "RULES",
    "USAGE",
    "Link",
    "Ride",
    "Verdict",
    "why",
]


@dataclass(frozen=True)
class Verdict:
    """Whether something may go over the link now, and if not, why and until when.

    ``until_ms`` is None where it waits for somebody, not for a time. ``code`` is that of the error
    which the pace raises in the same case.
    """

    allowed: bool
    reason: Optional[Message] = None
    until_ms: Optional[int] = None
    code: str = ""


class Link(KeptLink):
    """What is allowed, used and known of the link. For any number of threads."""

    def __init__(
        self,
        store: Store,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        address: Optional[Callable[[], Optional[str]]] = None,
    ) -> None:
        super().__init__(
            _Settings(store),
            _Times(store),
            monotonic=monotonic,
            sleep=sleep,
            address=address or _own_address,
        )

    def verdict(self, value: Value) -> Verdict:
        """Tell whether objects of this value may come now, and if not, why and until when."""
        found = self.decide(value)
        if found.reason is None:
            return Verdict(True)
        reason = why(found.reason, value, self.rules, self.now(), found.until_ms)
        return Verdict(False, reason, found.until_ms, found.reason.value)

    def ride(self, road: Road, near: bool = False) -> Ride:
        """Begin to use a road; end it with ``settle``. ``near``: within the school's network."""
        return NearRide(self, road) if near else Ride(self, road)


class Ride(KeptRide):
    """One use of a road: its pace, and what it came to."""

    def __init__(self, link: Link, road: Road) -> None:
        super().__init__(link, road)
        self._words = link

    def verdict(self, value: Value) -> Verdict:
        """Tell whether objects of this value may come; what comes next is taken to be such."""
        self._value = value
        return self._words.verdict(value)

    def reason(self, value: Value) -> Optional[Message]:
        """Say why objects of this value may not come now; None: they may."""
        return self.verdict(value).reason


class NearRide(Ride):
    """One use of a road within the school's own network: only a pause stops it.

    It costs nobody anything, so nothing is counted, and no hours, speed or megabytes hold.
    """

    def verdict(self, value: Value) -> Verdict:
        """Tell whether objects may come; what they are worth does not matter."""
        found = self._words.verdict(value)
        return found if found.code == Reason.PAUSED.value else Verdict(True)

    def spend(self, size_bytes: int) -> None:
        """Let everything go at once."""

    def settle(self) -> None:
        """Count nothing."""


class _Settings:
    """A link's notes among the laptop's settings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, name: str) -> str:
        return self._store.setting(name)

    def change(self, plan: Callable[[Read], Mapping[str, str]]) -> None:
        with self._store.database.transaction():
            self._store.keep_settings(plan(self.read))


class _Times:
    """What a laptop knows of the time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def now_ms(self) -> int:
        return self._store.now_ms()

    def machine_ms(self) -> int:
        return self._store.clock.now_ms()

    def reference_ms(self) -> int:
        membership = self._store.membership
        if membership is None or not membership.enrolled:
            return 0
        return self._store.journal().clock().floor_ms


def _own_address() -> Optional[str]:
    from sync.link.metered import own_address

    return own_address()


def why(
    reason: Reason, value: Value, rules: LinkRules, now: Now, until_ms: Optional[int]
) -> Message:
    """Say why something does not go now."""
    what = "videos" if value >= Value.MEDIA_DUE else "lessons" if value >= Value.TEXT else "work"
    if reason is Reason.PAUSED:
        return Message("link.why.paused")
    if reason is Reason.WINDOW:
        opens = now.local + timedelta(milliseconds=(until_ms or now.time_ms) - now.time_ms)
        return Message(f"link.why.window.{what}", {"clock": f"{opens:%H:%M}"})
    if reason is Reason.METERED:
        return Message(f"link.why.metered.{what}")
    if reason is Reason.DAY:
        return Message(f"link.why.day.{what}", {"size": megabytes(rules.day_bytes or 0)})
    return Message(f"link.why.month.{what}", {"size": megabytes(rules.month_bytes or 0)})
