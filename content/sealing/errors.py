"""What can go wrong with a sealed part of a task."""

from __future__ import annotations

from content.errors import ContentError, Fault


class SealedError(ContentError):
    """The questions are sealed and have not been opened on this machine."""

    code = "sealed"


class WrongCodeError(ContentError):
    """A code that opens nothing here."""

    code = "code-wrong"
    fault = Fault.YOUR_DATA
