from __future__ import annotations

import pytest

pytest.importorskip("defusedxml")

from defusedxml import ElementTree

from content.quality.mathml import mathml

FORMULAS = [
    "x",
    "2x + 3 = 11",
    r"\frac{a}{b}",
    "x^2",
    "a_1",
    "a_1^2",
    r"\sqrt{x}",
    r"\sqrt[3]{8}",
    r"\left(\frac{1}{2}\right)",
    r"\begin{cases} x + y = 1 \\ x - y = 3 \end{cases}",
    r"\text{бірлік}",
    r"\overline{ab}",
    r"a < b",
]


@pytest.mark.parametrize("latex", FORMULAS)
def test_every_formula_becomes_well_formed_mathml(latex: str) -> None:
    tree = ElementTree.fromstring(mathml(latex))
    assert tree.tag == "math"
    assert len(list(tree.iter())) > 1


def test_a_fraction_has_two_parts_and_a_root_its_index() -> None:
    fraction = ElementTree.fromstring(mathml(r"\frac{a}{b}")).find(".//mfrac")
    root = ElementTree.fromstring(mathml(r"\sqrt[3]{8}")).find(".//mroot")
    assert fraction is not None
    assert root is not None
    assert ["".join(part.itertext()) for part in fraction] == ["a", "b"]
    assert ["".join(part.itertext()) for part in root] == ["8", "3"]


def test_a_formula_that_cannot_be_read_is_shown_as_written() -> None:
    assert mathml(r"\unknown<b>") == "<code>\\unknown&lt;b&gt;</code>"


def test_a_block_stands_on_its_own_line() -> None:
    assert mathml("x", is_block=True).startswith('<math display="block">')
