"""The rules of the link as a few choices each. Imports no kivy.

Rules set elsewhere, such as on the command line, that are none of the usual choices stand beside
them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, NamedTuple, Tuple

from client.laptop.syncing.link_words import exact_speed, megabytes
from client.messages import Message
from sync.link.rules import (
    ALWAYS,
    HALF,
    NONE,
    LinkRules,
    Value,
    format_budget,
    format_rate,
    format_windows,
    parse_budget,
    parse_rate,
    parse_value,
    parse_windows,
)

WHEN, DAY, MONTH, SPEED, PHONE = "when", "day", "month", "speed", "phone"
USUAL: Dict[str, Tuple[str, ...]] = {
    WHEN: (ALWAYS, "22:00-06:00"),
    DAY: (NONE, "20MB/day", "50MB/day", "200MB/day"),
    MONTH: (NONE, "500MB/month", "1GB/month", "5GB/month"),
    SPEED: (NONE, HALF, "256kbit"),
    PHONE: ("media", "text", "work"),
}
"""The choices of each rule, as they are typed on the command line."""


class Choice(NamedTuple):
    """One choice: what it is, what it is called, and whether it is the one in force."""

    value: str
    label: Message
    lit: bool


class Row(NamedTuple):
    """A rule and its choices."""

    name: str
    title: Message
    choices: Tuple[Choice, ...]


def rows(rules: LinkRules) -> Tuple[Row, ...]:
    """Return all rules with their choices."""
    found: List[Row] = []
    for name, usual in USUAL.items():
        now = _typed(rules, name)
        values = usual if now in usual else (*usual, now)
        choices = tuple(Choice(value, _label(name, value), value == now) for value in values)
        found.append(Row(name, Message("send.link." + name), choices))
    return tuple(found)


def chosen(rules: LinkRules, name: str, value: str) -> LinkRules:
    """Return the rules after a choice."""
    if name == WHEN:
        return replace(rules, windows=parse_windows(value))
    if name == DAY:
        return replace(rules, day_bytes=parse_budget(value)[0])
    if name == MONTH:
        return replace(rules, month_bytes=parse_budget(value)[1])
    if name == SPEED:
        rate, leave_room = parse_rate(value)
        return replace(rules, rate_bytes_per_s=rate, leave_room=leave_room)
    return replace(rules, on_metered=parse_value(value))


def _typed(rules: LinkRules, name: str) -> str:
    if name == WHEN:
        return format_windows(rules.windows)
    if name == DAY:
        return format_budget(rules.day_bytes, None)
    if name == MONTH:
        return format_budget(None, rules.month_bytes)
    if name == SPEED:
        return format_rate(rules.rate_bytes_per_s, rules.leave_room)
    return "work" if rules.on_metered < Value.TEXT else rules.on_metered.name.lower()


def _label(name: str, value: str) -> Message:
    if value in (NONE, ALWAYS, HALF) or name == PHONE:
        return Message(f"send.link.{name}.{value}")
    if name == WHEN:
        return Message("send.link.hours", {"hours": value.replace("-", "\u2013")})
    if name == SPEED:
        return exact_speed(parse_rate(value)[0] or 0)
    return megabytes(next(size for size in parse_budget(value) if size is not None))
