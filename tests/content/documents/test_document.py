from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.documents.document import (
    Code,
    FormulaBlock,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Span,
    Table,
    parse_document,
)
from content.errors import TooLargeError


def test_headings_and_styles() -> None:
    assert parse_document("## А *б* **в**") == (
        Heading(2, (Span("А "), Span("б", italic=True), Span(" "), Span("в", bold=True))),
    )


def test_formulas_in_text_and_alone() -> None:
    assert parse_document("Теңдеу $2x=6$ **$y$**.\n\n$$\nx = 3\n$$") == (
        Paragraph(
            (
                Span("Теңдеу "),
                Span("2x=6", formula=True),
                Span(" "),
                Span("y", bold=True, formula=True),
                Span("."),
            )
        ),
        FormulaBlock("x = 3"),
    )


def test_a_formula_keeps_what_markdown_would_take() -> None:
    (paragraph,) = parse_document(r"$a_1 * b_2 * c \\ d$ and \$5")
    assert paragraph == Paragraph((Span(r"a_1 * b_2 * c \\ d", formula=True), Span(" and $5")))


def test_pictures_split_their_paragraph() -> None:
    assert parse_document("до ![весы](p/a.png) после") == (
        Paragraph((Span("до"),)),
        Picture("p/a.png", "весы"),
        Paragraph((Span("после"),)),
    )
    assert parse_document("![](a.png)") == (Picture("a.png", ""),)


def test_lists_within_lists() -> None:
    (block,) = parse_document("3. а\n4. б\n   - в\n")
    inner = ListBlock(False, ((Paragraph((Span("в"),)),),))
    assert block == ListBlock(
        True, ((Paragraph((Span("а"),)),), (Paragraph((Span("б"),)), inner)), 3
    )


def test_quotes_tables_code_and_rules() -> None:
    markdown = "> ереже\n\n|x|y|\n|-|-:|\n|1|$z$|\n\n---\n\n```\na\nb\n```\n"
    assert parse_document(markdown) == (
        Quote((Paragraph((Span("ереже"),)),)),
        Table(
            ((Span("x"),), (Span("y"),)),
            (((Span("1"),), (Span("z", formula=True),)),),
            ("left", "right"),
        ),
        Rule(),
        Code("a\nb"),
    )


def test_breaks_and_links() -> None:
    assert parse_document("a\nb  \nc") == (Paragraph((Span("a b\nc"),)),)
    assert parse_document("[a](http://b.c)") == (Paragraph((Span("a", link="http://b.c"),)),)


def test_html_is_only_text() -> None:
    (block,) = parse_document("<script>alert(1)</script>")
    assert block == Paragraph((Span("<script>alert(1)</script>"),))


def test_dangerous_links_are_only_text() -> None:
    assert "link='javascript" not in repr(parse_document("[a](javascript:alert(1))"))


def test_too_long_is_refused() -> None:
    with pytest.raises(TooLargeError):
        parse_document("a" * 100_001)


@pytest.mark.parametrize("mark", [">", "- ", "*a ", "[", "![", "$", "|a\n|-\n", "`", "1. "])
def test_hostile_repetition_is_survived(mark: str) -> None:
    assert isinstance(parse_document(mark * 2000), tuple)


@given(st.text() | st.text(st.sampled_from("#*_$|-> \n![](a)`1.\\<&")))
def test_every_text_parses(text: str) -> None:
    for block in parse_document(text):
        assert block is not None


def test_the_library_is_only_imported_when_a_text_is_opened() -> None:
    code = (
        "import sys, content.documents.document, content.pack;"
        "import content.scoring, content.installation;"
        "heavy = {'markdown_it', 'cryptography', 'zstandard', 'tomllib', 'tomli'};"
        "heavy &= set(sys.modules);"
        "sys.exit(' '.join(heavy) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "text",
    [
        "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + "|\n" * 1000,
        "> |" + "a|" * 200 + "\n> |" + ":-:|" * 200 + "\n" + "> |\n" * 200,
        "|a|b\r|-|" + "-|" * 300 + "\r" + "x\u00a0\r" * 300,
        "\n".join(f"[a{number}]: b" for number in range(1000)),
        "&" * 30_000,
        "a" * 100_001,
    ],
)
def test_what_would_take_too_long_is_refused_at_once(text: str) -> None:
    with pytest.raises(TooLargeError):
        parse_document(text)


def test_large_tables_and_many_links_are_read() -> None:
    table = "|" + "a|" * 20 + "\n|" + "-|" * 20 + "\n" + ("|" + "b|" * 20 + "\n") * 100
    (found,) = parse_document(table)
    assert isinstance(found, Table)
    assert (len(found.rows), len(found.header)) == (100, 20)
    links = "\n".join(f"[a{number}]: b" for number in range(100))
    assert len(parse_document(f"{links}\n\n[a7]")) == 1
