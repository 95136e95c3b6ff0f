from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest

pytest.importorskip("defusedxml")

from content.errors import FormulaError
from content.importing.mathml import latex_of_mathml, words_of_mathml
from content.importing.safe_xml import parse_xml


def math(inside: str) -> Element:
    return parse_xml(
        f"<m:math xmlns:m='http://www.w3.org/1998/Math/MathML'>{inside}</m:math>".encode(),
        "a.xml",
    )


@pytest.mark.parametrize(
    ("inside", "latex"),
    [
        ("<m:mi>x</m:mi><m:mo>+</m:mo><m:mn>1</m:mn>", "x+1"),
        ("<m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup>", "x^{2}"),
        ("<m:msub><m:mi>x</m:mi><m:mn>1</m:mn></m:msub>", "x_{1}"),
        ("<m:msubsup><m:mi>x</m:mi><m:mn>1</m:mn><m:mn>2</m:mn></m:msubsup>", "x_{1}^{2}"),
        ("<m:mfrac><m:mi>a</m:mi><m:mi>b</m:mi></m:mfrac>", "\\frac{a}{b}"),
        ("<m:msqrt><m:mn>2</m:mn></m:msqrt>", "\\sqrt{2}"),
        ("<m:mroot><m:mn>2</m:mn><m:mn>3</m:mn></m:mroot>", "\\sqrt[3]{2}"),
        ("<m:mfenced><m:mi>a</m:mi><m:mi>b</m:mi></m:mfenced>", "\\left(a,b\\right)"),
        ("<m:mover><m:mi>a</m:mi><m:mo>¯</m:mo></m:mover>", "\\overline{a}"),
        ("<m:mi>sin</m:mi><m:mi>α</m:mi><m:mo>≤</m:mo><m:mn>1</m:mn>", "\\sin \\alpha \\le 1"),
        ("<m:msup><m:mn>30</m:mn><m:mo>∘</m:mo></m:msup>", "30\\degree"),
        ("<m:mtext>егер</m:mtext><m:mi>x</m:mi>", "\\text{егер}x"),
        ("<m:semantics><m:mi>x</m:mi><m:annotation>y</m:annotation></m:semantics>", "x"),
    ],
)  # fmt: skip
def test_presentation_becomes_latex(inside: str, latex: str) -> None:
    assert latex_of_mathml(math(inside)) == latex


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<m:mtable/>",
        "<m:mfrac><m:mi>a</m:mi></m:mfrac>",
        "<m:mfrac linethickness='0'><m:mi>a</m:mi><m:mi>b</m:mi></m:mfrac>",
        "<m:mover><m:mi>a</m:mi><m:mo>^</m:mo></m:mover>",
        "<m:apply/>",
        "<m:mrow>" * 70 + "<m:mi>x</m:mi>" + "</m:mrow>" * 70,
    ],
)
def test_what_cannot_be_drawn_is_an_error(inside: str) -> None:
    with pytest.raises(FormulaError):
        latex_of_mathml(math(inside))


def test_its_words_are_left() -> None:
    assert words_of_mathml(math("<m:mi>a</m:mi>\n <m:mo>+</m:mo>")) == "a +"
