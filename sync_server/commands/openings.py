"""The command ``keruen-server open``: when a sealed test opens by itself."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Optional

from content.fields import IDENTIFIER
from content.sealing.code import plain_code
from sync_server.commands.output import tell
from sync_server.data_folder import DataFolder
from sync_server.errors import CodeError, SetupError
from sync_server.lessons.openings import Opening, plan_opening
from sync_server.people.roster import tidy_name
from sync_server.school_clock import SchoolClock
from sync_server.store.protocol import Store


def open_test(options: argparse.Namespace) -> None:
    """Keep the codes of a sealed test until it is time to tell them to a class's laptops."""
    from sync_server.lessons.published_tests import check_codes

    parts = options.task.split("/")
    if len(parts) != 3 or not all(IDENTIFIER.match(part) for part in parts):
        raise SetupError(
            f"{options.task} is no task: type it as the card has it, pack/lesson/task."
        )
    pack, lesson, task = parts
    class_name = tidy_name(options.class_name, "class")
    codes = [_code(code) for code in options.codes]
    folder = DataFolder(options.data)
    with folder.store() as store:
        time_ms = _time_ms(options.at, store)
        tried = check_codes(folder.repositories, pack, lesson, task, options.codes)
        with store.transaction() as transaction:
            kept = [
                plan_opening(
                    transaction,
                    Opening(pack, lesson, task, code, class_name, options.school or "", time_ms),
                )
                for code in dict.fromkeys(codes)
            ]
    told = all(one.told for one in kept)
    when = datetime.fromtimestamp(time_ms / 1000).astimezone()
    text = f"{options.task} opens on the laptops of {class_name} at their first exchange"
    text += "; the server has told it." if told else f" after {when:%Y-%m-%d %H:%M %z}."
    if not tried:
        text += f" The pack {pack} is not published here, so the codes could not be tried."
    value = {"task": options.task, "class": class_name, "time_ms": kept[0].time_ms}
    tell(options, {**value, "codes": len(kept), "told": told, "tried": tried}, text)


def _code(typed: str) -> str:
    code = plain_code(typed)
    if not code:
        raise CodeError(f"{typed} is no code: a code is like K7PM-3QXA-9WTC.")
    return code


def _time_ms(at: Optional[str], store: Store) -> int:
    """Read a time by this computer's zone, unless it says another."""
    if at is None:
        return SchoolClock(store).now_ms()
    try:
        time_ms = int(datetime.fromisoformat(at).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        time_ms = -1
    if time_ms < 0:
        raise SetupError(f"{at} is no time: type it like 2026-12-01 09:00.")
    return time_ms
