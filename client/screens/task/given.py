"""Answers as they are kept, and what is said of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Dict, List, Mapping, Optional

from client.laptop.schoolwork.works import Answer
from client.messages import Message


def is_answered(answer: Answer) -> bool:
    """Whether there is anything in an answer."""
    if isinstance(answer, Mapping):
        return any(said.strip() for said in answer.values())
    return bool(answer.strip() if isinstance(answer, str) else answer)


def said_number(number: Fraction) -> str:
    """A number as a decimal when it ends within four digits, else as a fraction; plain ASCII."""
    if 10_000 % number.denominator:
        return f"{number.numerator}/{number.denominator}"
    whole, rest = divmod(abs(number) * 10_000, 10_000)
    text = f"{whole}.{int(rest):04d}".rstrip("0").rstrip(".")
    return "-" + text if number < 0 else text


def entries(answer: Answer) -> List[str]:
    """The entries of an answer that is a list."""
    return list(answer) if isinstance(answer, (list, tuple)) else []


def readable(kept: Mapping[str, object]) -> Dict[str, Answer]:
    """Answers from the disk, without what is neither text nor texts in a list or by a name."""
    answers: Dict[str, Answer] = {}
    for name, answer in kept.items():
        if isinstance(answer, str):
            answers[name] = answer
        elif isinstance(answer, (list, tuple)):
            answers[name] = [one for one in answer if isinstance(one, str)]
        elif isinstance(answer, Mapping):
            answers[name] = {part: one for part, one in answer.items() if isinstance(one, str)}
    return answers


def said_error(error: Optional[Exception], otherwise: str) -> Message:
    """What an error says to a person, or the sentence of the key ``otherwise``."""
    said = getattr(error, "message", None)
    return said if isinstance(said, Message) else Message(otherwise)
