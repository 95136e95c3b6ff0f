"""Formulas as MathML Core (W3C), which browsers draw by themselves."""

from __future__ import annotations

from html import escape
from typing import Optional

from content.documents.formula import parse_formula
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
)
from content.errors import FormulaError

_TAGS = {"number": "mn", "variable": "mi", "function": "mi"}


def mathml(latex: str, is_block: bool = False) -> str:
    """The formula as a ``math`` element; what cannot be read is shown as it was written."""
    try:
        tree = parse_formula(latex)
    except FormulaError:
        return f"<code>{escape(latex)}</code>"
    display = ' display="block"' if is_block else ""
    return f"<math{display}>{_drawn(tree)}</math>"


def _drawn(node: Node) -> str:
    if isinstance(node, Symbol):
        return _symbol(node)
    if isinstance(node, Words):
        return f"<mtext>{escape(node.text)}</mtext>"
    if isinstance(node, Space):
        return f'<mspace width="{node.width_em}em"></mspace>'
    if isinstance(node, Row):
        return f"<mrow>{''.join(map(_drawn, node.children))}</mrow>"
    return _stacked(node)


def _stacked(node: Node) -> str:
    """A node whose parts do not stand in one line."""
    if isinstance(node, Frac):
        return f"<mfrac>{_one(node.numerator)}{_one(node.denominator)}</mfrac>"
    if isinstance(node, Script):
        return _script(node)
    return _tall(node)


def _symbol(node: Symbol) -> str:
    tag = _TAGS.get(node.role, "mo")
    upright = ' mathvariant="normal"' if node.role == "function" else ""
    return f"<{tag}{upright}>{escape(node.text)}</{tag}>"


def _script(node: Script) -> str:
    base, raised, lowered = _one(node.base), _one(node.raised), _one(node.lowered)
    if node.raised is None:
        return f"<msub>{base}{lowered}</msub>"
    if node.lowered is None:
        return f"<msup>{base}{raised}</msup>"
    return f"<msubsup>{base}{lowered}{raised}</msubsup>"


def _tall(node: Node) -> str:
    if isinstance(node, Root):
        if node.index is None:
            return f"<msqrt>{_one(node.radicand)}</msqrt>"
        return f"<mroot>{_one(node.radicand)}{_one(node.index)}</mroot>"
    if isinstance(node, Over):
        return f'<mover>{_one(node.body)}<mo stretchy="true">\u203e</mo></mover>'
    if isinstance(node, Fence):
        return f"<mrow>{_bracket(node.left)}{_one(node.body)}{_bracket(node.right)}</mrow>"
    if isinstance(node, Cases):
        rows = "".join(
            f"<mtr>{''.join(f'<mtd>{_drawn(cell)}</mtd>' for cell in row)}</mtr>"
            for row in node.rows
        )
        return f"<mrow>{_bracket('{')}<mtable>{rows}</mtable></mrow>"
    return ""


def _bracket(bracket: str) -> str:
    return f'<mo stretchy="true">{escape(bracket)}</mo>' if bracket else ""


def _one(node: Optional[Node]) -> str:
    return f"<mrow>{_drawn(node)}</mrow>" if node is not None else ""
