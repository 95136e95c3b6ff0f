"""The commands of ``keruen-pack`` about a published repository: diff, codes and gc."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict

if TYPE_CHECKING:
    from content.commands.keys import Commands
    from content.patches.difference import Difference


def add_repository_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add them all."""
    from content.commands.codes import add_codes_command
    from content.trust.passphrase import add_passphrase_option

    diff = commands.add_parser("diff", parents=[common], help="say what an update holds and costs")
    diff.add_argument("repository", type=Path, metavar="REPOSITORY")
    diff.add_argument("pack", metavar="PACK", help="the pack's id")
    diff.add_argument("old", type=int, nargs="?", metavar="OLD", help="the version before")
    diff.add_argument("new", type=int, nargs="?", metavar="NEW", help="the newest when left out")
    diff.set_defaults(act=_diff)

    add_codes_command(commands, common)
    gc = commands.add_parser("gc", parents=[common], help="delete what no kept version needs")
    gc.add_argument("repository", type=Path, metavar="REPOSITORY")
    gc.add_argument(
        "--keep", type=_count, metavar="N", help="keep so many versions of a pack; needs --key"
    )
    gc.add_argument("--key", type=Path, metavar="FILE", help="the signing key")
    add_passphrase_option(gc)
    gc.set_defaults(act=_gc)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least one version is kept")
    return number


def _diff(arguments: argparse.Namespace) -> int:
    from content.commands.progress import watched
    from content.patches.difference import RATES_BITS_S, difference
    from content.repositories.repository import open_repository

    repository = open_repository(arguments.repository)
    trusted = repository.trusted_keys()
    with watched(arguments.json) as watch:
        found = difference(repository, trusted, arguments.pack, arguments.old, arguments.new, watch)
    if arguments.json:
        seconds = {str(rate): round(found.seconds(rate), 3) for rate in RATES_BITS_S}
        account: Dict[str, Any] = {**vars(found), "total_bytes": found.total_bytes}
        print(json.dumps({**account, "seconds_by_bits_s": seconds}, indent=1, sort_keys=True))
    else:
        _tell(found)
    return 0


def _tell(found: Difference) -> None:
    from content.patches.difference import RATES_BITS_S

    print(f"{found.pack}: version {found.old} to {found.new}")
    for word, paths in (
        ("changed", found.changed),
        ("added", found.added),
        ("removed", found.removed),
        ("moved", [f"{start} to {end}" for start, end in found.moved]),
    ):
        for path in paths:
            print(f"  {word}: {path}")
    print(f"catalogue: {found.catalogue_bytes} bytes")
    if found.patch_bytes:
        print(f"patch: {found.patch_bytes} bytes (all texts and tasks: {found.whole_bytes})")
    else:
        print(f"all texts and tasks anew: {found.whole_bytes} bytes")
    for path, size_bytes in sorted(found.media_bytes.items()):
        print(f"{path}: {size_bytes} bytes")
    times = [f"{found.seconds(rate):.1f} s at {rate // 1000} kbit/s" for rate in RATES_BITS_S]
    print(f"together {found.total_bytes} bytes: {', '.join(times)}")


def _gc(arguments: argparse.Namespace) -> int:
    from content.commands.progress import watched
    from content.errors import KeyFileError
    from content.repositories.garbage import clear_garbage
    from content.repositories.repository import open_repository
    from content.trust.passphrase import open_key

    if arguments.keep is not None and arguments.key is None:
        raise KeyFileError("With --keep the catalogue changes and is signed anew: give --key FILE.")
    repository = open_repository(arguments.repository)
    trusted = repository.trusted_keys()
    key = open_key(arguments.key, arguments.passphrase_file) if arguments.key else None
    if key is not None and key.public.key_id not in trusted:
        raise KeyFileError(f"{arguments.key} is not the key of {arguments.repository}.")
    with watched(arguments.json) as watch:
        cleared = clear_garbage(repository, trusted, arguments.keep, key, watch)
    if arguments.json:
        print(json.dumps(vars(cleared), indent=1, sort_keys=True))
    else:
        print(f"{cleared.files} files were deleted, {cleared.freed_bytes} bytes are free.")
    return 0
