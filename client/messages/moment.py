"""Times as people say them: today at 14:05, yesterday, on Monday, 3 March."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Callable

# The ending that "at" takes after a number in Kazakh, by the vowel and the last sound of the
# numeral as it is read: бесте, алтыда, нөлде.
_LOCATIVE_DIGIT = {1: "де", 2: "де", 3: "те", 4: "те", 5: "те", 6: "да", 7: "де", 8: "де", 9: "да"}
_LOCATIVE_TEN = {0: "де", 1: "да", 2: "да", 3: "да", 4: "та", 5: "де"}


@dataclass(frozen=True)
class Moment:
    """A point in time, milliseconds since 1970, to be said in a sentence.

    In a message ``{time}`` stands alone ("today at 14:05"), ``{time:at}`` goes with a verb
    ("received at 14:05", "received yesterday at 14:05"), ``{time:date}`` is the day only.
    """

    time_ms: int


def now_ms() -> int:
    """Read the machine's own clock."""
    return int(time.time() * 1000)


def format_moment(
    text: Callable[..., str], language: str, moment: Moment, now: int, form: str = ""
) -> str:
    """Say a moment in the machine's time zone, seen from ``now`` (milliseconds since 1970).

    ``text`` says the messages ``when.*``. Raises ValueError for an unknown form.
    """
    if form not in ("", "at", "date"):
        raise ValueError("no such form of a time: " + form)
    then, today = _local(moment.time_ms), _local(now)
    clock = f"{then:%H:%M}"
    if form == "at" and language == "kk":
        clock += "-" + _locative(then.minute)
    key = "when." + _distance(then, today)
    values = {
        "clock": clock,
        "weekday": text("when.weekday{}{}".format(then.weekday(), ".on" if form != "date" else "")),
        "day": str(then.day),
        "month": text(f"when.month{then.month}"),
        "year": str(then.year),
    }
    return text(key + ("." + form if form else ""), **values)


def _local(time_ms: int) -> datetime:
    try:
        return datetime.fromtimestamp(time_ms / 1000)
    except (OverflowError, OSError, ValueError):
        # A record from a broken machine may carry a time no calendar holds.
        return datetime(1970, 1, 1)


def _distance(then: datetime, today: datetime) -> str:
    days = (today.date() - then.date()).days
    if days == 0:
        return "today"
    if days == 1:
        return "yesterday"
    if 1 < days < 7:
        return "week"
    return "year" if then.year == today.year else "past"


def _locative(minute: int) -> str:
    return _LOCATIVE_DIGIT[minute % 10] if minute % 10 else _LOCATIVE_TEN[minute // 10]
