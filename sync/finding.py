"""What a doctor found: one part of a laptop's or a server's folder, how it is, and a sentence."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Callable, Dict, Generic, TypeVar

Sentence = TypeVar("Sentence")


class State(str, enum.Enum):
    """How a part is. Only what is ``ILL`` stays to be done; ``ADVICE`` can wait."""

    WELL = "well"
    MENDED = "mended"
    ADVICE = "advice"
    ILL = "ill"


@dataclass(frozen=True)
class Finding(Generic[Sentence]):
    """``check`` names the part for scripts; ``mendable`` says that ``--mend`` mends it.

    ``detail`` is plain English for whoever looks closer, such as a file's name.
    """

    check: str
    state: State
    sentence: Sentence
    detail: str = ""
    mendable: bool = False

    def to_json(self, text: Callable[[Sentence], str]) -> Dict[str, Any]:
        """For scripts; ``text`` says the sentence."""
        return {
            "check": self.check,
            "state": self.state.value,
            "sentence": text(self.sentence),
            "detail": self.detail,
            "mendable": self.mendable,
        }
