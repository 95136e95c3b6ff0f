"""The three questions with which a server is set up by somebody at its keyboard."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional

from sync_server.errors import SetupError

Ask = Callable[[str], str]
MAX_TRIES = 5


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
    """Ask what was not given.

    Raises:
        SetupError: nobody is there to answer.
    """
    if ask is input and not sys.stdin.isatty():
        raise SetupError('Say where and for whom: keruen-server init DATA --school "NAME"')
    try:
        name = school or _answer(ask, "What do pupils call the school? ")
        usual = usual_folder()
        typed = "" if data else ask(f"In which folder shall everything lie? [{usual}] ").strip()
        address = ask("The address of a server above, such as the region's? [none] ").strip()
        code = _answer(ask, "The code that was given out there: ") if address else ""
    except EOFError as error:
        raise SetupError("Nothing was set up: not all was answered.") from error
    return Answers(name, data or Path(typed or usual).expanduser(), address, code)


def _answer(ask: Ask, question: str) -> str:
    for _ in range(MAX_TRIES):
        answer = ask(question).strip()
        if answer:
            return answer
    raise SetupError("Nothing was set up: not all was answered.")
