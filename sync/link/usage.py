"""How many bytes went over a link, by day and by month, on machines whose clocks lie.

Each day keeps its own count, and bytes are counted into the latest day that has any: a clock that
goes back finds the budget as used as it was. A clock that went years ahead leaves counts on days to
come; the server's next word shows that they have not come, and what was counted there then belongs
to the day of that word. So no turn of a clock gives one day's budget twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Dict, Mapping

KEPT_DAYS = 8
KEPT_MONTHS = 3
_FIRST_DAY, _LAST_DAY = date.min.toordinal(), date.max.toordinal()


def month_of(day: int) -> int:
    """Return the number of a day's month: twelve times the year, and January is 0."""
    then = date.fromordinal(day)
    return then.year * 12 + then.month - 1


@dataclass(frozen=True)
class Usage:
    """Counts by day (``date.toordinal``, in local time) and by month; an immutable value.

    ``reference_ms`` is the server's last word on the time when this was written.
    """

    days: Mapping[int, int] = field(default_factory=dict)
    months: Mapping[int, int] = field(default_factory=dict)
    reference_ms: int = 0

    def corrected(self, reference_ms: int, reference_day: int) -> Usage:
        """Return the counts in the light of the server's word, which it gave on ``reference_day``.

        Days after that one, counted before the server spoke, were a wrong clock's.
        """
        if reference_ms <= self.reference_ms:
            return self
        return Usage(
            _folded(self.days, reference_day),
            _folded(self.months, month_of(reference_day)),
            reference_ms,
        )

    def plus(self, today: int, size_bytes: int) -> Usage:
        """Return the counts after so many more bytes today."""
        return Usage(
            _counted(self.days, today, size_bytes, KEPT_DAYS),
            _counted(self.months, month_of(today), size_bytes, KEPT_MONTHS),
            self.reference_ms,
        )

    def day_bytes(self, today: int) -> int:
        """Return what went today, or on the latest day with a count where the clock went back."""
        return self.days.get(max(today, *self.days), 0) if self.days else 0

    def month_bytes(self, today: int) -> int:
        """Return what went this month, or in the latest one with a count."""
        return self.months.get(max(month_of(today), *self.months), 0) if self.months else 0

    def as_json(self) -> Dict[str, Any]:
        """Return the counts for keeping; ``usage_from`` reads them."""
        return {
            "days": {str(day): count for day, count in self.days.items()},
            "months": {str(month): count for month, count in self.months.items()},
            "reference_ms": self.reference_ms,
        }


def usage_from(value: Any) -> Usage:
    """Read what ``Usage.as_json`` wrote. What is not that counts as nothing used."""
    try:
        days = {int(day): int(count) for day, count in value["days"].items()}
        months = {int(month): int(count) for month, count in value["months"].items()}
        reference_ms = int(value["reference_ms"])
    except (TypeError, ValueError, KeyError, AttributeError):
        return Usage()
    if not all(_FIRST_DAY <= day <= _LAST_DAY for day in days):
        return Usage()
    return Usage(days, months, reference_ms)


def _folded(counts: Mapping[int, int], latest: int) -> Dict[int, int]:
    folded: Dict[int, int] = {}
    for number, count in counts.items():
        true = min(number, latest)
        folded[true] = folded.get(true, 0) + count
    return folded


def _counted(counts: Mapping[int, int], now: int, size_bytes: int, kept: int) -> Dict[int, int]:
    latest = max(now, *counts) if counts else now
    counted = {**counts, latest: counts.get(latest, 0) + size_bytes}
    return {number: counted[number] for number in sorted(counted)[-kept:]}
