"""What can go wrong on a laptop, whose fault it is, and the message that says so."""

from __future__ import annotations

import enum

from client.messages import Message


class Fault(str, enum.Enum):
    """Whose fault an error is. Only the link's are tried again."""

    YOUR_DATA = "your-data"
    THEIR_DATA = "their-data"
    LINK = "link"
    BUG = "bug"


class LaptopError(Exception):
    """The root of the client's errors: a code, a fault and a message for the person.

    ``str(error)`` is plain English for logs and scripts.
    """

    def __init__(self, code: str, fault: Fault, detail: str, message: Message) -> None:
        super().__init__(detail or code)
        self.code = code
        self.fault = fault
        self.message = message
