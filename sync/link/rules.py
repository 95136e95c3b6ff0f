"""What people allow a link: hours, speed, megabytes; and how such rules are written.

A rule is typed the same everywhere: ``22:00-06:00``, ``2mbit``, ``500MB/day``. A megabyte is
1,048,576 bytes, as it is shown; a megabit is 1,000,000 bits, as links are sold.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Dict, Mapping, Optional, Tuple

from sync.errors import RulesError

MINUTES_A_DAY = 24 * 60
MAX_WINDOWS = 8
HALF = "half"
NONE = "none"
ALWAYS = "always"
_KB, _MB, _GB = 1 << 10, 1 << 20, 1 << 30
_BYTES = {"kb": _KB, "mb": _MB, "gb": _GB}
_BITS = {"kbit": 1000, "mbit": 1_000_000, "gbit": 1_000_000_000}
_MAX_BYTES = 1 << 50

_HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-\u2013]\s*(\d{1,2})(?::(\d{2}))?")
_RATE = re.compile(r"(\d{1,9}(?:[.,]\d{1,3})?)\s*(kbit|mbit|gbit)(?:/s)?", re.IGNORECASE)
_BUDGET = re.compile(r"(\d{1,9}(?:[.,]\d{1,3})?)\s*(kb|mb|gb)\s*/\s*(day|month)", re.IGNORECASE)


class Value(enum.IntEnum):
    """What bytes are for, the most valuable first."""

    WORK = 0
    FEEDBACK = 1
    TEXT = 2
    MEDIA_DUE = 3
    MEDIA = 4


class Metered(enum.Enum):
    """Whether a link is paid by the megabyte, such as a telephone's."""

    YES = "yes"
    NO = "no"
    AUTO = "auto"


@dataclass(frozen=True)
class Window:
    """Hours of the day, in minutes from midnight; it may go over midnight."""

    start_minute: int
    end_minute: int

    def holds(self, minute: int) -> bool:
        """Tell whether a minute of the day lies within."""
        if self.start_minute < self.end_minute:
            return self.start_minute <= minute < self.end_minute
        return minute >= self.start_minute or minute < self.end_minute

    def minutes_until(self, minute: int) -> int:
        """Return how many minutes after ``minute`` it begins next."""
        return (self.start_minute - minute) % MINUTES_A_DAY

    def minutes_left(self, minute: int) -> int:
        """Return how many minutes after ``minute``, which lies within, it ends."""
        return (self.end_minute - minute) % MINUTES_A_DAY

    def __str__(self) -> str:
        return f"{_clock(self.start_minute)}-{_clock(self.end_minute)}"


@dataclass(frozen=True)
class LinkRules:
    """The rules of one link.

    Without ``windows`` every hour is allowed. Outside of them work and feedback still go, unless
    ``quiet_outside``. ``rate_bytes_per_s`` is the most that objects may take, and with
    ``leave_room`` half of what the link was measured to do. ``day_bytes`` and ``month_bytes`` count
    both ways. ``on_metered`` is the least valuable that is fetched over a link paid by the
    megabyte. ``paused`` stops all.
    """

    windows: Tuple[Window, ...] = ()
    quiet_outside: bool = False
    rate_bytes_per_s: Optional[int] = None
    leave_room: bool = False
    day_bytes: Optional[int] = None
    month_bytes: Optional[int] = None
    metered: Metered = Metered.AUTO
    on_metered: Value = Value.TEXT
    paused: bool = False

    def as_json(self) -> Dict[str, Any]:
        """Return the rules as they are typed; ``rules_from`` reads them."""
        return {
            "window": format_windows(self.windows),
            "quiet_outside": self.quiet_outside,
            "rate": format_rate(self.rate_bytes_per_s, self.leave_room),
            "budget": format_budget(self.day_bytes, self.month_bytes),
            "metered": self.metered.value,
            "on_metered": self.on_metered.name.lower(),
            "paused": self.paused,
        }


def rules_from(values: Mapping[str, Any]) -> LinkRules:
    """Read what ``LinkRules.as_json`` wrote; what is absent has its usual value.

    Raises:
        RulesError: ``rules-invalid``.
    """
    rate, leave_room = parse_rate(str(values.get("rate", NONE)))
    day_bytes, month_bytes = parse_budget(str(values.get("budget", NONE)))
    return LinkRules(
        windows=parse_windows(str(values.get("window", ALWAYS))),
        quiet_outside=values.get("quiet_outside") is True,
        rate_bytes_per_s=rate,
        leave_room=leave_room,
        day_bytes=day_bytes,
        month_bytes=month_bytes,
        metered=parse_metered(str(values.get("metered", Metered.AUTO.value))),
        on_metered=parse_value(str(values.get("on_metered", Value.TEXT.name))),
        paused=values.get("paused") is True,
    )


def parse_windows(text: str) -> Tuple[Window, ...]:
    """Read hours such as ``22:00-06:00`` or ``13-14, 22:00-06:00``; ``always`` is no window.

    Raises:
        RulesError: ``rules-invalid``.
    """
    if text.strip().lower() in (ALWAYS, NONE):
        return ()
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > MAX_WINDOWS:
        raise RulesError(f"{len(parts)} windows; at most {MAX_WINDOWS} can be kept")
    return tuple(_window(part) for part in parts)


def parse_rate(text: str) -> Tuple[Optional[int], bool]:
    """Read a speed such as ``2mbit`` or ``300 kbit/s``, ``half`` of the link, or ``none``.

    Returns the bytes a second, if any, and whether half of the link is to be left.

    Raises:
        RulesError: ``rules-invalid``.
    """
    word = text.strip().lower()
    if word in (NONE, HALF):
        return None, word == HALF
    found = _RATE.fullmatch(word)
    rate = int(_number(found.group(1)) * _BITS[found.group(2)] / 8) if found else 0
    if not 1000 <= rate <= _MAX_BYTES:
        wanted = "a speed is written like 300kbit or 2mbit (from 8kbit), half, or none"
        raise RulesError(f"{text!r}: {wanted}")
    return rate, False


def parse_budget(text: str) -> Tuple[Optional[int], Optional[int]]:
    """Read megabytes such as ``50MB/day``, ``1GB/month`` or ``50MB/day, 1GB/month``, or ``none``.

    Returns the bytes a day and a month.

    Raises:
        RulesError: ``rules-invalid``.
    """
    if text.strip().lower() == NONE:
        return None, None
    budgets: Dict[str, int] = {}
    for part in text.split(","):
        found = _BUDGET.fullmatch(part.strip().lower())
        size_bytes = int(_number(found.group(1)) * _BYTES[found.group(2)]) if found else 0
        if not found or not 1 <= size_bytes <= _MAX_BYTES or found.group(3) in budgets:
            raise RulesError(f"{text!r}: a budget is written like 50MB/day, 1GB/month, or none")
        budgets[found.group(3)] = size_bytes
    return budgets.get("day"), budgets.get("month")


def parse_metered(text: str) -> Metered:
    """Read ``yes``, ``no`` or ``auto``.

    Raises:
        RulesError: ``rules-invalid``.
    """
    try:
        return Metered(text.strip().lower())
    except ValueError:
        raise RulesError(f"{text!r}: a link is metered: yes, no, or auto") from None


def parse_value(text: str) -> Value:
    """Read ``media`` (all), ``text`` (no videos) or ``work``: what goes over a metered link.

    Raises:
        RulesError: ``rules-invalid``.
    """
    names = {"media": Value.MEDIA, "text": Value.TEXT, "work": Value.WORK}
    try:
        return names[text.strip().lower()]
    except KeyError:
        wanted = "over a metered link goes media (all), text (no videos), or work"
        raise RulesError(f"{text!r}: {wanted}") from None


def format_windows(windows: Tuple[Window, ...]) -> str:
    """Write windows as they are typed."""
    return ", ".join(str(window) for window in windows) or ALWAYS


def format_rate(rate_bytes_per_s: Optional[int], leave_room: bool = False) -> str:
    """Write a speed as it is typed."""
    if rate_bytes_per_s is None:
        return HALF if leave_room else NONE
    bits = rate_bytes_per_s * 8
    if bits % 1_000_000 == 0:
        return f"{bits // 1_000_000}mbit"
    return f"{_plain(bits / 1000)}kbit"


def format_budget(day_bytes: Optional[int], month_bytes: Optional[int]) -> str:
    """Write a budget as it is typed."""
    parts = [
        f"{_megabytes(size_bytes)}/{name}"
        for size_bytes, name in ((day_bytes, "day"), (month_bytes, "month"))
        if size_bytes is not None
    ]
    return ", ".join(parts) or NONE


def _window(text: str) -> Window:
    found = _HOURS.fullmatch(text)
    if found:
        start, end = _minute(*found.group(1, 2)), _minute(*found.group(3, 4))
        # An end at 24:00 is midnight.
        if start < MINUTES_A_DAY and end <= MINUTES_A_DAY and start != end % MINUTES_A_DAY:
            return Window(start, end % MINUTES_A_DAY)
    raise RulesError(f"{text!r}: hours are written like 22:00-06:00, or always")


def _minute(hours: str, minutes: Optional[str]) -> int:
    within = int(minutes or 0)
    return int(hours) * 60 + within if within < 60 else 2 * MINUTES_A_DAY


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", "."))


def _plain(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")


def _megabytes(size_bytes: int) -> str:
    for unit, name in ((_GB, "GB"), (_MB, "MB")):
        if size_bytes % unit == 0:
            return f"{size_bytes // unit}{name}"
    return f"{_plain(size_bytes / _KB)}KB"
