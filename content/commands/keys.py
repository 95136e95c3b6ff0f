"""The commands ``keruen-pack key``: make, show and protect signing keys."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_key_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add ``key`` and what stands below it."""
    from content.trust.passphrase import add_passphrase_option

    key = commands.add_parser("key", help="make, show or protect a signing key")
    keys = key.add_subparsers(metavar="COMMAND", required=True)
    for name, act, words in (
        ("new", _new, "make a key"),
        ("show", _show, "show its id"),
        ("protect", _protect, "give it a passphrase, or another one"),
    ):
        command = keys.add_parser(name, parents=[common], help=words)
        command.add_argument("file", type=Path, metavar="FILE")
        add_passphrase_option(command)
        if name == "new":
            command.add_argument(
                "--no-passphrase",
                action="store_true",
                help="leave the key open, without a question",
            )
        if name == "protect":
            command.add_argument(
                "--new-passphrase-file",
                type=Path,
                metavar="PATH",
                help="the passphrase from now on",
            )
        command.set_defaults(act=act)


def _new(arguments: argparse.Namespace) -> int:
    from content.trust.keys import PublisherKey
    from content.trust.passphrase import new_passphrase

    asked = not arguments.no_passphrase
    passphrase = new_passphrase(arguments.file, arguments.passphrase_file) if asked else None
    key = PublisherKey.generate()
    key.save(arguments.file, passphrase)
    return _tell(arguments, key.public.key_id, key.public.to_text(), passphrase is not None)


def _show(arguments: argparse.Namespace) -> int:
    from content.trust.keys import is_encrypted
    from content.trust.passphrase import open_key

    public = open_key(arguments.file, arguments.passphrase_file).public
    return _tell(arguments, public.key_id, public.to_text(), is_encrypted(arguments.file))


def _protect(arguments: argparse.Namespace) -> int:
    from content.storage import storage_errors, sync_folder
    from content.trust.errors import PassphraseError
    from content.trust.keys import PublisherKey, is_encrypted
    from content.trust.passphrase import new_passphrase, open_key

    path: Path = arguments.file
    if is_encrypted(path):
        key = open_key(path, arguments.passphrase_file)
    else:
        key = PublisherKey.load(path)
    passphrase = new_passphrase(path, arguments.new_passphrase_file)
    if passphrase is None:
        raise PassphraseError("No new passphrase was given; the key is as it was.")
    aside = path.with_name(path.name + ".new")
    with storage_errors(path):
        # Left by a try that was cut short: the key itself is still in its place.
        aside.unlink() if aside.exists() else None
        key.save(aside, passphrase)
        os.replace(aside, path)  # noqa: PTH105 - atomic on every system
        sync_folder(path.parent)
    return _tell(arguments, key.public.key_id, key.public.to_text(), True)


def _tell(arguments: argparse.Namespace, key_id: str, public: str, protected: bool) -> int:
    if arguments.json:
        account = {"key_id": key_id, "public": public, "passphrase": protected}
        print(json.dumps(account, indent=1, sort_keys=True))
    else:
        print(f"Key id:     {key_id}\nPublic key: {public}")
    return 0
