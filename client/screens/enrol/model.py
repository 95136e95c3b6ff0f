"""Joining a school: by its address or a stick, with a code that is checked while it is typed."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Optional

from client import digits
from client.executor import ROAD, STICKS
from client.laptop.errors import LaptopError
from client.laptop.sticks.seen import Kind, SeenStick
from client.messages import Message
from client.screens.enrol.scanning import Scanning
from client.screens.model import ScreenModel, Session

if TYPE_CHECKING:
    from sync.card import Card

CODE_DIGITS = 16
GROUP_DIGITS = 4
EMPTY, TYPING, WRONG, RIGHT = "empty", "typing", "wrong", "right"


def digits_of(typed: str) -> str:
    """Return the digits of what was typed or pasted, at most sixteen."""
    return digits.digits_of(typed, CODE_DIGITS)


def grouped(code: str) -> str:
    """Return digits as they stand on the paper: in groups of four."""
    return digits.in_groups(code, GROUP_DIGITS)


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
        self.address = session.laptop.school_address
        self.code = ""
        self.scanning = Scanning(self)
        self.for_once = False
        self.busy = False
        self.done = False
        self.error: Optional[Message] = None
        if session.porter is not None:
            session.porter.listen(self.changed)
            session.porter.look()

    def close(self) -> None:
        """Listen and look no more."""
        self.scanning.stop()
        if self.session.porter is not None:
            self.session.porter.forget(self.changed)

    @property
    def stick(self) -> Optional[SeenStick]:
        """A stick that is in and may have an invitation, where no address was typed."""
        porter = self.session.porter
        if porter is None or self.address.strip():
            return None
        return next((one for one in porter.sticks if one.kind is Kind.OURS), None)

    @property
    def can_go_back(self) -> bool:
        """Whether there is somebody on this laptop already, and one more is to be added."""
        return self.session.laptop.enrolled

    @property
    def title(self) -> str:
        """The key of what this is about."""
        return "enrol.title.more" if self.can_go_back else "enrol.title"

    @property
    def how(self) -> str:
        """The key of what to do."""
        if self.scanning.on:
            return "enrol.camera.how"
        return "enrol.how.more" if self.can_go_back else "enrol.how"

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
        known = bool(self.address.strip()) or self.stick is not None
        return self.code_state == RIGHT and known and not self.busy

    def type_address(self, typed: str) -> None:
        """Take over the address."""
        self.address, self.error = typed, None
        self.changed()

    def type_code(self, typed: str) -> None:
        """Take over the code; anything but digits is left out."""
        self.code, self.error = digits_of(typed), None
        self.changed()

    def toggle_for_once(self) -> None:
        """Say whether whoever is added leaves nothing behind when they get up."""
        self.for_once = not self.for_once
        self.changed()

    def take_card(self, card: Card) -> None:
        """Join by a card that the camera saw."""
        if card.address and not self.can_go_back:
            self.address = card.address
        self.type_code(card.digits)
        self.join()

    def join(self) -> None:
        """Ask the school, or read its invitation on a stick, on a thread of its own."""
        if not self.ready:
            return
        self.busy, self.error = True, None
        stick, code = self.stick, grouped(self.code)
        laptop, submit = self.session.laptop, self.session.executor.submit
        self.changed()
        address, for_once = full_address(self.address), self.for_once

        def enrol() -> None:
            with laptop.visits.coming() if for_once else contextlib.nullcontext():
                if stick is not None:
                    laptop.sticks.enrol(stick.root, code)
                else:
                    laptop.enrol(address, code)

        if stick is not None:
            submit("enrol", enrol, self._invited, lane=STICKS)
        else:
            submit("enrol", enrol, self._answered, lane=ROAD)

    def _invited(self, outcome: Any) -> None:
        """Take the lessons from the stick at once, and leave on it who asks to be let in."""
        stick, porter = self.stick, self.session.porter
        if outcome.error is None and stick is not None and porter is not None:
            porter.visit(stick)
        self._answered(outcome)

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
