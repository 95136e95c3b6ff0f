"""What the laptop's doctor found, in words of three languages."""

from __future__ import annotations

from typing import Any

from client.messages import Message
from sync import finding
from sync.finding import State

Finding = finding.Finding[Message]


def well(check: str, key: str, **values: Any) -> Finding:
    """All is as it should be."""
    return Finding(check, State.WELL, Message(key, values))


def mended(check: str, key: str, detail: str = "", **values: Any) -> Finding:
    """It was not, and is now."""
    return Finding(check, State.MENDED, Message(key, values), detail)


def advice(check: str, key: str, detail: str = "", **values: Any) -> Finding:
    """Nothing is broken, but somebody should know."""
    return Finding(check, State.ADVICE, Message(key, values), detail)


def ill(
    check: str, key: str, detail: str = "", *, mendable: bool = False, **values: Any
) -> Finding:
    """Something is broken; ``mendable`` where the doctor may mend it."""
    return Finding(check, State.ILL, Message(key, values), detail, mendable)
