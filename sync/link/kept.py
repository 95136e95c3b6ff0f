"""A link whose counts and speed outlive the programme: what of it is allowed, used and known.

Rules, counts and the measured speed are notes that whoever owns the link keeps (a laptop's
settings, a server's), so that every process sees the same. While objects come, counts are kept in
memory and written down now and then.
"""

from __future__ import annotations

import json
import threading
import time
from datetime import datetime
from typing import Any, Callable, Mapping, Optional, Protocol, Tuple

from sync.errors import RulesError
from sync.link.local_time import local_time, machine_zone_offset_s
from sync.link.measure import Measure, measure_from
from sync.link.meter import ROOM, LinkMeter
from sync.link.policy import SHARES, Now, Verdict
from sync.link.rules import LinkRules, Metered, Value, rules_from
from sync.link.usage import Usage, usage_from

RULES, USAGE, MEASURE = "link.rules", "link.usage", "link.measure"
KEEP_EVERY_S = 10.0
KEEP_EVERY_BYTES = 1 << 20
"""As often is written down what was used: a power cut forgets no more than this."""

Cancel = Callable[[], bool]
Read = Callable[[str], str]


class Notes(Protocol):
    """Where a link's notes are kept."""

    def read(self, name: str) -> str:
        """Return a note; empty where there is none."""
        ...

    def change(self, plan: Callable[[Read], Mapping[str, str]]) -> None:
        """Keep what ``plan`` makes of the notes as they are; nobody else changes them meanwhile."""
        ...


class Times(Protocol):
    """What the owner of a link knows of the time, in milliseconds since 1970."""

    def now_ms(self) -> int:
        """Return the likeliest time."""
        ...

    def machine_ms(self) -> int:
        """Return what the machine itself believes."""
        ...

    def reference_ms(self) -> int:
        """Return the server's last word on the time; 0 where there was none."""
        ...


class Carried(Protocol):
    """A road that counts."""

    @property
    def sent_bytes(self) -> int:
        """Bytes sent, headers included."""
        ...

    @property
    def received_bytes(self) -> int:
        """Bytes received, headers included."""
        ...


class KeptLink:
    """What is allowed, used and known of a link. For any number of threads.

    ``address`` returns this machine's own address, by which a telephone's link is told; None where
    nobody wants that guessed.
    """

    def __init__(
        self,
        notes: Notes,
        times: Times,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        address: Optional[Callable[[], Optional[str]]] = None,
    ) -> None:
        self._notes = notes
        self._times = times
        self._monotonic = monotonic
        self._address = address
        self._keeping = threading.Lock()
        self._kept_at_s = monotonic()
        self._meter = LinkMeter(self.now(), monotonic=monotonic, sleep=sleep)
        self._meter.measure = measure_from(self._note(MEASURE))

    @property
    def rules(self) -> LinkRules:
        """The rules as they are kept; none where they cannot be read."""
        kept = self._note(RULES)
        try:
            return rules_from(kept if isinstance(kept, dict) else {})
        except RulesError:
            return LinkRules()

    def set_rules(self, rules: LinkRules) -> None:
        """Keep new rules; what is under way heeds them at once."""
        kept = json.dumps(rules.as_json())
        self._notes.change(lambda _: {RULES: kept})
        self.refresh()

    @property
    def usage(self) -> Usage:
        """What was used, with what is not written down yet."""
        now = self.now()
        usage = self._usage(now)
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

    def room_bytes(self) -> Optional[int]:
        """Return what may come until the window closes or the budget ends; None: nobody knows."""
        rules, now, usage = self.rules, self.now(), self.usage
        share = SHARES[Value.MEDIA_DUE]
        rooms = [
            int(budget_bytes * share) - used_bytes
            for budget_bytes, used_bytes in (
                (rules.day_bytes, usage.day_bytes(now.day)),
                (rules.month_bytes, usage.month_bytes(now.day)),
            )
            if budget_bytes is not None
        ]
        minute = now.local.hour * 60 + now.local.minute
        left = [one.minutes_left(minute) for one in rules.windows if one.holds(minute)]
        speeds = [one for one in (rules.rate_bytes_per_s, self.measure.bytes_per_s) if one]
        if left and speeds:
            rooms.append(int(max(left) * 60 * min(speeds)))
        return max(0, min(rooms)) if rooms else None

    @property
    def metered(self) -> bool:
        """Whether this is taken for a link that is paid by the megabyte."""
        return self._is_metered(self.rules)

    def now(self) -> Now:
        """Tell the likeliest time, and what a right clock on the wall shows."""
        true_ms = self._times.now_ms()
        return Now(true_ms, self._local(true_ms))

    def decide(self, value: Value) -> Verdict:
        """Tell whether objects of this value may come now, and if not, why and until when."""
        self.refresh()
        return self._meter.verdict(value)

    def refresh(self) -> None:
        """Read what may have changed: rules, counts, the time."""
        rules, now = self.rules, self.now()
        self._meter.inform(rules, self._usage(now), now, self._is_metered(rules))

    def keep(self) -> None:
        """Write down what was used since, and the measure."""
        with self._keeping:
            size_bytes = self._meter.new_bytes
            self._kept_at_s = self._monotonic()
            if not size_bytes:
                return
            now = self.now()
            kept = [Usage()]

            def plan(read: Read) -> Mapping[str, str]:
                before = usage_from(_parsed(read(USAGE))).corrected(*self._reference(now))
                kept[0] = before.plus(now.day, size_bytes)
                values = {USAGE: kept[0].as_json(), MEASURE: self._meter.measure.as_json()}
                return {name: json.dumps(value) for name, value in values.items()}

            self._notes.change(plan)
            self._meter.kept(size_bytes, kept[0])

    def keep_if_due(self) -> None:
        """Write down what was used where that is much, or some time ago."""
        waited_s = self._monotonic() - self._kept_at_s
        if waited_s >= KEEP_EVERY_S or self._meter.new_bytes >= KEEP_EVERY_BYTES:
            self.keep()
            self.refresh()

    def spend(self, size_bytes: int, value: Value) -> None:
        """Count bytes of an object, and wait until the next may come.

        Raises:
            LinkError: with the code of the rule that says that no more may come now.
        """
        self._meter.spend(size_bytes, value)

    def count(self, size_bytes: int) -> None:
        """Count bytes that nobody may hold up."""
        self._meter.count(size_bytes)

    def heed_round_trip(self, road: Carried) -> None:
        """Learn what a road that measures knows of its round trip."""
        flow = getattr(road, "flow", None)
        trip_s = flow.round_trip_s if flow is not None else None
        if trip_s is not None:
            self._meter.measure = self._meter.measure.with_answer(trip_s)

    def _usage(self, now: Now) -> Usage:
        return usage_from(self._note(USAGE)).corrected(*self._reference(now))

    def _is_metered(self, rules: LinkRules) -> bool:
        if rules.metered is not Metered.AUTO:
            return rules.metered is Metered.YES
        if self._address is None:
            return False
        # Not before it is asked: a programme that starts needs no sockets.
        from sync.link.metered import is_telephones

        return is_telephones(self._address() or "")

    def _reference(self, now: Now) -> Tuple[int, int]:
        """Give the server's last word on the time, and the day it fell on here."""
        reference_ms = self._times.reference_ms()
        day = self._local(reference_ms).toordinal() if reference_ms else now.day
        return reference_ms, day

    def _local(self, true_ms: int) -> datetime:
        machine_ms = self._times.machine_ms() + (true_ms - self._times.now_ms())
        return local_time(true_ms, machine_ms, machine_zone_offset_s(true_ms))

    def _note(self, name: str) -> Any:
        return _parsed(self._notes.read(name))


class Ride:
    """One use of a road: its pace, and what it came to.

    What goes over it is work until it is asked what else may go, and then what was asked about
    last.
    """

    def __init__(self, link: KeptLink, road: Carried) -> None:
        self._link, self._road = link, road
        self._before_bytes = road.sent_bytes + road.received_bytes
        self._value = Value.WORK
        self._paced_bytes = 0
        link.refresh()
        link.heed_round_trip(road)

    def decide(self, value: Value) -> Verdict:
        """Tell whether objects of this value may come; what comes next is taken to be such."""
        self._value = value
        return self._link.decide(value)

    def room_bytes(self) -> Optional[int]:
        """Return how many bytes may come until a rule ends it; None: nobody knows."""
        return self._link.room_bytes()

    def spend(self, size_bytes: int) -> None:
        """Be the pace of a road that carries objects: count, stop by the rules, and wait."""
        self._paced_bytes += size_bytes
        self._link.spend(size_bytes, self._value)

    def watch(self, cancel: Cancel) -> Cancel:
        """Write counts down whenever ``cancel`` is asked; it is asked often, on one thread."""

        def watched() -> bool:
            self._link.keep_if_due()
            return cancel()

        return watched

    def settle(self) -> None:
        """Count what the road carried besides objects, and write all of it down."""
        total_bytes = self._road.sent_bytes + self._road.received_bytes - self._before_bytes
        self._link.count(max(0, total_bytes - self._paced_bytes))
        self._link.heed_round_trip(self._road)
        self._link.keep()


def _parsed(text: str) -> Any:
    try:
        return json.loads(text or "null")
    except ValueError:
        return None
