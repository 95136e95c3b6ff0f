"""A link to show: rules that can be changed, a measured speed, something used."""

from __future__ import annotations

from datetime import datetime, timezone

from client.laptop.syncing.happening import Facts, happening
from client.laptop.syncing.link import Verdict, why
from sync.link.measure import Measure
from sync.link.policy import Now, verdict
from sync.link.rules import LinkRules, Value
from sync.link.usage import Usage

MB = 1 << 20
HOUR_MS = 3_600_000


class ShownLink:
    """The link of the laptop in pictures."""

    def __init__(self, now_ms: int) -> None:
        local = datetime.fromtimestamp(now_ms / 1000, timezone.utc).replace(tzinfo=None)
        self._now = Now(now_ms, local.replace(hour=14))
        self.rules = LinkRules()
        self.measure = Measure(37_500, 0.6)
        self.usage = Usage().plus(self._now.day - 3, 328 * MB).plus(self._now.day, 12 * MB)
        self.metered = False

    def now(self) -> Now:
        """Return the time."""
        return self._now

    def set_rules(self, rules: LinkRules) -> None:
        """Set them."""
        self.rules = rules

    def duration_s(self, size_bytes: int) -> float:
        """Estimate."""
        return size_bytes / self.measure.bytes_per_s

    def verdict(self, value: Value) -> Verdict:
        """Tell what may go."""
        found = verdict(self.rules, value, self._now, self.usage, self.metered)
        if found.reason is None:
            return Verdict(True)
        reason = why(found.reason, value, self.rules, self._now, found.until_ms)
        return Verdict(False, reason, found.until_ms, found.reason.value)


def shown_happening(link: ShownLink, now_ms: int, next_try_s=None):
    """Say what happens on it: two works wait, and a video."""
    work, objects = link.verdict(Value.WORK), link.verdict(Value.MEDIA)
    waiting = 0 if objects.reason else 2
    return happening(
        Facts(True, now_ms, waiting, True, work, objects, None, now_ms - HOUR_MS, next_try_s)
    )
