"""The command ``keruen doctor``: what is wrong with this laptop's data, in plain sentences."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Tuple

from client.health.finding import Finding
from client.messages import LANGUAGES, Messages
from sync.finding import State

if TYPE_CHECKING:
    from client.health.doctor import Visit

_SIGNS: Mapping[State, str] = {
    State.WELL: "+",
    State.MENDED: "+",
    State.ADVICE: "!",
    State.ILL: "-",
}


def add_doctor_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    doctor = commands.add_parser(
        "doctor", help="look this laptop's data over, explain what is wrong, and mend it"
    )
    doctor.add_argument(
        "--mend", action="store_true", help="mend what can be mended without losing anything"
    )
    doctor.add_argument("--json", action="store_true", help="print JSON, for scripts")


def run_doctor(options: argparse.Namespace, folder: Path) -> Tuple[Visit, Messages]:
    """Visit the laptop in a folder; its people's language is spoken where none was asked for."""
    from client.health.doctor import visit

    done = visit(folder, mend=options.mend)
    chosen = options.language or done.language
    return done, Messages(chosen if chosen in LANGUAGES else LANGUAGES[0])


def visit_json(done: Visit, messages: Messages) -> Dict[str, Any]:
    """Tell a visit for scripts."""
    return {
        "well": not done.ill,
        "sentence": messages.text(_sum(done)),
        "findings": [one.to_json(messages.text) for one in done.findings],
    }


def visit_lines(done: Visit, messages: Messages) -> List[str]:
    """Tell a visit for people: a line for each part, and at last what to do."""
    lines = [_line(one, messages) for one in done.findings]
    return [*lines, messages.text(_sum(done))]


def _line(finding: Finding, messages: Messages) -> str:
    said = f"{_SIGNS[finding.state]} {messages.text(finding.sentence)}"
    told = finding.detail if finding.state is State.ILL else ""
    return f"{said} [{told}]" if told else said


def _sum(done: Visit) -> str:
    if done.mendable:
        return "doctor.mendable"
    if done.ill:
        return "doctor.ill"
    if any(one.state is State.MENDED for one in done.findings):
        return "doctor.mended"
    return "doctor.well"
