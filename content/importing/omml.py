"""Word's and PowerPoint's equations (OMML, ECMA-376 part 1, 22.1) as our subset of LaTeX."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Mapping, Optional

from content.documents.formula import MAX_DEPTH, parse_formula
from content.documents.formula_symbols import FUNCTIONS, SYMBOLS
from content.errors import FormulaError

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAX_NESTED = 2 * MAX_DEPTH

_BESIDES: Mapping[str, str] = {
    "\\": "\\setminus ", "{": "\\{", "}": "\\}", "$": "\\$", "%": "\\%", "#": "\\#",
    "_": "\\_", "&": "\\text{&}", "~": "\\sim ", "−": "-", "⋅": "\\cdot ", "∙": "\\cdot ",
    "•": "\\cdot ", "′": "'", "″": "''", "ϕ": "\\varphi ", "ϵ": "\\varepsilon ", "∆": "\\Delta ",
    "Ω": "\\Omega ", "µ": "\\mu ", "º": "\\degree ", "⩽": "\\le ", "⩾": "\\ge ", "→": "\\to ",
    "∕": "/", "⁄": "/", "\u2061": "", "\u200b": "", "\u2062": "", "\u2063": "", "\u00a0": " ",
    "⇒": "\\Rightarrow ", "⇔": "\\Leftrightarrow ", "⇐": "\\Leftarrow ", "ℝ": "R", "ℕ": "N",
    "ℤ": "Z", "ℚ": "Q", "≤": "\\le ", "≥": "\\ge ", "≠": "\\ne ", "∣": "|", "‖": "\\parallel ",
}  # fmt: skip
_COMMANDS: Dict[str, str] = {
    symbol.text: f"\\{name} "
    for name, symbol in reversed(list(SYMBOLS.items()))
    if not symbol.text.isascii()
}
"""What a character is called in LaTeX."""
_COMMANDS.update(_BESIDES)
_FENCES: Mapping[str, str] = {
    "(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "{": "\\{", "}": "\\}", "": ".", "/": "/",
    "⟨": "\\langle", "⟩": "\\rangle", "〈": "\\langle", "〉": "\\rangle", "∣": "|",
}  # fmt: skip
_WORDS = re.compile(r"[А-Яа-яЁёӘәІіҢңҒғҮүҰұҚқӨөҺһ]+(?:[ ./][А-Яа-яЁёӘәІіҢңҒғҮүҰұҚқӨөҺһ]+)*\.?")
_FUNCTION = re.compile(
    rf"(?<![A-Za-z])({'|'.join(sorted(FUNCTIONS, key=len, reverse=True))})(?![A-Za-z])"
)
_INVISIBLE = ("ctrlPr", "rPr", "argPr")


def latex_of(element: Any) -> str:
    """LaTeX of an ``m:oMath`` or ``m:oMathPara`` element that can be drawn.

    Raises FormulaError naming what cannot be: a matrix, an arrow above a letter.
    """
    latex = " ".join(_row(element, 0).split())
    if not latex:
        raise FormulaError("The formula is empty.", 0)
    parse_formula(latex)
    return latex


def words_of(element: Any) -> str:
    """The characters of an equation on one line: what is left of one that cannot be drawn."""
    return " ".join("".join(part.text or "" for part in element.iter(f"{MATH}t")).split())


def _row(element: Optional[Any], depth: int) -> str:
    if element is None:
        return ""
    if depth > _MAX_NESTED:
        raise FormulaError("The formula is nested too deeply.", 0)
    return "".join(_node(child, depth + 1) for child in element)


def _node(element: Any, depth: int) -> str:
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag.startswith(MATH):
        # Tracked changes, bookmarks and the like stand around the parts of an equation.
        return "" if tag in (f"{_WORD}del", f"{_WORD}rPr") else _row(element, depth)
    name = tag[len(MATH) :]
    if name.endswith("Pr") or name in _INVISIBLE:
        return ""
    make = _MAKERS.get(name)
    if make is None:
        raise FormulaError(f"Equations with the part {name!r} cannot be drawn.", 0)
    return make(element, depth)


def _part(element: Any, name: str, depth: int) -> str:
    return _row(element.find(f"{MATH}{name}"), depth)


def _property(element: Any, name: str, default: str) -> str:
    """The value of a property: ``default`` when absent, "" when it is there and empty."""
    found = element.find(f"{MATH}{element.tag[len(MATH) :]}Pr/{MATH}{name}")
    return default if found is None else str(found.get(f"{MATH}val") or "")


def _text(element: Any, _depth: int) -> str:
    words = "".join(part.text or "" for part in element.findall(f"{MATH}t"))
    properties = element.find(f"{MATH}rPr")
    if properties is not None and properties.find(f"{MATH}nor") is not None:
        return _upright(words)
    return _symbols(words)


def _upright(words: str) -> str:
    plain = re.sub(r"[{}\\$]", " ", words)
    if words.strip() in FUNCTIONS:
        return f"\\{words.strip()} "
    return f"\\text{{{plain}}}" if re.search(r"[^\W\d_]{2}|\s", plain) else _symbols(words)


def _symbols(words: str) -> str:
    written: List[str] = []
    at = 0
    for found in re.finditer(f"{_WORDS.pattern}|{_FUNCTION.pattern}", words):
        written.append(_letters(words[at : found.start()]))
        said = found[0]
        written.append(f"\\{said} " if found[1] else _cyrillic(said))
        at = found.end()
    written.append(_letters(words[at:]))
    return "".join(written)


def _cyrillic(said: str) -> str:
    return said if len(said) == 1 else f"\\text{{{said}}}"


def _letters(words: str) -> str:
    return "".join(_COMMANDS.get(letter, letter) for letter in words)


def _fraction(element: Any, depth: int) -> str:
    above, below = _part(element, "num", depth), _part(element, "den", depth)
    kind = _property(element, "type", "bar")
    if kind in ("lin", "skw"):
        return f"{{{above}}}/{{{below}}}"
    if kind == "noBar":
        raise FormulaError("Two lines without a bar between cannot be drawn.", 0)
    return f"\\frac{{{above}}}{{{below}}}"


def _base(element: Any, depth: int) -> str:
    base = _part(element, "e", depth)
    return base if len(base.strip()) == 1 or base.strip().isdigit() else f"{{{base}}}"


def _script(element: Any, depth: int) -> str:
    lowered = element.find(f"{MATH}sub")
    raised = element.find(f"{MATH}sup")
    written = _base(element, depth)
    if lowered is not None and len(lowered):
        written += f"_{{{_row(lowered, depth)}}}"
    if raised is not None and len(raised):
        written += _raised(_row(raised, depth))
    return written


def _raised(row: str) -> str:
    if row.strip() in ("'", "''"):
        return row.strip()[0]
    return "\\degree " if row.strip() in ("\\degree", "\\circ") else f"^{{{row}}}"


def _before(element: Any, depth: int) -> str:
    scripts = f"_{{{_part(element, 'sub', depth)}}}^{{{_part(element, 'sup', depth)}}}"
    return f"{{}}{scripts}{{{_part(element, 'e', depth)}}}"


def _root(element: Any, depth: int) -> str:
    index = _part(element, "deg", depth).strip()
    hidden = _property(element, "degHide", "0") in ("", "1", "on", "true")
    return f"\\sqrt{'' if hidden or not index else f'[{index}]'}{{{_part(element, 'e', depth)}}}"


def _fence(element: Any, depth: int) -> str:
    left, right = _property(element, "begChr", "("), _property(element, "endChr", ")")
    parts = element.findall(f"{MATH}e")
    if left == "{" and right == "" and len(parts) == 1:
        system = _system(parts[0], depth)
        if system:
            return system
    if left not in _FENCES or right not in _FENCES:
        raise FormulaError(f"The brackets {left} {right} cannot be drawn.", 0)
    mark = _property(element, "sepChr", "|")
    inside = _letters(mark).join(_row(part, depth) for part in parts)
    return f"\\left{_FENCES[left]}{inside}\\right{_FENCES[right]}"


def _system(part: Any, depth: int) -> str:
    """``cases`` where the only thing behind the brace is rows, else nothing."""
    inside = [child for child in part if not str(child.tag).endswith("Pr")]
    if len(inside) != 1:
        return ""
    name = inside[0].tag[len(MATH) :]
    if name == "eqArr":
        rows = [_row(row, depth + 1) for row in inside[0].findall(f"{MATH}e")]
    elif name == "m":
        rows = [
            " & ".join(_row(cell, depth + 1) for cell in row.findall(f"{MATH}e"))
            for row in inside[0].findall(f"{MATH}mr")
        ]
    else:
        return ""
    rows = [row.replace("\\text{&}", "") for row in rows]
    return "\\begin{cases}" + " \\\\ ".join(rows) + "\\end{cases}"


def _rows(element: Any, depth: int) -> str:
    parts = element.findall(f"{MATH}e")
    if len(parts) == 1:
        return _row(parts[0], depth)
    raise FormulaError("Lines of a formula below each other cannot be drawn.", 0)


def _large(element: Any, depth: int) -> str:
    sign = _property(element, "chr", "∫")
    lowered, raised = _part(element, "sub", depth), _part(element, "sup", depth)
    written = _COMMANDS.get(sign, sign)
    written += f"_{{{lowered}}}" if lowered.strip() else ""
    written += f"^{{{raised}}}" if raised.strip() else ""
    return f"{written} {_part(element, 'e', depth)}"


def _function(element: Any, depth: int) -> str:
    return f"{_part(element, 'fName', depth)} {{{_part(element, 'e', depth)}}}"


def _limit(element: Any, depth: int) -> str:
    return f"{_base(element, depth)}_{{{_part(element, 'lim', depth)}}}"


def _upper_limit(element: Any, depth: int) -> str:
    return f"{_base(element, depth)}^{{{_part(element, 'lim', depth)}}}"


def _bar(element: Any, depth: int) -> str:
    if _property(element, "pos", "bot") != "top":
        raise FormulaError("A line below cannot be drawn.", 0)
    return f"\\overline{{{_part(element, 'e', depth)}}}"


def _accent(element: Any, depth: int) -> str:
    if _property(element, "chr", "\u0302") not in ("\u0305", "\u0304", "\u00af", "\u203e"):
        raise FormulaError("A mark above a letter cannot be drawn.", 0)
    return f"\\overline{{{_part(element, 'e', depth)}}}"


def _inside(element: Any, depth: int) -> str:
    return _part(element, "e", depth)


def _nothing(_element: Any, _depth: int) -> str:
    return ""


_MAKERS: Mapping[str, Callable[[Any, int], str]] = {
    "oMath": _row, "oMathPara": _row, "r": _text, "f": _fraction, "sSup": _script, "sSub": _script,
    "sSubSup": _script, "sPre": _before, "rad": _root, "d": _fence, "eqArr": _rows, "nary": _large,
    "func": _function, "limLow": _limit, "limUpp": _upper_limit, "bar": _bar, "acc": _accent,
    "box": _inside, "borderBox": _inside, "phant": _nothing, "e": _row,
}  # fmt: skip
