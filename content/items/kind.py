"""What every kind of question offers: reading, scoring, a right answer, and its texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Callable, Iterator, Mapping, Optional, Sequence, Tuple, Union

from content.fields import Fields
from content.text import Text

Answer = Union[None, str, Sequence[str], Mapping[str, str]]
"""A choice's id, several ids, a number or text as typed, files' names, or a value for each part."""

UNIT_MISSING = "unit-missing"
UNIT_WRONG = "unit-wrong"

WRONG, RIGHT = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Result:
    """What an answer is worth.

    ``share`` is from 0 to 1, None while a teacher has to decide. ``feedback`` is what the author
    says to who answered so. ``parts`` says for each part of the question that was answered (a gap,
    a row, a cell, a place, a step) whether it is right. ``remark`` is a word for what the program
    itself has to say, or empty.
    """

    share: Optional[Fraction]
    feedback: Text = field(default_factory=dict)
    parts: Mapping[str, bool] = field(default_factory=dict)
    remark: str = ""


NOTHING = Result(WRONG)
FOR_THE_TEACHER = Result(None)


@dataclass(frozen=True)
class Kind:
    """A kind of question; the functions take what its ``read`` returned.

    ``score`` gets whatever somebody answered, of any type, and never raises. ``right`` is an answer
    that earns everything, None where only a teacher can say. ``texts`` are (place, text) of all
    that the author wrote into it.
    """

    read: Callable[[Fields], Any]
    score: Callable[[Any, object], Result]
    right: Callable[[Any], Answer]
    minutes: Callable[[Any], Fraction]
    texts: Callable[[Any], Iterator[Tuple[str, Text]]]


def no_texts(_: object) -> Iterator[Tuple[str, Text]]:
    """Nothing: the kind has no texts of its own."""
    return iter(())


def mapping_answer(answer: object) -> Mapping[str, str]:
    """The parts of an answer that are text by a name; empty for an answer of another type."""
    if not isinstance(answer, Mapping):
        return {}
    return {
        name: said
        for name, said in answer.items()
        if isinstance(name, str) and isinstance(said, str) and said.strip()
    }


def list_answer(answer: object) -> Tuple[str, ...]:
    """The texts of an answer that is a list of texts; empty for an answer of another type."""
    if not isinstance(answer, (list, tuple, set, frozenset)):
        return ()
    return tuple(answer) if all(isinstance(one, str) for one in answer) else ()


def joined(texts: Sequence[Text]) -> Text:
    """Several texts as paragraphs of one, language by language."""
    languages = dict.fromkeys(language for text in texts for language in text)
    return {
        language: "\n\n".join(text[language] for text in texts if language in text)
        for language in languages
    }


def shared(parts: Mapping[str, bool], count: int, feedback: Text) -> Result:
    """Every one of ``count`` parts is worth the same."""
    return Result(Fraction(sum(parts.values()), count), feedback, parts)
