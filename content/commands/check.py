"""``keruen-pack check``: what is wrong with a source, what it costs, a page to approve it by."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from content.commands.progress import watched

if TYPE_CHECKING:
    from content.quality.report import Report


def add_check_command(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    check = commands.add_parser("check", parents=[common], help="say what is wrong in a source")
    check.add_argument("source", type=Path, metavar="SOURCE")
    check.add_argument(
        "--quick", action="store_true", help="do not listen to videos, which takes its time"
    )
    check.add_argument(
        "--page", type=Path, metavar="FILE", help="write a page (HTML) to read before approving"
    )
    check.add_argument(
        "--language",
        choices=("kk", "ru", "en"),
        default="kk",
        help="of the page; Kazakh if left out",
    )
    check.set_defaults(act=_check)


def _check(arguments: argparse.Namespace) -> int:
    from content.quality.inspection import inspect
    from content.quality.report import as_json

    with watched(arguments.json) as watch:
        report = inspect(arguments.source, watch, with_films=not arguments.quick)
    if arguments.page:
        _write_page(report, arguments.source, arguments.page, arguments.language)
    if arguments.json:
        print(json.dumps(as_json(report), indent=1, sort_keys=True))
    else:
        _print(report)
    return 1 if report.errors else 0


def _write_page(report: Report, source: Path, file: Path, language: str) -> None:
    from content.quality.page import page
    from content.storage import write_durably

    write_durably(file, [page(report, source, language).encode("utf-8")])


def _print(report: Report) -> None:
    from content.quality.downloads import LINKS_BIT_S

    for finding in report.findings:
        print(finding)
    for lesson in report.lessons:
        total, stated = float(lesson.load.total), lesson.load.stated
        print(f"{lesson.id}: about {total:.0f} minutes for a pupil ({stated} by lesson.toml)")
        for one in lesson.downloads:
            planned = " as planned" if one.is_estimate else ""
            took = ", ".join(
                f"{seconds:.0f} s at {link / 1e6:g} Mbit/s"
                for link, seconds in zip(LINKS_BIT_S, one.seconds)
            )
            print(f"  {one.name}: {one.size_bytes / 1e6:.1f} MB{planned}; {took}")
    print(f"{report.errors} errors, {len(report.findings) - report.errors} warnings.")
