"""What becomes of an error that nobody expected where it arose: the disk refused while one reads.

That happens where the data lie on a stick and it is pulled out. The window stays, says so, and goes
on when the stick is back.
"""

from __future__ import annotations

from typing import Callable

from kivy.base import ExceptionHandler, ExceptionManager

from client.laptop.errors import LaptopError
from client.messages import Message


class Guard(ExceptionHandler):
    """Hands the message of an unhandled LaptopError to ``tell``; any other error ends the app."""

    def __init__(self, tell: Callable[[Message], None]) -> None:
        self._tell = tell

    def handle_exception(self, inst: BaseException) -> int:
        """Tell of an error, and let the window go on."""
        if not isinstance(inst, LaptopError):
            return int(ExceptionManager.RAISE)
        self._tell(inst.message)
        return int(ExceptionManager.PASS)
