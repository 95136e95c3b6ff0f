"""A formula's tree laid out as a box: where every letter, bar and bracket goes.

Spaces follow the TeXbook, chapter 18: a thin one after functions and commas, a medium one
around operators, a thick one around relations, none inside exponents; a minus that opens a row
or follows an operator belongs to its number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, Dict, Optional, Sequence, Type

from client.widgets.formula_boxes import (
    EMPTY,
    Box,
    Measure,
    RuleInk,
    at,
    fraction,
    radical,
    row,
    rule_thickness,
    scripts,
    space,
    stacked,
    text_box,
)
from client.widgets.formula_brackets import fenced
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

THIN_EM, MEDIUM_EM, THICK_EM = 3 / 18, 4 / 18, 5 / 18
_SCRIPT_SCALE = 0.74
_INLINE_FRACTION_SCALE = 0.84
_IN_TEXT_FONT = frozenset("×·÷±≤≥≠≈−√∞°′…⋅")
_SYMBOL_FONT_FROM = 0x2100


@dataclass(frozen=True)
class Setting:
    """How a part of a formula is set.

    `size` is its font size and `smallest` the size that no exponent goes below, in pixels;
    `roomy` gives fractions their full height, `tight` leaves the spaces out.
    """

    measure: Measure
    size: float
    smallest: float
    roomy: bool = False
    tight: bool = False
    bold: bool = False

    def scaled(self, scale: float) -> Setting:
        """The same setting smaller, not below `smallest`."""
        return replace(self, size=max(min(self.smallest, self.size), self.size * scale))


def lay_out(
    node: Node,
    measure: Measure,
    size: float,
    *,
    display: bool = False,
    smallest: float = 0.0,
    bold: bool = False,
) -> Box:
    """The box of a formula.

    Args:
        node: the tree, from `content.documents.formula.parse_formula`.
        measure: tells how wide a text is.
        size: the font size of the text around it, in pixels.
        display: on a line of its own; otherwise fractions keep close to a line's height.
        smallest: the smallest font size of exponents and indices that is still read.
        bold: as in a heading.
    """
    return _box(node, Setting(measure, size, smallest, roomy=display, bold=bold))


def _box(node: Node, setting: Setting) -> Box:
    return _LAYOUTS[type(node)](node, setting)


def _symbol(node: Symbol, setting: Setting) -> Box:
    return text_box(setting.measure, node.text, setting.size, _style(node, setting))


def _style(node: Symbol, setting: Setting) -> str:
    if any(_needs_symbol_font(letter) for letter in node.text):
        return "symbol"
    if node.role == "variable" and node.text.isalpha():
        return "italic"
    return "bold" if setting.bold else "upright"


def _needs_symbol_font(letter: str) -> bool:
    return ord(letter) >= _SYMBOL_FONT_FROM and letter not in _IN_TEXT_FONT


def _words(node: Words, setting: Setting) -> Box:
    style = "bold" if setting.bold else "upright"
    return text_box(setting.measure, node.text, setting.size, style)


def _space(node: Space, setting: Setting) -> Box:
    return space(node.width_em * setting.size)


def _row(node: Row, setting: Setting) -> Box:
    boxes = []
    before: Optional[str] = None
    for index, child in enumerate(node.children):
        role = _role(child)
        if role == "operator" and before in (None, "operator", "relation", "opening"):
            role = "sign"
        if not setting.tight and index:
            boxes.append(space(_gap_em(before, role) * setting.size))
        boxes.append(_box(child, setting))
        before = role
    return row(boxes)


def _role(node: Node) -> str:
    if isinstance(node, Script):
        return _role(node.base)
    if not isinstance(node, Symbol):
        return "space" if isinstance(node, Space) else "inner"
    if node.role != "punctuation":
        return node.role
    if node.text in ("(", "[", "{"):
        return "opening"
    return "comma" if node.text in (",", ";") else "closing"


def _gap_em(before: Optional[str], after: str) -> float:
    """The space between two neighbours, in widths of the font size."""
    pair = (before, after)
    if "space" in pair or pair == ("relation", "relation"):
        return 0.0
    if "relation" in pair:
        return THICK_EM
    if "operator" in pair:
        return MEDIUM_EM
    beside_function = (before == "function" and after != "opening") or (
        after == "function" and before not in ("opening", "sign")
    )
    return THIN_EM if before == "comma" or beside_function else 0.0


def _frac(node: Frac, setting: Setting) -> Box:
    inner = setting if setting.roomy else setting.scaled(_INLINE_FRACTION_SCALE)
    inner = replace(inner, roomy=False)
    top, bottom = _box(node.numerator, inner), _box(node.denominator, inner)
    return fraction(top, bottom, setting.size, roomy=setting.roomy)


def _script(node: Script, setting: Setting) -> Box:
    small = replace(setting.scaled(_SCRIPT_SCALE), roomy=False, tight=True)
    above = _box(node.raised, small) if node.raised is not None else EMPTY
    below = _box(node.lowered, small) if node.lowered is not None else EMPTY
    return scripts(_box(node.base, setting), above, below, setting.size)


def _root(node: Root, setting: Setting) -> Box:
    small = replace(setting.scaled(0.62), roomy=False, tight=True)
    degree = _box(node.index, small) if node.index is not None else EMPTY
    return radical(_box(node.radicand, setting), degree, setting.size)


def _over(node: Over, setting: Setting) -> Box:
    body = _box(node.body, setting)
    thickness = rule_thickness(setting.size)
    y = body.ascent + 0.1 * setting.size
    bar = RuleInk(0.0, y, body.width, thickness)
    return Box(body.width, y + thickness, body.descent, (*at(body, 0.0, 0.0), bar))


def _fence(node: Fence, setting: Setting) -> Box:
    content = _box(node.body, setting)
    return fenced(setting.measure, node.left, content, node.right, setting.size)


def _cases(node: Cases, setting: Setting) -> Box:
    inner = replace(setting, roomy=False)
    rows: Sequence[Sequence[Box]] = [[_box(cell, inner) for cell in cells] for cells in node.rows]
    return fenced(setting.measure, "{", stacked(rows, setting.size), "", setting.size)


_LAYOUTS: Dict[Type[object], Callable[..., Box]] = {
    Symbol: _symbol,
    Words: _words,
    Space: _space,
    Row: _row,
    Frac: _frac,
    Script: _script,
    Root: _root,
    Over: _over,
    Fence: _fence,
    Cases: _cases,
}
