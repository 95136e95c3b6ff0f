"""The three questions with which a server is set up by somebody at its keyboard."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional, TypeVar

from sync.enrolment import EnrolmentCode
from sync.errors import SyncError
from sync.roads.address import server_address
from sync_server.data_folder import DataFolder
from sync_server.errors import ServerError, SetupError
from sync_server.people.roster import tidy_name

Ask = Callable[[str], str]
MAX_TRIES = 5
_NONE = ("", "-", "none", "no", "нет", "жоқ")
_NOTHING = "Nothing was set up: not all was answered. Give the same command again."
_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Answers:
    """What was answered: the school's name, the folder, and the server above (empty: none)."""

    school: str
    data: Path
    address: str = ""
    code: str = ""


def usual_folder() -> Path:
    """Return where a school's data lie unless somebody wants them elsewhere."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", "C:\\ProgramData")) / "Keruen"
    return Path("/srv/keruen") if os.geteuid() == 0 else Path.home() / "keruen-server"


def ask_all(school: Optional[str], data: Optional[Path], ask: Ask = input) -> Answers:
    """Ask what was not given; what cannot be is asked again, with the reason.

    Raises:
        SetupError: nobody is there to answer.
    """
    if ask is input and not sys.stdin.isatty():
        raise SetupError('Say where and for whom: keruen-server init DATA --school "NAME"')
    usual = usual_folder()
    try:
        name = school or _answer(ask, "What do pupils call the school? ", _school)
        folder = data or _answer(ask, f"In which folder shall everything lie? [{usual}] ", _folder)
        asked = "The address of a server above, such as the region's? [none] "
        address = _answer(ask, asked, _address)
        code = _answer(ask, "The code that was given out there: ", _code) if address else ""
    except EOFError as error:
        raise SetupError(_NOTHING) from error
    return Answers(name, folder, address, code)


def _answer(ask: Ask, question: str, read: Callable[[str], _Answer]) -> _Answer:
    for _ in range(MAX_TRIES):
        try:
            return read(ask(question).strip())
        except (ServerError, SyncError) as error:
            print(error, file=sys.stderr)
    raise SetupError(_NOTHING)


def _school(typed: str) -> str:
    return tidy_name(typed, "school")


def _folder(typed: str) -> Path:
    folder = Path(typed or usual_folder()).expanduser().absolute()
    DataFolder(folder).check_place()
    return folder


def _address(typed: str) -> str:
    return "" if typed.lower() in _NONE else server_address(typed)


def _code(typed: str) -> str:
    return str(EnrolmentCode.parse(typed))
