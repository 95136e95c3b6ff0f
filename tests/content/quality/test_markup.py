from __future__ import annotations

from html.parser import HTMLParser
from typing import List, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.quality.markup import markup

VOID = {"br", "hr", "img"}


class Balanced(HTMLParser):
    """Refuses what is not closed in order; remembers tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: List[str] = []
        self.seen: List[Tuple[str, List[Tuple[str, object]]]] = []

    def handle_starttag(self, tag: str, attrs: List[Tuple[str, object]]) -> None:
        self.seen.append((tag, attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def shown(markdown: str) -> str:
    return markup(markdown, lambda path: f"data:{path}", lambda reason: f"no: {reason}")


def read(html: str) -> Balanced:
    parser = Balanced()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


@pytest.mark.parametrize(
    ("markdown", "part"),
    [
        ("## Екі", "<h5>Екі</h5>"),
        ("**қалың** *көлбеу* `x`", "<strong>қалың</strong> <em>көлбеу</em> <code>x</code>"),
        ("- а\n- б", "<ul><li><p>а</p></li><li><p>б</p></li></ul>"),
        ("3. а\n4. б", '<ol start="3">'),
        ("> ереже", "<blockquote><p>ереже</p></blockquote>"),
        ("![таразы](a.png)", '<img src="data:a.png" alt="таразы">'),
        ("| а |\n|---|\n| б |", "<th>а</th>"),
        ("```\n<b>\n```", "<pre>&lt;b&gt;"),
        ("---", "<hr>"),
    ],
)
def test_every_block_has_its_tag(markdown: str, part: str) -> None:
    html = shown(markdown)
    read(html)
    assert part in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '![x" onerror="alert(1)](a.png)',
        '![x](a"onerror=alert.png)',
        "$<script>$",
        "`<img src=x>`",
        "[a](javascript:alert(1))",
    ],
)
def test_nothing_that_an_author_wrote_becomes_a_tag(hostile: str) -> None:
    seen = read(shown(hostile)).seen
    assert "script" not in [tag for tag, _ in seen]
    names = {name for _, attributes in seen for name, _ in attributes}
    assert names <= {"src", "alt", "start", "display", "width", "class", "mathvariant", "stretchy"}


@given(st.text(alphabet="<>&\"'*_`$|-#![]()ax \n", max_size=60))
def test_any_text_becomes_balanced_markup(text: str) -> None:
    read(shown(text))


def test_a_text_that_is_too_large_says_so() -> None:
    assert "no: The text is longer" in shown("x" * 100_001)


def test_a_picture_that_is_not_there_leaves_its_name() -> None:
    assert 'class="error">a.png' in markup("![x](a.png)", lambda _: "", str)
