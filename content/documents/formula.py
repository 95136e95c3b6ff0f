r"""Formulas: a small subset of LaTeX mathematics, parsed into a tree that a widget draws.

The subset: rows and braces, \frac, ^ and _, \sqrt[n]{}, \left ... \right, operators, relations and
arrows, functions such as \sin, \text{}, \overline{}, Greek letters and \begin{cases}. Anything else
is a FormulaError with its position.
"""

from __future__ import annotations

from typing import Callable, Dict, List, Optional, Tuple

from content.documents.formula_nodes import (
    Cases,
    Fence,
    Frac,
    Node,
    Over,
    Root,
    Row,
    Script,
    Space,
    Symbol,
    Words,
    plain_text,
)
from content.documents.formula_symbols import (
    DELIMITERS,
    FUNCTIONS,
    SPACES_EM,
    SYMBOLS,
    is_operator,
    is_relation,
)
from content.errors import FormulaError

__all__ = [
    "Cases",
    "Fence",
    "Frac",
    "Node",
    "Over",
    "Root",
    "Row",
    "Script",
    "Space",
    "Symbol",
    "Words",
    "parse_formula",
    "plain_text",
]

MAX_FORMULA = 2_000
MAX_DEPTH = 30


def parse_formula(latex: str) -> Row:
    """The tree of a formula, without the dollars around it.

    Raises FormulaError, whose ``position`` counts characters of ``latex`` from 0.
    """
    if len(latex) > MAX_FORMULA:
        raise FormulaError(f"The formula is longer than {MAX_FORMULA} characters.", MAX_FORMULA)
    return _Parser(latex).row(("",))


class _Parser:
    """Recursive descent over the characters; one pass, no tokens kept."""

    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.at = 0
        self.depth = 0
        self.commands: Dict[str, Callable[[], Node]] = {
            "frac": self._frac,
            "dfrac": self._frac,
            "tfrac": self._frac,
            "sqrt": self._sqrt,
            "left": self._left,
            "text": self._text,
            "mathrm": self._text,
            "overline": self._overline,
            "begin": self._begin,
        }

    def fail(self, sentence: str, at: Optional[int] = None) -> FormulaError:
        position = self.at if at is None else at
        return FormulaError(f"{sentence} (character {position + 1} of the formula).", position)

    def peek(self) -> str:
        """What comes next: one character, a whole command with its backslash, "" at the end."""
        while self.at < len(self.latex) and self.latex[self.at].isspace():
            self.at += 1
        if self.at >= len(self.latex):
            return ""
        if self.latex[self.at] != "\\":
            return self.latex[self.at]
        end = self.at + 1
        while end < len(self.latex) and self.latex[end].isascii() and self.latex[end].isalpha():
            end += 1
        return self.latex[self.at : max(end, self.at + 2)]

    def take(self) -> str:
        found = self.peek()
        self.at += len(found)
        return found

    def expect(self, wanted: str) -> None:
        found = self.peek()
        if found != wanted:
            raise self.fail(f"Expected {wanted!r} but found {found or 'the end'!r}")
        self.at += len(found)

    def row(self, ends: Tuple[str, ...]) -> Row:
        """Nodes until one of ``ends``, which is left to the caller."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail("The formula is nested too deeply")
        nodes: List[Node] = []
        while self.peek() not in ends:
            if self.peek() == "":
                raise self.fail(f"The formula ends before {ends[0]!r}")
            nodes.append(self.scripted())
        self.depth -= 1
        return Row(tuple(nodes))

    def scripted(self) -> Node:
        base: Node = Row(()) if self.peek() in ("^", "_") else self.atom()
        raised: Optional[Node] = None
        lowered: Optional[Node] = None
        while self.peek() in ("^", "_", "'"):
            mark = self.take()
            if mark == "'" and raised is None:
                raised = Symbol("\u2032", "variable")
            elif mark == "^" and raised is None:
                raised = self.argument()
            elif mark == "_" and lowered is None:
                lowered = self.argument()
            else:
                raise self.fail(f"A second {mark!r} on the same base")
        return base if raised is None and lowered is None else Script(base, raised, lowered)

    def argument(self) -> Node:
        if self.peek() == "{":
            self.take()
            row = self.row(("}",))
            self.take()
            return row.children[0] if len(row.children) == 1 else row
        if self.peek() in ("", "}", "^", "_", "&"):
            raise self.fail("Something is missing here")
        if self.peek().isdigit():
            # Without braces LaTeX takes one digit only: \frac12 is a half.
            return Symbol(self.take(), "number")
        return self.atom()

    def atom(self) -> Node:
        found = self.peek()
        start = self.at
        if found == "{":
            return self.argument()
        if found.startswith("\\"):
            return self.command(self.take()[1:], start)
        if found.isascii() and found.isdigit():
            return self.digits()
        self.take()
        return self.character(found, start)

    def character(self, found: str, start: int) -> Node:
        if is_relation(found):
            return Symbol(found, "relation")
        if is_operator(found):
            return Symbol("\u2212" if found == "-" else found, "operator")
        if found in ",;.:!?%|/()[]":
            return Symbol(found, "punctuation")
        if found.isalpha():
            return Symbol(found, "variable")
        raise self.fail(f"The character {found!r} cannot be drawn", start)

    def digits(self) -> Node:
        start = self.at
        while self.at < len(self.latex) and self._number_goes_on():
            self.at += 1
        return Symbol(self.latex[start : self.at], "number")

    def _number_goes_on(self) -> bool:
        here = self.latex[self.at]
        if here.isascii() and here.isdigit():
            return True
        after = self.latex[self.at + 1 : self.at + 2]
        return here in ".," and after.isascii() and after.isdigit()

    def command(self, name: str, start: int) -> Node:
        if name in self.commands:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise self.fail("The formula is nested too deeply", start)
            node = self.commands[name]()
            self.depth -= 1
            return node
        if name in SYMBOLS:
            return SYMBOLS[name]
        if name in FUNCTIONS:
            return Symbol(name, "function")
        if name in SPACES_EM:
            return Space(SPACES_EM[name])
        raise self.fail(f"The command \\{name} is not known", start)

    def _frac(self) -> Node:
        return Frac(self.argument(), self.argument())

    def _overline(self) -> Node:
        return Over(self.argument())

    def _sqrt(self) -> Node:
        index: Optional[Node] = None
        if self.peek() == "[":
            self.take()
            index = self.row(("]",))
            self.take()
        return Root(self.argument(), index)

    def _left(self) -> Node:
        left = self._delimiter()
        body = self.row(("\\right",))
        self.take()
        return Fence(left, body, self._delimiter())

    def _delimiter(self) -> str:
        found = self.peek()
        start = self.at
        self.take()
        if found not in DELIMITERS:
            raise self.fail(f"{found or 'The end'!r} is no bracket", start)
        return DELIMITERS[found]

    def _braced_letters(self) -> str:
        self.expect("{")
        end = self.latex.find("}", self.at)
        if end < 0:
            raise self.fail("The formula ends before '}'", len(self.latex))
        letters = self.latex[self.at : end]
        if "{" in letters or "\\" in letters:
            raise self.fail("Only plain words may stand here")
        self.at = end + 1
        return letters

    def _text(self) -> Node:
        return Words(self._braced_letters())

    def _begin(self) -> Node:
        start = self.at
        name = self._braced_letters()
        if name != "cases":
            raise self.fail(f"The environment {name[:40]!r} is not known", start)
        rows: List[Tuple[Node, ...]] = []
        while True:
            rows.append(self._cells())
            if self.take() == "\\end":
                break
        if self._braced_letters() != "cases":
            raise self.fail("Expected \\end{cases}", start)
        if len(rows) > 1 and rows[-1] == (Row(()),):
            rows.pop()
        return Cases(tuple(rows))

    def _cells(self) -> Tuple[Node, ...]:
        cells: List[Node] = [self.row(("\\end", "\\\\", "&"))]
        while self.peek() == "&":
            self.take()
            cells.append(self.row(("\\end", "\\\\", "&")))
        return tuple(cells)
