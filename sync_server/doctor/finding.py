"""What the server's doctor found, in sentences that say what to do."""

from __future__ import annotations

from sync import finding
from sync.finding import State

Finding = finding.Finding[str]


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
    return Finding(check, State.ILL, sentence, mendable=mendable)
