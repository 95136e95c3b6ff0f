"""What the doctor found: one part of a server, how it is, and a sentence that says what to do."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Dict


class State(str, enum.Enum):
    """How a part is. Only what is ``ILL`` stays to be done; ``ADVICE`` can wait."""

    WELL = "well"
    MENDED = "mended"
    ADVICE = "advice"
    ILL = "ill"


@dataclass(frozen=True)
class Finding:
    """``check`` names the part for scripts; ``mendable`` says that ``--mend`` mends it."""

    check: str
    state: State
    sentence: str
    mendable: bool = False

    def to_json(self) -> Dict[str, Any]:
        """Return it for scripts."""
        return {
            "check": self.check,
            "state": self.state.value,
            "sentence": self.sentence,
            "mendable": self.mendable,
        }


def well(check: str, sentence: str) -> Finding:
    """All is as it should be."""
    return Finding(check, State.WELL, sentence)


def mended(check: str, sentence: str) -> Finding:
    """It was not, and is now."""
    return Finding(check, State.MENDED, sentence)


def advice(check: str, sentence: str) -> Finding:
    """Nothing is broken, but somebody should know."""
    return Finding(check, State.ADVICE, sentence)


def ill(check: str, sentence: str, *, mendable: bool = False) -> Finding:
    """Something is broken; ``mendable`` where the doctor may mend it."""
    return Finding(check, State.ILL, sentence, mendable)
