"""The commands of ``keruen-server`` that make backups and bring them back."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Iterator, Optional, Sequence

from sync_server.commands.output import counted, tell
from sync_server.data_folder import DataFolder
from sync_server.errors import SetupError

_SHOWN = 10


def backup(options: argparse.Namespace) -> int:
    """Make a backup, or bring one up to date; 1 where files of the server are damaged."""
    from content.commands.progress import watched
    from sync_server.backups.making import back_up
    from sync_server.school_clock import SchoolClock

    folder = DataFolder(options.data)
    passphrase = _passphrase(options, twice=True)
    with folder.store() as store:
        now_ms = SchoolClock(store).now_ms()
    with content_errors(), watched(options.json) as watch:
        done = back_up(
            folder,
            options.target,
            passphrase,
            lessons=not options.without_lessons,
            read_all=options.read_all,
            now_ms=now_ms,
            watch=watch,
        )
    lines = [
        f"{options.target} holds everything now: {counted(done.records, 'record')} in "
        f"{counted(done.journals, 'journal')}, {counted(done.files, 'file')}, "
        f"{_size(done.size_bytes)}. "
        f"New: {counted(done.written_files, 'file')}.",
        "Keep the passphrase apart from it: without it nobody can restore this backup."
        if done.encrypted
        else "It holds pupils' work and the server's secret keys, and whoever has it can read "
        "them: lock it away, or give it a passphrase with --passphrase.",
        *_listed("Damaged on this computer, so not in the backup", done.damaged),
    ]
    same_disk = options.target.stat().st_dev == options.data.stat().st_dev
    if same_disk:
        lines.append(
            f"But {options.target} is on the same disk as the server's data, and goes when that "
            "disk goes: is the stick in, and is this its folder?"
        )
    tell(options, {**asdict(done), "same_disk": same_disk}, "\n".join(lines))
    return 1 if done.damaged else 0


def restore_backup(options: argparse.Namespace) -> int:
    """Check a backup or make a data folder of it; 1 where something in it is damaged."""
    from content.commands.progress import watched
    from sync_server.backups.restoring import Backup, check_backup, restore

    found = Backup(options.backup, _passphrase(options))
    with content_errors(), watched(options.json) as watch:
        if options.check:
            with tempfile.TemporaryDirectory(prefix="keruen-check-") as staging:
                done = check_backup(found, Path(staging), watch)
        else:
            done = restore(found, DataFolder(options.data), watch)
    whole = f"{counted(done.records, 'record')} in {counted(done.journals, 'journal')}"
    what = f"{whole}, {counted(done.files, 'file')}"
    if options.check:
        lines = [f"{options.backup} was read whole: {what}."]
    else:
        lines = [
            f"{options.data} is restored: {what}.",
            f"Next: keruen-server run --data {options.data}",
        ]
    lines += _listed("Missing or damaged in the backup", done.lost)
    if done.lost:
        lines.append("Lessons come again with publish or from the region, photos from laptops.")
    tell(options, asdict(done), "\n".join(lines))
    return 1 if done.lost else 0


@contextlib.contextmanager
def content_errors() -> Iterator[None]:
    """Tell what files and disks are blamed for, and that somebody stopped it, in our own words."""
    from content.errors import ContentError

    try:
        yield
    except ContentError as error:
        raise SetupError(str(error)) from error


def _passphrase(options: argparse.Namespace, *, twice: bool = False) -> Optional[str]:
    """Return the passphrase that was given or typed; None where none was asked for.

    Raises:
        SetupError: it cannot be had.
    """
    from content.trust.passphrase import given_passphrase

    with content_errors():
        known = given_passphrase(options.passphrase_file)
    if known is not None or not options.passphrase:
        return known
    if not sys.stdin.isatty():
        raise SetupError("Nobody is here to type it: give it by --passphrase-file.")
    try:
        typed = getpass.getpass("Passphrase of the backup: ")
        if twice and typed != getpass.getpass("The same once more: "):
            raise SetupError("The two passphrases differ; nothing was written.")
    except (EOFError, KeyboardInterrupt):
        typed = ""
    if not typed:
        raise SetupError("No passphrase was typed; nothing was done.")
    return typed


def _listed(title: str, names: Sequence[str]) -> Sequence[str]:
    if not names:
        return ()
    more = [f"  and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    return (f"{title}:", *(f"  {name}" for name in names[:_SHOWN]), *more)


def _size(size_bytes: int) -> str:
    from sync_server.pages.words import Words

    return Words("en").size(size_bytes)
