"""Where a key file's passphrase comes from: a file, the environment, or whoever sits there."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import Optional, Sequence, Tuple

from content.errors import KeyFileError
from content.trust.errors import PassphraseError
from content.trust.keys import PublisherKey, is_encrypted

VARIABLE = "KERUEN_PASSPHRASE"
_MAX_FILE_BYTES = 4096


def add_passphrase_option(command: argparse.ArgumentParser) -> None:
    """Let a command take the passphrase from a file."""
    command.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="PATH",
        help=f"a file whose first line is the passphrase; or set {VARIABLE}",
    )


def open_key(path: Path, passphrase_file: Optional[Path] = None) -> PublisherKey:
    """Load a key, asking for its passphrase where it has one and nothing else gives it.

    A key without passphrase is loaded with a warning on the standard error.
    """
    if not is_encrypted(path):
        key = PublisherKey.load(path)
        _warn(
            f"{path} has no passphrase: whoever copies the file can sign in your name. "
            f"Give it one: keruen-pack key protect {path}"
        )
        return key
    known = given_passphrase(passphrase_file)
    if known is None:
        known = _asked(f"Passphrase of {path}: ", path)
    return PublisherKey.load(path, known)


def open_keys(
    paths: Sequence[Path], passphrase_file: Optional[Path] = None
) -> Tuple[PublisherKey, ...]:
    """Load several keys."""
    return tuple(open_key(path, passphrase_file) for path in paths)


def given_passphrase(passphrase_file: Optional[Path]) -> Optional[str]:
    """The passphrase from the file or the environment; None where neither gives one."""
    if passphrase_file is None:
        return os.environ.get(VARIABLE) or None
    try:
        with passphrase_file.open("rb") as file:
            text = file.read(_MAX_FILE_BYTES).decode("utf-8-sig")
    except OSError as problem:
        raise KeyFileError(f"{passphrase_file} cannot be read: {problem.strerror}.") from problem
    except ValueError:
        raise PassphraseError(
            f"{passphrase_file} is no text: write the passphrase in it."
        ) from None
    lines = text.splitlines()
    if not lines or not lines[0]:
        raise PassphraseError(f"{passphrase_file} is empty: its first line is the passphrase.")
    return lines[0]


def new_passphrase(path: Path, passphrase_file: Optional[Path]) -> Optional[str]:
    """A passphrase for a new key: given, or asked for twice; None where nobody can be asked."""
    known = given_passphrase(passphrase_file)
    if known is not None:
        return known
    if not sys.stdin.isatty():
        _warn(f"{path} gets no passphrase: give one by --passphrase-file or {VARIABLE}.")
        return None
    first = _asked(f"New passphrase for {path}: ", path)
    if first != _asked("The same once more: ", path):
        raise PassphraseError("The two passphrases differ; nothing was written.")
    return first


def _asked(question: str, path: Path) -> str:
    if not sys.stdin.isatty():
        raise PassphraseError(
            f"{path} is encrypted: give its passphrase by --passphrase-file or {VARIABLE}."
        )
    try:
        return getpass.getpass(question)
    except (EOFError, KeyboardInterrupt):
        raise PassphraseError("No passphrase was typed; nothing was done.") from None


def _warn(sentence: str) -> None:
    print(f"keruen-pack: {sentence}", file=sys.stderr)
