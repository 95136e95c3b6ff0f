"""The command ``keruen stick``: visits, checks and lists sticks, and writes lessons onto them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from client.cli_stick_write import add_write_parser, run_write
from client.laptop.account import Problem
from client.laptop.errors import Fault
from client.laptop.laptop import Laptop
from client.laptop.problems import as_laptop_error, failure, problem_of
from client.laptop.sticks.account import StickAccount
from client.laptop.sticks.seen import Kind, SeenStick
from client.laptop.sticks.sticks import volume_at
from client.messages import Messages
from sync.errors import StickError

Told = Tuple[Dict[str, Any], Optional[Problem]]
"""What is printed, and the problem that gives the exit code."""


def add_stick_parser(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("stick", help="take and leave work and lessons by USB stick")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    sync = actions.add_parser(
        "sync", help="take from sticks what is for this laptop, and leave its work on them"
    )
    sync.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="where a stick is in (usually: all of this school that are in)",
    )
    check = actions.add_parser("check", help="read sticks through and name what is damaged")
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="where a stick is in")
    check.add_argument(
        "--remove", action="store_true", help="remove what is damaged: it is written again"
    )
    actions.add_parser("list", help="tell which sticks are in and what is on them")
    add_write_parser(actions)


def run_stick(laptop: Laptop, options: argparse.Namespace, messages: Messages) -> Told:
    """Do what was asked; raises LaptopError where nothing could be begun."""
    if options.action == "write":
        told, problem = run_write(laptop, options)
        for stick in told["sticks"]:
            stick.update(_troubles(stick["problem"], stick["set_aside"], messages))
        return told, problem
    if options.action == "check":
        return _check(options, messages)
    if options.action == "list":
        return {"sticks": [_seen_json(one, messages) for one in laptop.sticks.look()]}, None
    return _sync(laptop, options.paths, messages)


def account_json(account: StickAccount, messages: Messages) -> Dict[str, Any]:
    """Return what a visit did, for scripts."""
    receipt = account.receipt
    return {
        "sentence": messages.text(account.sentence),
        "safe": account.safe,
        "works_arrived": account.works_arrived,
        "marks_came": account.marks_came,
        "records_received": account.records_received,
        "receipt": {"seq": receipt.seq, "time_ms": receipt.time_ms} if receipt else None,
        "packs_installed": [
            {"pack": one.pack, "version": one.version} for one in account.packs_installed
        ],
        "files_came": account.files_came,
        "works_left": account.works_left,
        "files_left": account.files_left,
        "letters_taken": account.letters_taken,
        "letters_given": account.letters_given,
        "notice": messages.text(account.notice) if account.notice else None,
        "left": [
            {
                "sentence": messages.text(one.sentence),
                "files": one.files,
                "size_bytes": one.size_bytes,
            }
            for one in account.left
        ],
        **_troubles(account.problem, account.set_aside, messages),
    }


def problem_json(problem: Optional[Problem], messages: Messages) -> Optional[Dict[str, Any]]:
    """Return a problem with its sentence, for scripts."""
    if problem is None:
        return None
    return {**problem.as_json(), "sentence": messages.text(problem.sentence)}


def _troubles(
    problem: Optional[Problem], set_aside: Iterable[Problem], messages: Messages
) -> Dict[str, Any]:
    return {
        "problem": problem_json(problem, messages),
        "set_aside": [problem_json(one, messages) for one in set_aside],
    }


def _sync(laptop: Laptop, paths: List[Path], messages: Messages) -> Told:
    roots = paths or [one.root for one in laptop.sticks.look() if one.of_school]
    if not roots:
        raise failure("stick-not-in", Fault.YOUR_DATA)
    told, problems = [], []
    for root in dict.fromkeys(roots):
        account = laptop.sticks.visit(root)
        told.append({"path": str(root), **account_json(account, messages)})
        problems += [account.problem] if account.problem else list(account.set_aside[:1])
    return {"sticks": told}, problems[0] if problems else None


def _check(options: argparse.Namespace, messages: Messages) -> Told:
    told, problems = [], []
    for root in dict.fromkeys(options.paths):
        try:
            values = _checked(root, options.remove)
        except StickError as error:
            if len(options.paths) == 1:
                raise as_laptop_error(error) from error
            problem = problem_of(error)
            values = {"problem": problem_json(problem, messages)}
            problems.append(problem)
        else:
            if values["damaged"]:
                problems.append(problem_of(StickError("stick-damaged", str(root))))
        told.append({"path": str(root), **values})
    found = problems[0] if problems else None
    sentence = messages.text(found.sentence if found else "stick.whole")
    return {"sentence": sentence, "sticks": told}, found


def _checked(root: Path, remove: bool) -> Mapping[str, Any]:
    from content.carrying.checking import signed_files
    from sync.sticks.checking import check_stick, remove_damaged

    volume = volume_at(root)
    checked = check_stick(volume, signed_files)
    if remove and checked.damaged:
        remove_damaged(volume, checked)
    return {
        "letters": checked.letters,
        "files": checked.files,
        "objects": checked.objects,
        "read_bytes": checked.read_bytes,
        "damaged": sorted(checked.damaged),
        "removed": remove,
    }


def _seen_json(seen: SeenStick, messages: Messages) -> Dict[str, Any]:
    return {
        "path": str(seen.root),
        "label": seen.label,
        "kind": seen.kind.value,
        "of_school": seen.of_school,
        "writable": seen.writable,
        "free_bytes": seen.free_bytes if seen.kind is not Kind.UNUSABLE else None,
        "packs": dict(seen.choice or {}),
        "problem": problem_json(seen.problem, messages),
    }
