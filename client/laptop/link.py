"""The link of this laptop: its rules, what was used of it, and what may go over it now.

Rules, counts and the measured speed are settings in the database, so that the window and the
command line see the same. While objects come, counts are kept in memory and written down now and
then.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Callable, Optional, Tuple

from client.laptop.link_words import megabytes
from client.laptop.road import Road
from client.laptop.store import Store
from client.messages import Message
from sync.errors import RulesError
from sync.link.local_time import local_time, machine_zone_offset_s
from sync.link.measure import Measure, measure_from
from sync.link.meter import ROOM, LinkMeter
from sync.link.policy import Now, Reason
from sync.link.rules import LinkRules, Metered, Value, rules_from
from sync.link.usage import Usage, usage_from

RULES, USAGE, MEASURE = "link.rules", "link.usage", "link.measure"
KEEP_EVERY_S = 10.0
KEEP_EVERY_BYTES = 1 << 20
"""As often is written down what was used: a power cut forgets no more than this."""

Cancel = Callable[[], bool]


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


class Link:
    """What is allowed, used and known of the link. For any number of threads."""

    def __init__(
        self,
        store: Store,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        address: Optional[Callable[[], Optional[str]]] = None,
    ) -> None:
        self._store = store
        self._monotonic = monotonic
        self._address = address
        self._keeping = threading.Lock()
        self._kept_at_s = monotonic()
        self._meter = LinkMeter(self.now(), monotonic=monotonic, sleep=sleep)
        self._meter.measure = measure_from(self._setting(MEASURE))

    @property
    def rules(self) -> LinkRules:
        """The rules as they are kept; none where they cannot be read."""
        try:
            return rules_from(self._setting(RULES) or {})
        except RulesError:
            return LinkRules()

    def set_rules(self, rules: LinkRules) -> None:
        """Keep new rules; what is under way heeds them at once."""
        self._store.keep_settings({RULES: json.dumps(rules.as_json())})
        self.refresh()

    @property
    def usage(self) -> Usage:
        """What was used, with what is not written down yet."""
        now = self.now()
        usage = usage_from(self._setting(USAGE)).corrected(*self._reference(now))
        return usage.plus(now.day, self._meter.new_bytes) if self._meter.new_bytes else usage

    @property
    def measure(self) -> Measure:
        """What is known of the link's speed and delay."""
        return self._meter.measure

    def duration_s(self, size_bytes: int) -> Optional[float]:
        """Estimate how long objects of this size take to come; None when the link is not known."""
        rules, measured_s = self.rules, self.measure.duration_s(size_bytes)
        times_s = [size_bytes / rules.rate_bytes_per_s] if rules.rate_bytes_per_s else []
        if measured_s is not None:
            times_s.append(measured_s / (ROOM if rules.leave_room else 1.0))
        return max(times_s, default=None)

    @property
    def metered(self) -> bool:
        """Whether this is taken for a link that is paid by the megabyte."""
        return self._is_metered(self.rules)

    def now(self) -> Now:
        """Tell the likeliest time, and what a right clock on the wall shows."""
        true_ms = self._store.now_ms()
        return Now(true_ms, self._local(true_ms))

    def verdict(self, value: Value) -> Verdict:
        """Tell whether objects of this value may come now, and if not, why and until when."""
        self.refresh()
        found = self._meter.verdict(value)
        if found.reason is None:
            return Verdict(True)
        reason = why(found.reason, value, self.rules, self.now(), found.until_ms)
        return Verdict(False, reason, found.until_ms, found.reason.value)

    def ride(self, road: Road) -> Ride:
        """Begin to use a road; end it with ``settle``."""
        self.refresh()
        self._meter.measure = with_round_trip(self._meter.measure, road)
        return Ride(self, self._meter, road)

    def refresh(self) -> None:
        """Read what may have changed: rules, counts, the time."""
        rules, now = self.rules, self.now()
        usage = usage_from(self._setting(USAGE)).corrected(*self._reference(now))
        self._meter.inform(rules, usage, now, self._is_metered(rules))

    def keep(self) -> None:
        """Write down what was used since, and the measure."""
        with self._keeping:
            size_bytes = self._meter.new_bytes
            self._kept_at_s = self._monotonic()
            if not size_bytes:
                return
            now = self.now()
            with self._store.database.transaction() as connection:
                kept = usage_from(self._setting(USAGE)).corrected(*self._reference(now))
                usage = kept.plus(now.day, size_bytes)
                values = {USAGE: usage.as_json(), MEASURE: self._meter.measure.as_json()}
                connection.executemany(
                    "INSERT OR REPLACE INTO settings VALUES (?, ?)",
                    [(name, json.dumps(value)) for name, value in values.items()],
                )
            self._meter.kept(size_bytes, usage)

    def keep_if_due(self) -> None:
        """Write down what was used where that is much, or some time ago."""
        waited_s = self._monotonic() - self._kept_at_s
        if waited_s >= KEEP_EVERY_S or self._meter.new_bytes >= KEEP_EVERY_BYTES:
            self.keep()
            self.refresh()

    def _is_metered(self, rules: LinkRules) -> bool:
        if rules.metered is not Metered.AUTO:
            return rules.metered is Metered.YES
        # Not before it is asked: a programme that starts needs no sockets.
        from sync.link.metered import is_telephones, own_address

        return is_telephones((self._address or own_address)() or "")

    def _reference(self, now: Now) -> Tuple[int, int]:
        """Give the server's last word on the time, and the day it fell on here."""
        membership = self._store.membership
        if membership is None or not membership.enrolled:
            return 0, now.day
        floor_ms = self._store.journal().clock().floor_ms
        return floor_ms, self._local(floor_ms).toordinal()

    def _local(self, true_ms: int) -> datetime:
        machine_ms = self._store.clock.now_ms() + (true_ms - self._store.now_ms())
        return local_time(true_ms, machine_ms, machine_zone_offset_s(true_ms))

    def _setting(self, name: str) -> Any:
        try:
            return json.loads(self._store.setting(name, "null"))
        except ValueError:
            return None


class Ride:
    """One use of a road: its pace, and what it came to.

    What goes over it is work until a verdict is asked for, and then what was asked about last.
    """

    def __init__(self, link: Link, meter: LinkMeter, road: Road) -> None:
        self._link, self._meter, self._road = link, meter, road
        self._before_bytes = road.sent_bytes + road.received_bytes
        self._value = Value.WORK
        self._paced_bytes = 0

    def verdict(self, value: Value) -> Verdict:
        """Tell whether objects of this value may come; what comes next is taken to be such."""
        self._value = value
        return self._link.verdict(value)

    def reason(self, value: Value) -> Optional[Message]:
        """Say why objects of this value may not come now; None: they may."""
        return self.verdict(value).reason

    def spend(self, size_bytes: int) -> None:
        """Be the pace of a road that carries objects: count, stop by the rules, and wait."""
        self._paced_bytes += size_bytes
        self._meter.spend(size_bytes, self._value)

    def watch(self, cancel: Cancel) -> Cancel:
        """Write counts down whenever ``cancel`` is asked; it is asked often, on one thread."""

        def watched() -> bool:
            self._link.keep_if_due()
            return cancel()

        return watched

    def settle(self) -> None:
        """Count what the road carried besides objects, and write all of it down."""
        total_bytes = self._road.sent_bytes + self._road.received_bytes - self._before_bytes
        self._meter.count(max(0, total_bytes - self._paced_bytes))
        self._meter.measure = with_round_trip(self._meter.measure, self._road)
        self._link.keep()


def with_round_trip(measure: Measure, road: Road) -> Measure:
    """Return the measure with what a road that measures knows of its round trip."""
    flow = getattr(road, "flow", None)
    trip_s = flow.round_trip_s if flow is not None else None
    return measure if trip_s is None else measure.with_answer(trip_s)


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
