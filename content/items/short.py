"""Kind "short": a word or a few, compared with accepted variants."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Iterator, Optional, Tuple

from content.fields import Fields
from content.items.kind import NOTHING, RIGHT, WRONG, Answer, Kind, Result
from content.items.reading import MAX_SPELLINGS, counted, share, spellings
from content.items.spelling import MAX_ANSWER, matches, plain_words
from content.text import Text


@dataclass(frozen=True)
class Accepted:
    """A variant in its spellings, what it is worth, and what the author says to it.

    With ``wildcards`` each ``*`` in a spelling stands for any run of letters.
    """

    spellings: Tuple[str, ...]
    share: Fraction
    feedback: Text
    wildcards: bool = False
    text: Text = field(default_factory=dict)
    """The spellings by language; empty when one serves all."""


@dataclass(frozen=True)
class Short:
    """Accepted variants in any of the pack's languages, the first that fits decides."""

    accepted: Tuple[Accepted, ...]
    case: bool = False
    strict: bool = False
    otherwise: Optional[Text] = None


def read_short(fields: Fields) -> Short:
    """The accepted variants; at least one is worth everything."""
    accepted = tuple(
        _read_accepted(one, "text", RIGHT) for one in counted(fields, "accept", 1, MAX_SPELLINGS)
    )
    if not any(one.share == RIGHT for one in accepted):
        raise fields.fail("accept", "has no variant that is worth everything (share = 1)")
    others = counted(fields, "when", 1, MAX_SPELLINGS, required=False)
    return Short(
        accepted=(*accepted, *(_read_accepted(one, "answer", WRONG) for one in others)),
        case=fields.flag("case"),
        strict=fields.flag("strict"),
        otherwise=fields.text("otherwise", required=False) or None,
    )


def _read_accepted(fields: Fields, name: str, default: Fraction) -> Accepted:
    by_language = isinstance(fields.values.get(name), dict)
    return Accepted(
        text=fields.text(name) if by_language else {},
        spellings=spellings(fields, name),
        share=share(fields, 0, default),
        feedback=fields.text("feedback", required=False),
        wildcards=fields.flag("wildcards"),
    )


def score_short(body: Short, answer: object) -> Result:
    """What the first variant that fits is worth; exact spellings before stand-in letters."""
    if not isinstance(answer, str) or not answer.strip() or len(answer) > MAX_ANSWER:
        return NOTHING
    # "тан" and "таң" are two words: who typed the right one must not get the other's points.
    for strict in (True,) if body.strict else (True, False):
        said = plain_words(answer, case=body.case, strict=strict)
        for one in body.accepted:
            if any(_fits(body, one, spelling, said, strict) for spelling in one.spellings):
                return Result(one.share, one.feedback)
    return Result(WRONG, body.otherwise or {})


def _fits(body: Short, one: Accepted, spelling: str, said: str, strict: bool) -> bool:
    wanted = plain_words(spelling, case=body.case, strict=strict)
    return matches(wanted, said) if one.wildcards else wanted == said


def right_short(body: Short) -> Answer:
    """The first variant that is worth everything."""
    return next(one for one in body.accepted if one.share == RIGHT).spellings[0]


def _texts(body: Short) -> Iterator[Tuple[str, Text]]:
    for one in body.accepted:
        yield f"feedback to {one.spellings[0]}", one.feedback
    if body.otherwise:
        yield "otherwise", body.otherwise


SHORT = Kind(read_short, score_short, right_short, lambda _: Fraction(1), _texts)
