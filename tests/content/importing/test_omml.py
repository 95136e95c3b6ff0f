"""Equations of Word as formulas that the client draws."""

from __future__ import annotations

import pytest

pytest.importorskip("docx")

from content.documents.formula import parse_formula
from content.errors import FormulaError
from content.importing.omml import latex_of, words_of
from tests.support.office import equation, fraction, power, run


def fenced(inside: str, left: str = "(", right: str = ")") -> str:
    marks = f"<m:begChr m:val='{left}'/><m:endChr m:val='{right}'/>"
    return f"<m:d><m:dPr>{marks}</m:dPr><m:e>{inside}</m:e></m:d>"


ROOT = "<m:rad><m:radPr><m:degHide m:val='1'/></m:radPr><m:deg/><m:e>{}</m:e></m:rad>"
CUBE = "<m:rad><m:deg><m:r><m:t>3</m:t></m:r></m:deg><m:e><m:r><m:t>x</m:t></m:r></m:e></m:rad>"
SYSTEM = f"<m:eqArr><m:e>{run('x+y=1')}</m:e><m:e>{run('x&amp;-y=3')}</m:e></m:eqArr>"
SINE = f"<m:func><m:fName>{run('sin')}</m:fName><m:e>{run('α')}</m:e></m:func>"
LIMIT = (
    f"<m:func><m:fName><m:limLow><m:e>{run('lim')}</m:e><m:lim>{run('x→∞')}</m:lim></m:limLow>"
    f"</m:fName><m:e>{run('x')}</m:e></m:func>"
)
SUM = (
    "<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr>"
    f"<m:sub>{run('i=1')}</m:sub><m:sup>{run('n')}</m:sup><m:e>{run('i')}</m:e></m:nary>"
)
BAR = "<m:bar><m:barPr><m:pos m:val='top'/></m:barPr><m:e><m:r><m:t>AB</m:t></m:r></m:e></m:bar>"
BOTH = (
    f"<m:sSubSup><m:e>{run('a')}</m:e><m:sub>{run('1')}</m:sub><m:sup>{run('2')}</m:sup>"
    "</m:sSubSup>"
)
WORDS = "<m:r><m:rPr><m:nor/></m:rPr><m:t>егер x</m:t></m:r>"


@pytest.mark.parametrize(
    ("inside", "latex"),
    [
        (run("2x+3≥7"), "2x+3\\ge 7"),
        (fraction(run("1"), run("2")), "\\frac{1}{2}"),
        (power(run("x"), run("2")), "x^{2}"),
        (power(fenced(run("a+b")), run("2")), "{\\left(a+b\\right)}^{2}"),
        (power(run("30"), run("°")), "30\\degree"),
        (ROOT.format(run("2")), "\\sqrt{2}"),
        (CUBE, "\\sqrt[3]{x}"),
        (fenced(SYSTEM, "{", ""), "\\begin{cases}x+y=1 \\\\ x-y=3\\end{cases}"),
        (fenced(run("x"), "|", "|"), "\\left|x\\right|"),
        (SINE, "\\sin {\\alpha }"),
        (LIMIT, "{\\lim }_{x\\to \\infty } {x}"),
        (SUM, "\\sum _{i=1}^{n} i"),
        (BAR, "\\overline{AB}"),
        (BOTH, "a_{1}^{2}"),
        (run("v=60 км/ч"), "v=60 \\text{км/ч}"),
        (WORDS, "\\text{егер x}"),
        (run("50%"), "50\\%"),
        (run("A={1;2}"), "A=\\{1;2\\}"),
    ],
)
def test_what_we_draw(inside: str, latex: str) -> None:
    made = latex_of(equation(inside))
    assert made.replace(" ", "") == latex.replace(" ", "")
    parse_formula(made)


@pytest.mark.parametrize(
    "inside",
    [
        f"<m:m><m:mr><m:e>{run('1')}</m:e></m:mr></m:m>",
        f"<m:acc><m:e>{run('a')}</m:e></m:acc>",
        run("☃"),
        "",
        "<m:sSup><m:e>" * 70 + run("x") + "</m:e></m:sSup>" * 70,
    ],
)
def test_what_we_do_not(inside: str) -> None:
    with pytest.raises(FormulaError):
        latex_of(equation(inside))


def test_the_characters_are_left() -> None:
    assert words_of(equation(fraction(run("1"), run("x + 2")))) == "1x + 2"
