from __future__ import annotations

import pytest

from content.documents.formula import parse_formula, plain_text


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("2x+3=7", "2x + 3 = 7"),
        ("x=-3", "x = −3"),
        ("2(-x)", "2(−x)"),
        (r"\frac{x+1}{2}", "(x + 1)/2"),
        (r"\frac12", "1/2"),
        ("x^{2}", "x^2"),
        ("x^{n+1}", "x^(n + 1)"),
        (r"\sqrt{2}", "√2"),
        (r"a \ne 0 \Rightarrow b", "a ≠ 0 ⇒ b"),
        (r"\begin{cases}x+y=1\\x-y=3\\\end{cases}", "{ x + y = 1; x − y = 3"),
        (r"1\,000\ \text{тг}", "1 000 тг"),
        ("1, 2, 3", "1,2,3"),
        ("а' + ә", "а^′ + ә"),
    ],
)
def test_on_one_line(latex: str, text: str) -> None:
    assert plain_text(parse_formula(latex)) == text
