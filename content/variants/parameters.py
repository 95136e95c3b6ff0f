"""Parameters: what is drawn for a pupil, what follows from it, and what must hold of it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Callable, Dict, List, Optional, Sequence, Set, Tuple, TypeVar

from content.fields import LANGUAGE, Fields
from content.number import parse_number
from content.text import Text
from content.variants.errors import NoValueError, VariantError
from content.variants.expression import Formula, is_name, parse_truth
from content.variants.expression import parse_number as number_formula
from content.variants.insertion import Drawn, Env
from content.variants.numbers import Number, kept
from content.variants.stream import Stream

T = TypeVar("T")

MAX_PARAMETERS = 40
MAX_VALUES = 1_000
MAX_STEPS = 1_000_000
MAX_TRIES = 1_000
"""Draws before giving up: where one in 50 fits, all of them miss once in 600 million times."""


class Range:
    """Numbers from ``low`` on, ``step`` apart."""

    def __init__(self, low: Fraction, step: Fraction, count: int) -> None:
        self._low, self._step, self._count = low, step, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: int) -> Number:
        return kept(self._low + at * self._step)


class Scope:
    """The parameters of a task or of an item, read and checked, ready to be drawn."""

    def __init__(self, fields: Fields, above: Optional[Scope] = None) -> None:
        """Read ``parameter``, ``derived`` and ``where``; names of ``above`` may be used.

        Raises the fields' error naming the place.
        """
        self._fields = fields
        self.numbers: List[str] = list(above.numbers) if above else []
        self.words: List[str] = list(above.words) if above else []
        self._drawn: List[Tuple[str, Any]] = []
        self._derived: List[Tuple[str, Formula]] = []
        self._own: Set[str] = set()
        for one in fields.children("parameter", False, MAX_PARAMETERS):
            self._add_parameter(one)
        for one in fields.children("derived", False, MAX_PARAMETERS):
            self._add_derived(one)
        self._where = [self._condition(one) for one in self._conditions()]

    @property
    def names(self) -> Tuple[str, ...]:
        """The names of this scope alone."""
        return tuple(name for name, _ in (*self._drawn, *self._derived))

    @property
    def combinations(self) -> int:
        """How many ways there are to draw, conditions aside."""
        count = 1
        for _, values in self._drawn:
            count *= len(values)
        return count

    def draw(self, stream: Stream, above: Env, make: Callable[[Env], T]) -> Tuple[T, Env]:
        """What ``make`` makes of values for which every condition holds, and those values.

        Values for which ``make`` raises NoValueError do not fit either. Raises VariantError when
        `MAX_TRIES` draws find none.
        """
        why = ""
        for _ in range(MAX_TRIES):
            env: Dict[str, Drawn] = dict(above)
            for name, values in self._drawn:
                env[name] = values[stream.below(len(values))]
            try:
                why = self._settled(env)
                if not why:
                    return make(env), env
            except NoValueError as problem:
                why = str(problem).rstrip(".")
        raise VariantError(
            f"{self._fields.place}: {MAX_TRIES} draws gave no numbers that fit ({why})."
        )

    def tries(self, stream: Stream, above: Env, make: Callable[[Env], T], count: int) -> int:
        """How many of ``count`` single draws fit, to tell an author whose conditions are strict."""
        fits = 0
        for _ in range(count):
            env: Dict[str, Drawn] = dict(above)
            for name, values in self._drawn:
                env[name] = values[stream.below(len(values))]
            try:
                if not self._settled(env):
                    make(env)
                    fits += 1
            except NoValueError:
                continue
        return fits

    def _settled(self, env: Dict[str, Drawn]) -> str:
        """Add what follows from the draw; the condition that does not hold, or nothing."""
        for name, formula in self._derived:
            env[name] = formula.evaluate(env)  # type: ignore[arg-type]
        for condition in self._where:
            if not condition.evaluate(env):  # type: ignore[arg-type]
                return condition.text
        return ""

    def _add_parameter(self, fields: Fields) -> None:
        name = self._new_name(fields)
        values = _values(fields) if fields.has("values") else _range(fields)
        wordy = bool(len(values)) and isinstance(values[0], (str, dict))
        (self.words if wordy else self.numbers).append(name)
        self._drawn.append((name, values))
        self._own.add(name)

    def _add_derived(self, fields: Fields) -> None:
        name = self._new_name(fields)
        formula = _formula(fields, "value", lambda text: number_formula(text, self.numbers))
        self.numbers.append(name)
        self._derived.append((name, formula))
        if self._own.intersection(formula.names):
            self._own.add(name)

    def _new_name(self, fields: Fields) -> str:
        name = fields.string("name")
        if not is_name(name):
            raise fields.fail(
                "name", "must begin with a Latin letter; letters, digits and _ follow"
            )
        if name in self.numbers or name in self.words:
            raise fields.fail("name", f"is given twice: {name}")
        return name

    def _conditions(self) -> Sequence[Any]:
        where = self._fields.values.get("where", [])
        return [where] if isinstance(where, str) else self._fields.sequence("where", False, 40)

    def _condition(self, text: Any) -> Formula:
        if not isinstance(text, str):
            raise self._fields.fail("where", 'must list conditions such as "a != b"')
        try:
            condition = parse_truth(text, self.numbers)
        except VariantError as problem:
            raise self._fields.fail("where", f"cannot be read: {_bare(problem)}") from problem
        if not self._own.intersection(condition.names):
            # Drawing again here would never help.
            wanted = "no parameter of its own; put it where its parameters are"
            raise self._fields.fail("where", f'has "{text}", which names {wanted}')
        return condition


def _formula(fields: Fields, name: str, read: Any) -> Formula:
    value = fields.values.get(name)
    text = str(value) if isinstance(value, (int, float)) and value is not True else value
    if not isinstance(text, str):
        raise fields.fail(name, 'must be a formula such as "a*b + c"')
    try:
        formula: Formula = read(text)
    except VariantError as problem:
        raise fields.fail(name, f"cannot be read: {_bare(problem)}") from problem
    return formula


def _bare(problem: VariantError) -> str:
    return str(problem).rstrip(".")


def _range(fields: Fields) -> Range:
    low, high = _number(fields, "from"), _number(fields, "to")
    step = _number(fields, "step") if fields.has("step") else Fraction(1)
    if step <= 0 or high < low:
        raise fields.fail("to", 'must not be below "from", and "step" must be above 0')
    count = int((high - low) / step) + 1
    if count > MAX_STEPS:
        raise fields.fail("step", f"makes more than {MAX_STEPS} numbers; make it larger")
    return Range(low, step, count)


def _number(fields: Fields, name: str) -> Fraction:
    value = fields.values.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise fields.fail(name, 'must be a number such as 3 or "2.5"')
    exact = parse_number(str(value))
    if exact is None:
        raise fields.fail(name, f"must be a number such as 3 or 2.5, not {str(value)[:40]!r}")
    return exact


def _values(fields: Fields) -> List[Drawn]:
    given = fields.sequence("values", True, MAX_VALUES)
    if not given:
        raise fields.fail("values", "must hold at least one value")
    numbers = [_exact(one) for one in given]
    if all(one is not None for one in numbers):
        return [one for one in numbers if one is not None]
    words = [_word(one) for one in given]
    if any(one is None for one in words):
        raise fields.fail("values", "must be all numbers, or all words (perhaps by language)")
    return [one for one in words if one is not None]


def _exact(value: object) -> Optional[Number]:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    exact = parse_number(str(value))
    return None if exact is None else kept(exact)


def _word(value: object) -> Optional[Drawn]:
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, dict) and value and all(_said(*one) for one in value.items()):
        text: Text = value
        return text
    return None


def _said(language: object, text: object) -> bool:
    known = isinstance(language, str) and LANGUAGE.match(language) is not None
    return known and isinstance(text, str) and bool(text.strip())
