"""Kind "number": an exact key, a tolerance, perhaps a unit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Dict, Iterator, Optional, Tuple

from content.fields import Fields
from content.items.kind import (
    NOTHING,
    RIGHT,
    UNIT_MISSING,
    UNIT_WRONG,
    WRONG,
    Answer,
    Kind,
    Result,
)
from content.items.reading import MAX_SPELLINGS, counted, exact, share, strings, tolerance
from content.items.units import plain_unit, split_unit
from content.number import parse_number
from content.text import Text


@dataclass(frozen=True)
class NumberCase:
    """What the author says to another number than the right one, and what it is worth."""

    answer: str
    tolerance: str
    share: Fraction
    feedback: Text


@dataclass(frozen=True)
class Unit:
    """One unit in its spellings; a number in it times ``factor`` is in the unit of the key."""

    spellings: Tuple[str, ...]
    factor: str = "1"


@dataclass(frozen=True)
class Number:
    """``answer`` and ``tolerance`` are exact decimals or fractions as text."""

    answer: str
    tolerance: str = "0"
    units: Tuple[Unit, ...] = ()
    unit_optional: bool = False
    cases: Tuple[NumberCase, ...] = ()
    otherwise: Optional[Text] = None

    @property
    def spellings(self) -> Tuple[str, ...]:
        """Every accepted spelling of every unit."""
        return tuple(spelling for unit in self.units for spelling in unit.spellings)


def read_number(fields: Fields) -> Number:
    """The key of a number."""
    cases = counted(fields, "when", 1, MAX_SPELLINGS, required=False)
    return Number(
        answer=exact(fields, "answer"),
        tolerance=tolerance(fields),
        units=_read_units(fields),
        unit_optional=fields.flag("unit_optional"),
        cases=tuple(_read_case(one) for one in cases),
        otherwise=fields.text("otherwise", required=False) or None,
    )


def _read_units(fields: Fields) -> Tuple[Unit, ...]:
    plain = strings(fields, "units")
    own = (Unit(plain),) if plain else ()
    others = tuple(
        _read_unit(one) for one in counted(fields, "unit", 1, MAX_SPELLINGS, required=False)
    )
    found = (*own, *others)
    for unit in found:
        if any(parse_number(f"1{one}") is not None for one in unit.spellings):
            raise fields.fail("units", "holds something that reads as a part of the number")
    return found


def _read_unit(fields: Fields) -> Unit:
    spellings = strings(fields, "spellings")
    if not spellings:
        raise fields.fail("spellings", "must list the unit's spellings")
    factor = exact(fields, "factor")
    if not parse_number(factor):
        raise fields.fail("factor", "must not be zero")
    return Unit(spellings, factor)


def _read_case(fields: Fields) -> NumberCase:
    return NumberCase(
        answer=exact(fields, "answer"),
        tolerance=tolerance(fields),
        share=share(fields, 0, WRONG),
        feedback=fields.text("feedback", required=False),
    )


def score_number(body: Number, answer: object) -> Result:
    """All or nothing, or what the author gives for a particular other number."""
    if not isinstance(answer, str):
        return NOTHING
    if not body.units:
        return _worth(body, parse_number(answer))
    typed, unit = split_unit(answer.strip(), body.spellings)
    given = parse_number(typed)
    if given is None:
        return NOTHING
    if unit is None:
        return Result(WRONG, remark=UNIT_WRONG)
    if not unit and not body.unit_optional:
        return Result(WRONG, remark=UNIT_MISSING)
    return _worth(body, given * _factors(body).get(unit, RIGHT))


def _factors(body: Number) -> Dict[str, Fraction]:
    return {
        plain_unit(spelling): parse_number(unit.factor) or RIGHT
        for unit in reversed(body.units)
        for spelling in unit.spellings
    }


def _worth(body: Number, given: Optional[Fraction]) -> Result:
    if given is None:
        return NOTHING
    if _near(given, body.answer, body.tolerance):
        return Result(RIGHT)
    for case in body.cases:
        if _near(given, case.answer, case.tolerance):
            return Result(case.share, case.feedback)
    return Result(WRONG, body.otherwise or {})


def _near(given: Fraction, key: str, tolerance_text: str) -> bool:
    middle, width = parse_number(key), parse_number(tolerance_text)
    return middle is not None and width is not None and abs(given - middle) <= width


def right_number(body: Number) -> Answer:
    """The key, with the first spelling of its unit."""
    unit = next((one for one in body.units if one.factor == "1"), None)
    if unit is None and body.units and not body.unit_optional:
        only = body.units[0]
        value = (parse_number(body.answer) or WRONG) / (parse_number(only.factor) or RIGHT)
        return f"{value} {only.spellings[0]}"
    return body.answer if unit is None else f"{body.answer} {unit.spellings[0]}"


def _texts(body: Number) -> Iterator[Tuple[str, Text]]:
    for case in body.cases:
        yield f"feedback to {case.answer}", case.feedback
    if body.otherwise:
        yield "otherwise", body.otherwise


NUMBER = Kind(read_number, score_number, right_number, lambda _: Fraction(2), _texts)
