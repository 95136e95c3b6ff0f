"""What may go over a link now, by its rules: a pure function of rules, time and usage.

Work and feedback are never stopped by a budget, and outside of a window only where somebody wants
quiet (law 5: students' work first). A budget stops videos before it is used up, those that no plan
needs yet first, so that text still comes at the end of the day.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Callable, Mapping, Optional, Tuple

from sync.link.rules import LinkRules, Value
from sync.link.usage import Usage

SHARES: Mapping[Value, float] = {Value.TEXT: 1.0, Value.MEDIA_DUE: 0.9, Value.MEDIA: 0.8}
"""How much of a budget may be used up before this is stopped."""
_MINUTE = timedelta(minutes=1)


class Reason(enum.Enum):
    """Why something may not go now; its value is the code of the error that says so."""

    PAUSED = "link-paused"
    WINDOW = "link-window"
    METERED = "link-metered"
    DAY = "link-budget-day"
    MONTH = "link-budget-month"


@dataclass(frozen=True)
class Verdict:
    """Whether bytes may go, and if not, why and until when (None: until somebody changes it)."""

    allowed: bool
    reason: Optional[Reason] = None
    until_ms: Optional[int] = None


ALLOWED = Verdict(True)


@dataclass(frozen=True)
class Now:
    """The likeliest time: milliseconds since 1970, and what a right clock on the wall shows."""

    time_ms: int
    local: datetime

    @property
    def day(self) -> int:
        """The number of the day, as usage counts it."""
        return self.local.toordinal()

    def until_ms(self, then: datetime) -> int:
        """Return the time of a local moment to come."""
        return self.time_ms + (then - self.local) // timedelta(milliseconds=1)


def verdict(rules: LinkRules, value: Value, now: Now, usage: Usage, metered: bool) -> Verdict:
    """Tell whether bytes of this value may go now.

    ``metered`` tells whether this link is one paid by the megabyte.
    """
    for rule in _RULES:
        found = rule(rules, value, now, usage, metered)
        if found is not None:
            return found
    return ALLOWED


def _paused(rules: LinkRules, _: Value, __: Now, ___: Usage, ____: bool) -> Optional[Verdict]:
    return Verdict(False, Reason.PAUSED) if rules.paused else None


def _window(rules: LinkRules, value: Value, now: Now, _: Usage, __: bool) -> Optional[Verdict]:
    if value <= Value.FEEDBACK and not rules.quiet_outside:
        return None
    minute = now.local.hour * 60 + now.local.minute
    if not rules.windows or any(window.holds(minute) for window in rules.windows):
        return None
    wait = min(window.minutes_until(minute) for window in rules.windows)
    opens = now.local.replace(second=0, microsecond=0) + wait * _MINUTE
    return Verdict(False, Reason.WINDOW, now.until_ms(opens))


def _metered(rules: LinkRules, value: Value, _: Now, __: Usage, metered: bool) -> Optional[Verdict]:
    if not metered or value <= max(rules.on_metered, Value.FEEDBACK):
        return None
    return Verdict(False, Reason.METERED)


def _budget(rules: LinkRules, value: Value, now: Now, usage: Usage, _: bool) -> Optional[Verdict]:
    share = SHARES.get(value)
    if share is None:
        return None
    midnight = now.local.replace(hour=0, minute=0, second=0, microsecond=0)
    if _used_up(rules.month_bytes, share, usage.month_bytes(now.day)):
        first = (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)
        return Verdict(False, Reason.MONTH, now.until_ms(first))
    if _used_up(rules.day_bytes, share, usage.day_bytes(now.day)):
        return Verdict(False, Reason.DAY, now.until_ms(midnight + timedelta(days=1)))
    return None


def _used_up(budget_bytes: Optional[int], share: float, used_bytes: int) -> bool:
    return budget_bytes is not None and used_bytes >= budget_bytes * share


_Rule = Callable[[LinkRules, Value, Now, Usage, bool], Optional[Verdict]]
_RULES: Tuple[_Rule, ...] = (_paused, _window, _metered, _budget)
