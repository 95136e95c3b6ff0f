"""Sizes, speeds and times of a link as people say them: roughly."""

from __future__ import annotations

import math
from typing import Optional

from client.messages import Message

_MB, _GB = 1 << 20, 1 << 30


def megabytes(size_bytes: int) -> Message:
    """Say a size in megabytes or gigabytes."""
    if size_bytes >= _GB:
        return Message("link.size.gb", {"n": round(size_bytes / _GB, 1)})
    number = size_bytes / _MB
    return Message("link.size.mb", {"n": round(number) if number >= 10 else round(number, 1)})


def speed(bytes_per_s: float) -> Message:
    """Say a speed with two digits that count."""
    return exact_speed(two_digits(bytes_per_s * 8 / 1000) * 125)


def exact_speed(bytes_per_s: float) -> Message:
    """Say a speed that somebody chose."""
    kbit = bytes_per_s / 125
    if kbit >= 1000:
        return Message("link.mbit", {"n": round(kbit / 1000, 2)})
    return Message("link.kbit", {"n": round(kbit, 1)})


def takes(duration_s: float) -> Message:
    """Say how long something takes."""
    if duration_s < 60:
        return Message("link.takes.less")
    if duration_s < 5400:
        return Message("link.takes.minutes", {"n": round(duration_s / 60)})
    return Message("link.takes.hours", {"n": round(duration_s / 3600)})


def comes(wait_s: Optional[float]) -> Message:
    """Say when the next try comes; None: when the programme is opened."""
    if wait_s is None:
        return Message("link.next.opened")
    if wait_s < 45:
        return Message("link.next.soon")
    if wait_s < 5400:
        return Message("link.next.minutes", {"n": max(1, round(wait_s / 60))})
    return Message("link.next.hours", {"n": round(wait_s / 3600)})


def two_digits(number: float) -> float:
    """Round to two digits that count; whole numbers from ten on."""
    if number <= 0:
        return 0
    digits = 1 - math.floor(math.log10(number))
    rounded = round(number, digits)
    return int(rounded) if rounded >= 10 else rounded
