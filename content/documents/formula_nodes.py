"""The tree of a formula, and the formula as a line of plain text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple, Union


@dataclass(frozen=True)
class Symbol:
    """Characters drawn as they are.

    ``role`` is "number", "variable" (italic), "operator" and "relation" (space on both sides),
    "punctuation" or "function" (upright, a thin space after it).
    """

    text: str
    role: str


@dataclass(frozen=True)
class Words:
    r"""Upright words with their spaces, from ``\text{}``."""

    text: str


@dataclass(frozen=True)
class Space:
    """An empty place, in widths of the letter M."""

    width_em: float


@dataclass(frozen=True)
class Row:
    """Nodes one after another."""

    children: Tuple[Node, ...]


@dataclass(frozen=True)
class Frac:
    """One above the other, with a line between."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True)
class Script:
    """A base with something raised, lowered or both."""

    base: Node
    raised: Optional[Node]
    lowered: Optional[Node]


@dataclass(frozen=True)
class Root:
    """A root; ``index`` is None for the square root."""

    radicand: Node
    index: Optional[Node]


@dataclass(frozen=True)
class Over:
    """A line above."""

    body: Node


@dataclass(frozen=True)
class Fence:
    """Brackets as tall as what they hold; a side may be "" (none)."""

    left: str
    body: Node
    right: str


@dataclass(frozen=True)
class Cases:
    """Rows of cells behind one tall brace: a system of equations."""

    rows: Tuple[Tuple[Node, ...], ...]


Node = Union[Symbol, Words, Space, Row, Frac, Script, Root, Over, Fence, Cases]

_SPACED = ("operator", "relation")


def plain_text(node: Node) -> str:
    """The formula on one line, for searching, for terminals and for reading aloud."""
    return " ".join(_plain(node).split())


def _plain(node: Node) -> str:
    if isinstance(node, Symbol):
        return f" {node.text} " if node.role in _SPACED else node.text
    if isinstance(node, Words):
        return node.text
    if isinstance(node, Space):
        return " "
    if isinstance(node, Row):
        return _plain_row(node)
    if isinstance(node, Frac):
        return f"{_grouped(node.numerator)}/{_grouped(node.denominator)}"
    return _plain_tall(node)


def _plain_tall(node: Node) -> str:
    if isinstance(node, Script):
        raised = f"^{_grouped(node.raised)}" if node.raised is not None else ""
        lowered = f"_{_grouped(node.lowered)}" if node.lowered is not None else ""
        return f"{_plain(node.base)}{lowered}{raised}"
    if isinstance(node, Root):
        sign = "\u221a" if node.index is None else f"\u221a[{plain_text(node.index)}]"
        return f"{sign}{_grouped(node.radicand)}"
    if isinstance(node, Fence):
        return f"{node.left}{plain_text(node.body)}{node.right}"
    if isinstance(node, Cases):
        rows = ("  ".join(plain_text(cell) for cell in row) for row in node.rows)
        return "{ " + "; ".join(rows)
    if isinstance(node, Over):
        return _plain(node.body)
    return ""


def _plain_row(row: Row) -> str:
    parts = []
    sign_here = True
    for child in row.children:
        # A minus at the start, after an operator or a bracket belongs to its number.
        is_sign = isinstance(child, Symbol) and child.role == "operator"
        parts.append(_plain(child).strip() if is_sign and sign_here else _plain(child))
        sign_here = isinstance(child, Symbol) and (
            child.role in _SPACED or child.text in ("(", "[", ",", ";")
        )
    return "".join(parts)


def _grouped(node: Node) -> str:
    said = plain_text(node)
    simple = len(said) <= 1 or said.isalnum() or isinstance(node, (Symbol, Fence))
    return said if simple else f"({said})"
