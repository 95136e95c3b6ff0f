"""The command ``keruen link``: shows or sets the rules of the link, and what was used of it."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any, Dict, Optional

from client.laptop.account import Happening
from client.laptop.laptop import Laptop
from client.laptop.problems import as_laptop_error
from client.laptop.syncing.link import Link
from client.messages import Messages
from sync.errors import RulesError
from sync.link.rules import (
    LinkRules,
    parse_budget,
    parse_metered,
    parse_rate,
    parse_value,
    parse_windows,
)


def add_link_parser(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("link", help="show or set when and how the link may be used")
    parser.add_argument(
        "--window",
        metavar="HOURS",
        help="when lessons may come, such as 22:00-06:00; always: at any time",
    )
    parser.add_argument(
        "--quiet-outside",
        choices=("yes", "no"),
        help="whether work, too, waits for these hours (usually it goes at any time)",
    )
    parser.add_argument(
        "--rate",
        help="how fast lessons may come, such as 2mbit; half: of what the link does; none",
    )
    parser.add_argument(
        "--budget", help="how much may be used, such as 50MB/day or 50MB/day,1GB/month; none"
    )
    parser.add_argument(
        "--metered", help="whether the link is paid by the megabyte: yes, no, or auto"
    )
    parser.add_argument(
        "--on-metered",
        metavar="WHAT",
        help="what goes over such a link: media (all), text (no videos), or work",
    )
    pausing = parser.add_mutually_exclusive_group()
    pausing.add_argument("--pause", action="store_true", help="send and fetch nothing at all")
    pausing.add_argument("--resume", action="store_true", help="go on after --pause")


def run_link(laptop: Laptop, options: argparse.Namespace, messages: Messages) -> Dict[str, Any]:
    """Set what is to be set, and return how the link stands.

    Raises LaptopError ``rules-invalid``.
    """
    rules = laptop.link.rules
    try:
        changed = changed_rules(rules, options)
    except RulesError as error:
        raise as_laptop_error(error) from error
    if changed != rules:
        laptop.link.set_rules(changed)
    return link_json(laptop.link, laptop.happening(), messages)


def changed_rules(rules: LinkRules, options: argparse.Namespace) -> LinkRules:
    """Return the rules after what was typed.

    Raises:
        RulesError: one of them is not understood; then none is changed.
    """
    changes: Dict[str, Any] = {}
    if options.window is not None:
        changes["windows"] = parse_windows(options.window)
    if options.quiet_outside is not None:
        changes["quiet_outside"] = options.quiet_outside == "yes"
    if options.rate is not None:
        changes["rate_bytes_per_s"], changes["leave_room"] = parse_rate(options.rate)
    if options.budget is not None:
        changes["day_bytes"], changes["month_bytes"] = parse_budget(options.budget)
    if options.metered is not None:
        changes["metered"] = parse_metered(options.metered)
    if options.on_metered is not None:
        changes["on_metered"] = parse_value(options.on_metered)
    if options.pause or options.resume:
        changes["paused"] = bool(options.pause)
    return replace(rules, **changes)


def link_json(link: Link, happening: Optional[Happening], messages: Messages) -> Dict[str, Any]:
    """Return how the link stands, for scripts."""
    usage, day, measure = link.usage, link.now().day, link.measure
    told: Dict[str, Any] = {
        "rules": link.rules.as_json(),
        "today_bytes": usage.day_bytes(day),
        "month_bytes": usage.month_bytes(day),
        "bytes_per_s": round(measure.bytes_per_s) or None,
        "delay_s": round(measure.delay_s, 3) or None,
        "metered": link.metered,
    }
    if happening is not None:
        told["happening"] = happening_json(happening, messages)
    return told


def happening_json(happening: Happening, messages: Messages) -> Dict[str, Any]:
    """Return what happens, or why nothing happens, for scripts."""
    return {
        "state": happening.state,
        "sentence": messages.text(happening.sentence),
        "until_ms": happening.until_ms,
        "next_try_ms": happening.next_try_ms,
    }
