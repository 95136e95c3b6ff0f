"""What the doctor found: one part of a laptop's folder, how it is, and a sentence about it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Dict

from client.messages import Message, Messages


class State(str, enum.Enum):
    """How a part is. Only what is ``ILL`` stays to be done; ``ADVICE`` can wait."""

    WELL = "well"
    MENDED = "mended"
    ADVICE = "advice"
    ILL = "ill"


@dataclass(frozen=True)
class Finding:
    """``check`` names the part for scripts; ``mendable`` says that ``--mend`` mends it.

    ``detail`` is plain English for whoever looks closer, such as a file's name.
    """

    check: str
    state: State
    sentence: Message
    detail: str = ""
    mendable: bool = False

    def to_json(self, messages: Messages) -> Dict[str, Any]:
        """For scripts."""
        return {
            "check": self.check,
            "state": self.state.value,
            "sentence": messages.text(self.sentence),
            "detail": self.detail,
            "mendable": self.mendable,
        }


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
