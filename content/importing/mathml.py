"""MathML (W3C, version 3, presentation) as our subset of LaTeX."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Mapping

from content.documents.formula import MAX_DEPTH, parse_formula
from content.documents.formula_symbols import FUNCTIONS, SYMBOLS
from content.errors import FormulaError

_MAX_NESTED = 2 * MAX_DEPTH
_LETTERS: Dict[str, str] = {
    symbol.text: f"\\{name} "
    for name, symbol in reversed(list(SYMBOLS.items()))
    if not symbol.text.isascii()
}
_LETTERS.update(
    {
        "{": "\\{", "}": "\\}", "$": "\\$", "%": "\\%", "#": "\\#", "_": "\\_", "&": "\\text{&}",
        "\u2212": "-", "\u22c5": "\\cdot ", "\u2061": "", "\u2062": "", "\u2063": "", "\u200b": "",
        "\u2032": "'", "\u00a0": " ", "\u2003": "\\quad ", "\u2009": "\\,", "\\": "\\setminus ",
    }
)  # fmt: skip
_FENCES: Mapping[str, str] = {
    "(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "{": "\\{", "}": "\\}", "": ".",
    "\u27e8": "\\langle", "\u27e9": "\\rangle", "\u2223": "|",
}  # fmt: skip
_LINES_ABOVE = ("\u00af", "\u203e", "\u0305", "_", "\u2015")
_WORDS = re.compile(r"[^\W\d_]{2}|\s")


def latex_of_mathml(element: Any) -> str:
    """LaTeX of a ``math`` element that can be drawn; raises FormulaError naming what cannot be."""
    latex = " ".join(_row(element, 0).split())
    if not latex:
        raise FormulaError("The formula is empty.", 0)
    parse_formula(latex)
    return latex


def words_of_mathml(element: Any) -> str:
    """The characters of a formula on one line: what is left of one that cannot be drawn."""
    return " ".join("".join(element.itertext()).split())


def local_name(element: Any) -> str:
    """The element's name without its namespace or prefix; empty for comments and the like."""
    if not isinstance(element.tag, str):
        return ""
    return element.tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1]


def _row(element: Any, depth: int) -> str:
    if depth > _MAX_NESTED:
        raise FormulaError("The formula is nested too deeply.", 0)
    return "".join(_node(child, depth + 1) for child in element)


def _node(element: Any, depth: int) -> str:
    name = local_name(element)
    if not name:
        return ""
    make = _MAKERS.get(name)
    if make is None:
        raise FormulaError(f"Formulas with the part {name!r} cannot be drawn.", 0)
    return make(element, depth)


def _parts(element: Any, depth: int, count: int) -> List[str]:
    children = [child for child in element if local_name(child)]
    if len(children) != count:
        raise FormulaError(f"The part {local_name(element)!r} lacks something.", 0)
    return [_node(child, depth) for child in children]


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip()


def _letters(words: str) -> str:
    return "".join(_LETTERS.get(letter, letter) for letter in words)


def _identifier(element: Any, _depth: int) -> str:
    said = _text(element)
    if said in FUNCTIONS:
        return f"\\{said} "
    if len(said) > 1 and said.isalpha() and not said.isascii():
        return f"\\text{{{said}}}"
    return _letters(said)


def _operator(element: Any, _depth: int) -> str:
    return _letters(_text(element))


def _words(element: Any, _depth: int) -> str:
    plain = re.sub(r"[{}\\$]", " ", "".join(element.itertext()))
    return f"\\text{{{plain}}}" if _WORDS.search(plain) else _letters(plain.strip())


def _base(written: str) -> str:
    return written if len(written.strip()) == 1 or written.strip().isdigit() else f"{{{written}}}"


def _raised(row: str) -> str:
    if row.strip() == "'":
        return "'"
    return "\\degree " if row.strip() in ("\\degree", "\\circ") else f"^{{{row}}}"


def _sup(element: Any, depth: int) -> str:
    base, above = _parts(element, depth, 2)
    return _base(base) + _raised(above)


def _sub(element: Any, depth: int) -> str:
    base, below = _parts(element, depth, 2)
    return f"{_base(base)}_{{{below}}}"


def _both(element: Any, depth: int) -> str:
    base, below, above = _parts(element, depth, 3)
    return f"{_base(base)}_{{{below}}}{_raised(above)}"


def _over(element: Any, depth: int) -> str:
    base, above = _parts(element, depth, 2)
    if above.strip() in _LINES_ABOVE or above.strip() == "\\_":
        return f"\\overline{{{base}}}"
    if base.strip() in ("\\to", "\\rightarrow"):
        raise FormulaError("Words above an arrow cannot be drawn.", 0)
    raise FormulaError("A mark above a letter cannot be drawn.", 0)


def _fraction(element: Any, depth: int) -> str:
    above, below = _parts(element, depth, 2)
    if element.get("linethickness") in ("0", "0px"):
        raise FormulaError("Two lines without a bar between cannot be drawn.", 0)
    return f"\\frac{{{above}}}{{{below}}}"


def _root(element: Any, depth: int) -> str:
    inside, index = _parts(element, depth, 2)
    return f"\\sqrt[{index.strip()}]{{{inside}}}"


def _square_root(element: Any, depth: int) -> str:
    return f"\\sqrt{{{_row(element, depth)}}}"


def _fenced(element: Any, depth: int) -> str:
    left, right = element.get("open", "("), element.get("close", ")")
    if left not in _FENCES or right not in _FENCES:
        raise FormulaError(f"The brackets {left} {right} cannot be drawn.", 0)
    marks = "".join(str(element.get("separators", ",")).split()) or ""
    inside = (marks[:1] or "").join(_node(child, depth) for child in element)
    return f"\\left{_FENCES[left]}{inside}\\right{_FENCES[right]}"


def _table(_element: Any, _depth: int) -> str:
    raise FormulaError("A matrix cannot be drawn.", 0)


def _annotated(element: Any, depth: int) -> str:
    first = next((child for child in element if local_name(child)), None)
    return "" if first is None else _node(first, depth)


def _space(_element: Any, _depth: int) -> str:
    return "\\,"


def _nothing(_element: Any, _depth: int) -> str:
    return ""


_MAKERS: Mapping[str, Callable[[Any, int], str]] = {
    "math": _row, "mrow": _row, "mstyle": _row, "mpadded": _row, "merror": _row, "menclose": _row,
    "mi": _identifier, "mn": _operator, "mo": _operator, "mtext": _words, "ms": _words,
    "msup": _sup, "msub": _sub, "msubsup": _both, "munder": _sub, "munderover": _both,
    "mover": _over, "mfrac": _fraction, "msqrt": _square_root, "mroot": _root, "mspace": _space,
    "mfenced": _fenced, "mtable": _table, "semantics": _annotated, "mphantom": _nothing,
    "annotation": _nothing, "annotation-xml": _nothing, "none": _nothing,
}  # fmt: skip
