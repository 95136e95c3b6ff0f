"""Formulas: a small language of exact numbers and truths, parsed once and evaluated safely.

Nothing of Python is reachable from a formula. Its length, its depth and its numbers are bounded,
and whatever is wrong with it is a VariantError when it is read; only what depends on the numbers
(a division by zero) is a NoValueError when it is evaluated.
"""

from __future__ import annotations

import operator
import re
from fractions import Fraction
from typing import Callable, Collection, Dict, List, Mapping, NamedTuple, Tuple

from content.variants.errors import VariantError
from content.variants.functions import FUNCTIONS, MAX_ARGUMENTS, Value
from content.variants.numbers import Number, divided, kept, power, remainder
from content.variants.tokens import END, Token, tokens

MAX_DEPTH = 30

Values = Mapping[str, Value]
Evaluate = Callable[[Values], Value]

_COMPARE: Dict[str, Callable[[Number, Number], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: Dict[str, Callable[[Number, Number], Number]] = {
    "+": lambda left, right: kept(left + right),
    "-": lambda left, right: kept(left - right),
    "*": lambda left, right: kept(left * right),
    "/": divided,
    "%": remainder,
    "^": power,
}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}\Z")
_WORDS = ("and", "or", "not", "if")


class Formula(NamedTuple):
    """``evaluate`` takes the values of ``names``; it gives a truth where ``is_truth``."""

    text: str
    evaluate: Evaluate
    is_truth: bool
    names: Tuple[str, ...]


class _Node(NamedTuple):
    evaluate: Evaluate
    is_truth: bool


def parse(text: str, known: Collection[str]) -> Formula:
    """Read a formula over the ``known`` names; raises VariantError saying what is wrong where."""
    parser = _Parser(text, known)
    node = parser.either()
    if parser.token.kind != END:
        raise parser.fail(f'"{parser.token.text}" is one too many')
    return Formula(text, node.evaluate, node.is_truth, tuple(sorted(parser.used)))


def parse_number(text: str, known: Collection[str]) -> Formula:
    """A formula that gives a number."""
    formula = parse(text, known)
    if formula.is_truth:
        raise VariantError(f'"{text}" is true or false, where a number is wanted.')
    return formula


def parse_truth(text: str, known: Collection[str]) -> Formula:
    """A formula that is true or false."""
    formula = parse(text, known)
    if not formula.is_truth:
        raise VariantError(f'"{text}" is a number, where a condition is wanted.')
    return formula


def is_name(text: str) -> bool:
    """Whether something may be called so."""
    return _NAME.match(text) is not None and text not in (*_WORDS, *FUNCTIONS)


class _Parser:
    """Recursive descent, one method a level of precedence, loosest first."""

    def __init__(self, text: str, known: Collection[str]) -> None:
        self._text = text
        self._known = known
        self._tokens = tokens(text)
        self._at = 0
        self._depth = 0
        self.used: Dict[str, None] = {}

    @property
    def token(self) -> Token:
        return self._tokens[self._at]

    def fail(self, what: str) -> VariantError:
        return VariantError(f'"{self._text}", character {self.token.place}: {what}.')

    def _accept(self, *texts: str) -> str:
        if self.token.kind != END and self.token.text in texts:
            self._at += 1
            return self._tokens[self._at - 1].text
        return ""

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            raise self.fail(f'"{text}" is missing')

    def _wanted(self, node: _Node, is_truth: bool) -> Evaluate:
        if node.is_truth is not is_truth:
            wanted = "a condition" if is_truth else "a number"
            raise self.fail(f"{wanted} is wanted before this")
        return node.evaluate

    def either(self) -> _Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.fail(f"more than {MAX_DEPTH} brackets within brackets")
        node = self._both()
        while self._accept("or"):
            node = _or(self._wanted(node, True), self._wanted(self._both(), True))
        self._depth -= 1
        return node

    def _both(self) -> _Node:
        node = self._denied()
        while self._accept("and"):
            node = _and(self._wanted(node, True), self._wanted(self._denied(), True))
        return node

    def _denied(self) -> _Node:
        count = 0
        while self._accept("not"):
            count += 1
        node = self._compared()
        if not count:
            return node
        inner, odd = self._wanted(node, True), bool(count % 2)
        return _Node(lambda values: bool(inner(values)) is not odd, True)

    def _compared(self) -> _Node:
        node = self._sum()
        sides, signs = [node], []  # type: List[_Node], List[str]
        while True:
            sign = self._accept(*_COMPARE)
            if not sign:
                break
            signs.append(sign)
            sides.append(self._sum())
        if not signs:
            return node
        return _chain([self._wanted(side, False) for side in sides], signs)

    def _sum(self) -> _Node:
        return self._row(self._product, "+", "-")

    def _product(self) -> _Node:
        return self._row(self._signed, "*", "/", "%")

    def _row(self, part: Callable[[], _Node], *signs: str) -> _Node:
        node = part()
        while True:
            sign = self._accept(*signs)
            if not sign:
                return node
            node = _two(sign, self._wanted(node, False), self._wanted(part(), False))

    def _signed(self) -> _Node:
        negative = False
        signs = 0
        while True:
            sign = self._accept("-", "+")
            if not sign:
                break
            signs += 1
            negative ^= sign == "-"
        node = self._power()
        if not signs:
            return node
        inner = self._wanted(node, False)
        return _Node(lambda values: -inner(values), False) if negative else node

    def _power(self) -> _Node:
        node = self._atom()
        if not self._accept("^"):
            return node
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.fail(f"more than {MAX_DEPTH} powers of powers")
        above = self._signed()
        self._depth -= 1
        return _two("^", self._wanted(node, False), self._wanted(above, False))

    def _atom(self) -> _Node:
        token = self.token
        if token.kind == "number":
            self._at += 1
            number = kept(Fraction(token.text))
            return _Node(lambda _: number, False)
        if token.kind == "name" and token.text not in ("and", "or", "not"):
            self._at += 1
            return self._called(token.text) if self.token.text == "(" else self._name(token)
        if self._accept("("):
            node = self.either()
            self._expect(")")
            return node
        found = f'before "{token.text}"' if token.text else "at the end"
        raise self.fail(f"a number or a name is missing {found}")

    def _name(self, token: Token) -> _Node:
        name = token.text
        if name not in self._known:
            known = ", ".join(sorted(self._known)) or "none"
            raise VariantError(f'"{self._text}" names {name}; the names here are: {known}.')
        self.used[name] = None
        return _Node(operator.itemgetter(name), False)

    def _called(self, name: str) -> _Node:
        arguments = self._arguments()
        if name == "if":
            return self._if(arguments)
        function = FUNCTIONS.get(name)
        if function is None:
            raise VariantError(
                f'"{self._text}" calls {name}; the functions are: {", ".join(FUNCTIONS)}, if.'
            )
        if not function.fewest <= len(arguments) <= function.most:
            raise self.fail(f"{name} takes {function.fewest} to {function.most} numbers")
        inner = [self._wanted(one, False) for one in arguments]
        call = function.call
        return _Node(lambda values: call(*[one(values) for one in inner]), function.is_truth)

    def _arguments(self) -> List[_Node]:
        self._expect("(")
        found = [self.either()]
        while self._accept(","):
            if len(found) == MAX_ARGUMENTS:
                raise self.fail(f"a function takes at most {MAX_ARGUMENTS} numbers")
            found.append(self.either())
        self._expect(")")
        return found

    def _if(self, arguments: List[_Node]) -> _Node:
        if len(arguments) != 3:
            raise self.fail("if takes a condition and two outcomes")
        condition = self._wanted(arguments[0], True)
        then, otherwise = arguments[1], arguments[2]
        if then.is_truth is not otherwise.is_truth:
            raise self.fail("both outcomes of if must be numbers, or both conditions")
        one, other = then.evaluate, otherwise.evaluate
        return _Node(
            lambda values: one(values) if condition(values) else other(values), then.is_truth
        )


def _two(sign: str, left: Evaluate, right: Evaluate) -> _Node:
    work = _ARITHMETIC[sign]
    return _Node(lambda values: work(left(values), right(values)), False)


def _or(left: Evaluate, right: Evaluate) -> _Node:
    return _Node(lambda values: bool(left(values) or right(values)), True)


def _and(left: Evaluate, right: Evaluate) -> _Node:
    return _Node(lambda values: bool(left(values) and right(values)), True)


def _chain(sides: List[Evaluate], signs: List[str]) -> _Node:
    compare = [_COMPARE[sign] for sign in signs]

    def evaluate(values: Values) -> bool:
        left = sides[0](values)
        for works, side in zip(compare, sides[1:]):
            right = side(values)
            if not works(left, right):
                return False
            left = right
        return True

    return _Node(evaluate, True)
