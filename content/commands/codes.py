"""The command ``keruen-pack codes``: the author's card, with what opens each sealed test."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Tuple

if TYPE_CHECKING:
    from content.commands.keys import Commands
    from content.sealing.task import Code
    from content.trust.keys import PublisherKey


def add_codes_command(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add it."""
    from content.trust.passphrase import add_passphrase_option

    codes = commands.add_parser(
        "codes", parents=[common], help="print the codes that open a pack's sealed tests"
    )
    codes.add_argument("source", type=Path, metavar="SOURCE")
    codes.add_argument("--key", type=Path, required=True, metavar="FILE", help="the signing key")
    add_passphrase_option(codes)
    codes.set_defaults(act=_codes)


def pack_codes(source: Path, key: PublisherKey) -> Tuple[Code, ...]:
    """The card of a source folder, task by task; raises SourceError."""
    from content.building.source_tables import read_lesson, read_pack_table
    from content.building.source_toml import read_toml
    from content.sealing.secret import sealing_secret
    from content.sealing.task import codes, level
    from content.variants.instance import task_key

    table, secret = read_pack_table(source), sealing_secret(key)
    found: Tuple[Code, ...] = ()
    for lesson_id in table.lesson_ids:
        lesson = read_lesson(source, lesson_id)
        for task_id in lesson.task_ids:
            fields = read_toml(lesson.task_path(task_id))
            if level(fields):
                found += codes(fields, task_key(table.id, lesson_id, task_id), secret)
    return found


def _codes(arguments: argparse.Namespace) -> int:
    from content.trust.passphrase import open_key

    card = pack_codes(arguments.source, open_key(arguments.key, arguments.passphrase_file))
    if arguments.json:
        print(json.dumps({"codes": [vars(one) for one in card]}, indent=1, sort_keys=True))
        return 0
    for one in card:
        opens = "the questions" if one.part == "questions" else "what is right"
        print(f"{one.code}  opens {opens} of {one.task}")
    print("Keep this apart from the pack: who has a code can open it." if card else "None.")
    return 0
