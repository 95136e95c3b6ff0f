"""The command ``keruen-pack template``: a spreadsheet to write questions into."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from content.commands.keys import Commands

_WORDS = "write a spreadsheet (.xlsx or .csv) with an example of each kind of question"


def add_template_command(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add it."""
    template = commands.add_parser("template", parents=[common], help=_WORDS)
    template.add_argument("file", type=Path, metavar="FILE")
    template.add_argument(
        "--language", choices=("kk", "ru", "en"), default="kk", help="of its heads and examples"
    )
    template.set_defaults(act=_template)


def _template(arguments: argparse.Namespace) -> int:
    from content.errors import SourceError
    from content.importing.sheet_template import csv_template, xlsx_template
    from content.storage import storage_errors, write_durably

    path: Path = arguments.file
    makers = {".csv": csv_template, ".xlsx": xlsx_template}
    make = makers.get(path.suffix.lower())
    if make is None:
        raise SourceError(f"{path} must end in .xlsx or .csv.")
    if path.exists():
        raise SourceError(f"{path} is there already; choose another name.")
    data = make(arguments.language)
    with storage_errors(path):
        write_durably(path, [data])
    if arguments.json:
        print(json.dumps({"file": str(path)}))
    else:
        print(f"Wrote {path}. Fill it in, then: keruen-pack import {path} FOLDER")
    return 0
