"""The commands ``keruen-server stick``: sticks that carry lessons there and work back."""

from __future__ import annotations

import argparse
import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Sequence

from content.carrying.checking import signed_files
from content.carrying.choices import CHOICES
from content.errors import ContentError
from sync.errors import SyncError
from sync.identity import PublicIdentity
from sync.sticks.checking import Checked, check_stick, remove_damaged
from sync.sticks.choice import Choice, read_choice, write_choice
from sync.sticks.drives import drives
from sync.sticks.marker import make_stick, read_marker
from sync.sticks.volume import find_stick
from sync_server.commands.output import tell
from sync_server.data_folder import DataFolder
from sync_server.errors import PublishError, ServerError, SetupError, StickFailedError
from sync_server.school_clock import SchoolClock
from sync_server.sticks.consent import consent, consents, is_ours
from sync_server.sticks.lessons import ALL, whole_choice
from sync_server.sticks.visit import Visit
from sync_server.sticks.visiting import Visitor
from sync_server.sticks.words import problem_sentence, visit_json, visit_text


def stick(options: argparse.Namespace) -> Optional[int]:
    """Run one of the commands."""
    steps = {
        "list": _list,
        "write": _write,
        "sync": _sync,
        "check": _check,
        "consent": _consent,
    }
    return steps[options.stick_command](options)


def _list(options: argparse.Namespace) -> None:
    server = DataFolder(options.data).identity().public
    rows = [_row(drive.root, drive.label, server) for drive in drives() if drive.removable]
    lines = [f"{row['root']}  {row['label'] or 'no label'}: {row['sentence']}" for row in rows]
    tell(options, {"sticks": rows}, "\n".join(lines) or "No stick is in.")


def _row(root: Path, label: str, server: PublicIdentity) -> Dict[str, Any]:
    row: Dict[str, Any] = {"root": str(root), "label": label, "ours": False, "problem": None}
    try:
        volume = find_stick(root)
        if volume is None:
            return {**row, "sentence": "no folder KERUEN yet: stick write makes one"}
        read_marker(volume)
        choice = read_choice(volume)
        row.update(ours=is_ours(volume, server), free_bytes=volume.free_bytes())
        row.update(writable=volume.writable, packs=dict(choice.packs) if choice else {})
    except SyncError as error:
        return {**row, "problem": error.code, "sentence": problem_sentence(error.code)}
    if not row["ours"]:
        return {**row, "sentence": "another school's letters"}
    free = f"{row['free_bytes']:,} bytes free"
    return {**row, "sentence": f"{len(row['packs'])} packs, {free}"}


def _write(options: argparse.Namespace) -> int:
    with _visitor(options) as visitor:
        choice = _choice(visitor, options.pack)

        def write(root: Path) -> Visit:
            volume = make_stick(root)
            write_choice(volume, choice)
            return visitor.visit(volume, _Bar(root))

        return _each(options, options.stick, write)


def _choice(visitor: Visitor, wanted: Sequence[str]) -> Choice:
    """Read what was asked for: PACK, PUBLISHER/PACK, and =HOW MUCH after either."""
    try:
        whole = whole_choice(visitor.folder, visitor.store)
    except ContentError as error:
        raise PublishError(str(error)) from error
    if not wanted:
        return whole
    chosen: Dict[str, str] = {}
    for text in wanted:
        name, _, how_much = text.partition("=")
        found = [key for key in whole.packs if name in (key, key.partition("/")[2])]
        if len(found) != 1:
            known = ", ".join(whole.packs) or "none"
            raise SetupError(f"{name} is not one of the packs published here: {known}.")
        if (how_much or ALL) not in CHOICES:
            raise SetupError(f"{how_much} is none of {', '.join(CHOICES)}.")
        chosen[found[0]] = how_much or ALL
    return Choice(chosen)


def _sync(options: argparse.Namespace) -> int:
    with _visitor(options) as visitor:
        roots = options.stick or [drive.root for drive in drives() if drive.removable]

        def sync(root: Path) -> Optional[Visit]:
            volume = find_stick(root)
            if volume is not None:
                return visitor.visit(volume, _Bar(root))
            if options.stick:
                raise SetupError(f"{root} has no folder KERUEN: stick write makes one.")
            return None

        return _each(options, roots, sync)


def _each(
    options: argparse.Namespace, roots: Iterable[Path], visit: Callable[[Path], Optional[Visit]]
) -> int:
    """Let sticks in one after the other, and tell of all: a bad one keeps no other waiting."""
    rows: List[Dict[str, Any]] = []
    lines: List[str] = []
    refused: List[ServerError] = []
    for root in dict.fromkeys(roots):
        try:
            with _sentences(root):
                done = visit(root)
        except (SetupError, StickFailedError) as error:
            refused.append(error)
            rows.append({"root": str(root), "problem": error.code, "sentence": str(error)})
            lines.append(str(error))
            continue
        if done is not None:
            rows.append({"root": str(root), **visit_json(done)})
            lines.append(f"{root}: {visit_text(done)}")
    if len(refused) == len(rows) == 1:
        raise refused[0]
    tell(options, {"sticks": rows}, "\n".join(lines) or "No stick with a folder KERUEN is in.")
    return int(not rows or any(row["problem"] for row in rows))


def _check(options: argparse.Namespace) -> int:
    with _sentences(options.stick):
        volume = find_stick(options.stick)
        if volume is None:
            raise SetupError(f"{options.stick} has no folder KERUEN: stick write makes one.")
        checked = check_stick(volume, signed_files)
        if options.remove and checked.damaged:
            remove_damaged(volume, checked)
    value = {**asdict(checked), "removed": bool(options.remove)}
    tell(options, value, "\n".join(_check_lines(checked, options.remove)))
    return int(bool(checked.damaged))


def _check_lines(checked: Checked, removed: bool) -> List[str]:
    counts = f"{checked.letters} letters, {checked.files} photos and recordings, "
    counts += f"{checked.objects} objects of lessons, {checked.read_bytes:,} bytes"
    if not checked.damaged:
        return [f"Whole: {counts}."]
    bad = [f"  {path}: {problem_sentence(code)}" for path, code in checked.damaged.items()]
    end = "Run it with --remove: stick sync then writes again what is here."
    if removed:
        end = "Removed. Run stick sync: it writes again what is here."
    return [f"Read: {counts}. Damaged: {len(bad)}.", *bad, end]


def _consent(options: argparse.Namespace) -> None:
    with DataFolder(options.data).store() as store:
        if options.answer is not None:
            consent(store, options.answer == "on")
        given = consents(store)
    text = "Sticks of this school are let in without a question while the server runs."
    if not given:
        text = "A stick waits until somebody runs: keruen-server stick sync"
    tell(options, {"consent": given}, text)


class _Bar:
    """Shows somebody who looks on how far the writing of lessons is."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._shown = -1

    def __call__(self, done_bytes: int, total_bytes: int) -> None:
        """Hear how far it is."""
        percent = 100 * done_bytes // (total_bytes or 1)
        if percent != self._shown and sys.stderr.isatty():
            end = "\n" if done_bytes == total_bytes else ""
            sys.stderr.write(f"\r{self._root}: {percent} %{end}")
            sys.stderr.flush()
            self._shown = percent


@contextmanager
def _visitor(options: argparse.Namespace) -> Iterator[Visitor]:
    folder = DataFolder(options.data)
    identity = folder.identity()
    with folder.store() as store:
        yield Visitor(folder, store, identity, SchoolClock(store))


@contextmanager
def _sentences(root: Path) -> Iterator[None]:
    """Say what is wrong with a stick in a sentence that names it."""
    if not root.is_dir():
        raise SetupError(f"{root} is no folder: give the place where the stick is in.")
    try:
        yield
    except SyncError as error:
        raise StickFailedError(f"{root}: {problem_sentence(error.code)}", error.code) from error
