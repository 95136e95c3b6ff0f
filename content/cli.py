"""The command ``keruen-pack``: make, check, build, describe and verify lesson packs."""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from content import __version__
from content.commands.authoring import add_authoring_commands
from content.commands.check import add_check_command
from content.commands.keys import add_key_commands
from content.commands.progress import STOPPED, watched
from content.commands.repository import add_repository_commands
from content.commands.template import add_template_command
from content.commands.trust import add_trust_commands
from content.errors import CancelledError, ContentError, StorageError
from content.trust.passphrase import add_passphrase_option

_STOPPED = "Stopped. What was there before is whole; run the same command again to go on."


def run() -> int:
    """Entry point of the command."""
    # Workers of a frozen programme start as itself; this is where they turn off.
    multiprocessing.freeze_support()
    for stream in (sys.stdout, sys.stderr):
        # A Windows console that lacks our letters must not stop a build.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    return main(sys.argv[1:])


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Carry out one command.

    0 when all is well, 1 when something is wrong, 2 for bad usage, 130 after Ctrl-C.
    """
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.act(arguments))
    except (CancelledError, KeyboardInterrupt):
        _fail(CancelledError(_STOPPED), arguments.json)
        return STOPPED
    except ContentError as problem:
        return _fail(problem, arguments.json)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        return _fail(StorageError(f"{problem.filename}: {reason}."), arguments.json)


def _fail(problem: ContentError, as_json: bool) -> int:
    if as_json:
        _print_json({"error": problem.code, "fault": problem.fault.value, "text": str(problem)})
    else:
        _complain(str(problem))
    return 1


def parser() -> argparse.ArgumentParser:
    """Every command and option; the docs name each of them."""
    root = argparse.ArgumentParser(prog="keruen-pack", description="Make and verify lesson packs.")
    root.add_argument("--version", action="version", version=f"keruen-pack {__version__}")
    commands = root.add_subparsers(metavar="COMMAND", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="print JSON, for scripts")

    new = commands.add_parser("new", parents=[common], help="start a source folder")
    new.add_argument("folder", type=Path, metavar="FOLDER")
    new.add_argument("--id", default="", help="the pack's id; the folder's name when left out")
    new.set_defaults(act=_new)

    add_check_command(commands, common)
    add_template_command(commands, common)
    for name, words in (
        ("publish", "build, sign and publish into a repository, with patches from older versions"),
        ("build", "another name of publish"),
    ):
        publish = commands.add_parser(name, parents=[common], help=words)
        publish.add_argument("source", type=Path, metavar="SOURCE")
        publish.add_argument("repository", type=Path, metavar="REPOSITORY")
        publish.add_argument(
            "--key", type=Path, required=True, metavar="FILE", help="the signing key"
        )
        add_passphrase_option(publish)
        publish.set_defaults(act=_publish)

    info = commands.add_parser("info", parents=[common], help="say what a repository holds")
    info.add_argument("repository", type=Path, metavar="REPOSITORY")
    info.set_defaults(act=_info)

    verify = commands.add_parser("verify", parents=[common], help="verify a whole repository")
    verify.add_argument("repository", type=Path, metavar="REPOSITORY")
    verify.add_argument("--trust", metavar="KEY_ID", help="insist on this publisher's key id")
    verify.set_defaults(act=_verify)

    add_authoring_commands(commands, common)
    add_key_commands(commands, common)
    add_repository_commands(commands, common)
    add_trust_commands(commands, common)
    return root


def _new(arguments: argparse.Namespace) -> int:
    from content.building.skeleton import write_skeleton

    paths = write_skeleton(arguments.folder, arguments.id)
    if arguments.json:
        _print_json({"files": [str(path) for path in paths]})
    else:
        print(f"Made {arguments.folder}. Change it, then: keruen-pack check {arguments.folder}")
    return 0


def _publish(arguments: argparse.Namespace) -> int:
    from content.building.builder import build_pack
    from content.building.check import check_source
    from content.building.finding import ERROR
    from content.commands.codes import pack_codes
    from content.repositories.hash_cache import default_folder
    from content.trust.passphrase import open_key

    key = open_key(arguments.key, arguments.passphrase_file)
    errors = [one for one in check_source(arguments.source) if one.severity == ERROR]
    if errors:
        for finding in errors:
            _complain(str(finding))
        raise ContentError(f"{arguments.source} has {len(errors)} errors and was not built.")
    with watched(arguments.json) as watch:
        manifest = build_pack(arguments.source, arguments.repository, key, watch, default_folder())
    account = {
        "pack": manifest.pack,
        "version": manifest.version,
        "publisher": manifest.publisher,
        "core_bytes": manifest.core.size_bytes,
        "size_bytes": manifest.size_bytes,
        "files": len(manifest.core.files) + len(manifest.media),
    }
    if arguments.json:
        _print_json(account)
    else:
        print(
            f"{manifest.pack} version {manifest.version} is in {arguments.repository}: "
            f"{account['files']} files, {_size(manifest.core.size_bytes)} without media, "
            f"{_size(manifest.size_bytes)} with them."
        )
        if pack_codes(arguments.source, key):
            print(f"It has sealed tests: keruen-pack codes {arguments.source} prints their codes.")
    return 0


def _info(arguments: argparse.Namespace) -> int:
    from content.repositories.repository import open_repository
    from content.text import choose

    repository = open_repository(arguments.repository)
    trusted = repository.trusted_keys()
    catalogue = repository.catalogue(trusted)
    packs: List[Dict[str, Any]] = []
    for entry in catalogue.packs:
        manifest = repository.manifest(entry.pack, entry.version, trusted)
        packs.append(
            {
                "pack": entry.pack,
                "version": entry.version,
                "title": dict(entry.title),
                "languages": list(manifest.languages),
                "core_bytes": manifest.core.size_bytes,
                "size_bytes": manifest.size_bytes,
                "media": len(manifest.media),
            }
        )
    if arguments.json:
        account = {"publisher": catalogue.publisher, "serial": catalogue.serial, "packs": packs}
        _print_json(account)
        return 0
    print(f"Publisher {catalogue.publisher}, catalogue number {catalogue.serial}")
    for entry, pack in zip(catalogue.packs, packs):
        core, whole = _size(pack["core_bytes"]), _size(pack["size_bytes"])
        print(f"  {entry.pack} version {entry.version}: {choose(entry.title, ('en',))}")
        print(f"    {core} without media, {whole} with {pack['media']} media files")
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    from content.repositories.repository import open_repository
    from content.repositories.verification import verify_repository
    from content.trust.check import trust_problems

    repository = open_repository(arguments.repository)
    trusted = repository.trusted_keys(arguments.trust) if arguments.trust else None
    with watched(arguments.json) as watch:
        problems = verify_repository(repository, trusted, watch)
    problems += trust_problems(arguments.repository)
    if arguments.json:
        _print_json([vars(problem) for problem in problems])
    elif problems:
        for problem in problems:
            print(f"{problem.path}: {problem.text}")
    else:
        print(f"{arguments.repository} is whole and signed by its publisher.")
    return 1 if problems else 0


def _size(size_bytes: int) -> str:
    for unit, name in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if size_bytes >= unit:
            return f"{size_bytes / unit:.1f} {name}"
    return f"{size_bytes} bytes"


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=1, sort_keys=True))


def _complain(sentence: str) -> None:
    print(f"keruen-pack: {sentence}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(run())
