"""The commands of ``keruen-pack`` that make packs of what teachers have: make and import."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Dict, List, Tuple

if TYPE_CHECKING:
    from content.authoring.making import Options
    from content.authoring.report import Report
    from content.authoring.scan import Scan
    from content.commands.keys import Commands

_RENDITIONS = ("audio", "144p", "240p", "360p")


def add_authoring_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add them all."""
    from content.trust.passphrase import add_passphrase_option

    make = commands.add_parser(
        "make", parents=[common], help="make a pack of a folder with videos, documents and tasks"
    )
    make.add_argument("folder", type=Path, metavar="FOLDER")
    make.add_argument("repository", type=Path, metavar="REPOSITORY")
    make.add_argument("--key", type=Path, required=True, metavar="FILE", help="the signing key")
    make.add_argument(
        "--work", type=Path, metavar="WORK", help="where results are kept; FOLDER.keruen"
    )
    _add_options(make)
    add_passphrase_option(make)
    make.set_defaults(act=_make)

    bring = commands.add_parser(
        "import", parents=[common], help="write what teachers have as a source folder"
    )
    bring.add_argument("sources", type=Path, nargs="+", metavar="SOURCE")
    bring.add_argument("folder", type=Path, metavar="FOLDER")
    _add_options(bring)
    bring.set_defaults(act=_import)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--renditions",
        type=_renditions,
        default=_RENDITIONS,
        metavar="LIST",
        help="which to make of a video: audio,144p,240p,360p",
    )
    parser.add_argument(
        "--processes", type=_count, default=0, metavar="N", help="how many work at once"
    )


def _renditions(text: str) -> Tuple[str, ...]:
    wanted = {one.strip() for one in text.split(",")} - {""}
    if not wanted or wanted - set(_RENDITIONS):
        raise argparse.ArgumentTypeError(f"choose among {','.join(_RENDITIONS)}")
    return tuple(one for one in _RENDITIONS if one in wanted)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least one process works")
    return number


def _options(arguments: argparse.Namespace) -> Options:
    from content.authoring.making import Options

    return Options(arguments.renditions, arguments.processes)


def _make(arguments: argparse.Namespace) -> int:
    from content.authoring.making import default_work_folder, make_pack, name_of
    from content.authoring.scan import scan
    from content.commands.progress import watched
    from content.trust.passphrase import open_key

    folder: Path = arguments.folder
    work = arguments.work or default_work_folder(folder)
    key = open_key(arguments.key, arguments.passphrase_file)
    with watched(arguments.json) as watch:
        found = scan(folder, (work, arguments.repository))
        options = _options(arguments)
        report, manifest = make_pack(
            found, name_of(folder), work, arguments.repository, key, options, watch
        )
    account = {"version": manifest.version, "size_bytes": manifest.size_bytes}
    _tell(report, arguments.json, account)
    if not arguments.json:
        print(
            f"{manifest.pack} version {manifest.version} is in {arguments.repository}; "
            f"its source is in {work / 'source'}."
        )
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from content.authoring.making import name_of, write_folder
    from content.commands.progress import watched
    from content.repositories.hash_cache import default_folder

    with watched(arguments.json) as watch:
        found, name = _scanned(arguments.sources, arguments.folder)
        work = default_folder() / "imports"
        report = write_folder(
            found, name_of(name), arguments.folder, work, _options(arguments), watch
        )
    _tell(report, arguments.json, {})
    if not arguments.json:
        print(f"Made {arguments.folder}. Change it, then: keruen-pack check {arguments.folder}")
    return 0


def _scanned(sources: List[Path], target: Path) -> Tuple[Scan, Path]:
    """What the sources hold: one folder, or files as if they lay in one."""
    from content.authoring.scan import scan, scan_files
    from content.errors import MissingError, SourceError

    missing = [one for one in sources if not one.exists()]
    if missing:
        raise MissingError(f"{missing[0]} is missing.")
    if len(sources) == 1 and sources[0].is_dir():
        return scan(sources[0], (target,)), sources[0]
    folders = [one for one in sources if one.is_dir()]
    if folders:
        raise SourceError(f"{folders[0]} is a folder; give one folder alone, or files.")
    return scan_files(sources), target


def _tell(report: Report, as_json: bool, account: Dict[str, int]) -> None:
    if as_json:
        print(json.dumps({**report.as_values(), **account}, indent=1, sort_keys=True))
        return
    for line in report.lines():
        print(line)
    print(f"{report.made} files were read or encoded, {report.kept} were as before.")
