"""Joining a school: the address and the code, checked while they are typed."""

from __future__ import annotations

from typing import Any, Optional

from client.executor import ROAD
from client.laptop.errors import LaptopError
from client.messages import Message
from client.screens.model import ScreenModel, Session

CODE_DIGITS = 16
GROUP_DIGITS = 4
KAZAKH_ROW = dict(zip('"әіңғ,.үұқ', "1234567890"))
"""What the keys of the digits type on the Kazakh layout, which has no digits without a keypad."""
EMPTY, TYPING, WRONG, RIGHT = "empty", "typing", "wrong", "right"


def digits_of(typed: str) -> str:
    """Return the digits of what was typed or pasted, at most sixteen."""
    return "".join(letter for letter in typed if letter in "0123456789")[:CODE_DIGITS]


def digit_meant(letter: str) -> str:
    """Return the digit on the key that typed this letter, or the letter itself."""
    return KAZAKH_ROW.get(letter.lower(), letter)


def grouped(digits: str) -> str:
    """Return digits as they stand on the paper: in groups of four."""
    starts = range(0, len(digits), GROUP_DIGITS)
    return " ".join(digits[at : at + GROUP_DIGITS] for at in starts)


def full_address(typed: str) -> str:
    """Return what was typed as an address; plain HTTP is safe here and needs not be typed."""
    address = "".join(typed.split())
    return address if not address or "://" in address else "http://" + address


class Model(ScreenModel):
    """``address`` and ``code`` as typed, and how the joining goes.

    ``busy`` while the school is asked, ``error`` what it or the link said, ``done`` at the end.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.address = ""
        self.code = ""
        self.busy = False
        self.done = False
        self.error: Optional[Message] = None

    @property
    def can_go_back(self) -> bool:
        """Whether there is somebody on this laptop already."""
        return self.session.laptop.enrolled

    @property
    def code_state(self) -> str:
        """``empty``, ``typing``, ``wrong`` (the check digit says so) or ``right``."""
        if len(self.code) < CODE_DIGITS:
            return TYPING if self.code else EMPTY
        from sync import verhoeff

        return RIGHT if verhoeff.is_valid(self.code) else WRONG

    @property
    def code_help(self) -> Message:
        """What to say under the code."""
        left = CODE_DIGITS - len(self.code)
        return Message("enrol.code." + self.code_state, {"n": left})

    @property
    def ready(self) -> bool:
        """Whether the button may be pressed."""
        return self.code_state == RIGHT and bool(self.address.strip()) and not self.busy

    def type_address(self, typed: str) -> None:
        """Take over the address."""
        self.address, self.error = typed, None
        self.changed()

    def type_code(self, typed: str) -> None:
        """Take over the code; anything but digits is left out."""
        self.code, self.error = digits_of(typed), None
        self.changed()

    def join(self) -> None:
        """Ask the school, on the road's thread."""
        if not self.ready:
            return
        self.busy, self.error = True, None
        self.changed()
        address, code = full_address(self.address), grouped(self.code)
        laptop = self.session.laptop
        self.session.executor.submit(
            "enrol", lambda: laptop.enrol(address, code), self._answered, lane=ROAD
        )

    def _answered(self, outcome: Any) -> None:
        self.busy = False
        if outcome.error is None:
            self.done = True
            self.session.courier.send_now()
        elif isinstance(outcome.error, LaptopError):
            self.error = outcome.error.message
        else:
            self.error = Message("error.other", {"code": type(outcome.error).__name__})
        self.changed()
