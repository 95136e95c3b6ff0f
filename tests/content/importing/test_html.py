from __future__ import annotations

from typing import Optional

import pytest

pytest.importorskip("lxml")

from content.importing.html import MAX_HTML_DEPTH, looks_like_html, page_of_html, page_of_text


def find(address: str) -> Optional[str]:
    return f"pictures/{address}" if address.endswith(".png") else None


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("x < 5 and List<String> &amp; <b>bold</b>", "x \\< 5 and List\\<String\\> & **bold**"),
        ("<p>one</p><p>two<br>three</p>", "one\n\ntwo\\\nthree"),
        ("<ol start='3'><li>a<li>b</ol>", "3. a\n4. b"),
        ("<ul><li>a<ul><li>b</ul></ul>", "- a\n\n  - b"),
        ("<h2>Head <i>line</i></h2>", "## Head *line*"),
        ("<blockquote><p>rule</p></blockquote>", "> rule"),
        ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
        ("H<sub>2</sub>O, x<sup>10</sup>, n<sup>th</sup>", "H$_{2}$O, x$^{10}$, n$^{\\text{th}}$"),
        ("<a href='https://a.kz/b'>there</a> <a href='x'>not</a>", "[there](<https://a.kz/b>) not"),
        ("<p>see <img src='a.png' alt='A b'> it</p>", "see\n\n![A b](<pictures/a.png>)\n\nit"),
        ("<hr><script>alert(1)</script><style>p{}</style>end", "---\n\nend"),
        ("&nbsp;&laquo;сөз&raquo;", "«сөз»"),
        ("a {{b}} c", "a { {b}} c"),
        ("<q>so</q>", "«so»"),
    ],
)
def test_what_each_element_becomes(html: str, markdown: str) -> None:
    assert page_of_html(html, find).markdown == markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (r"\(x^2\) or \[\frac{1}{2}\]", "$x^2$ or\n\n$$\n\\frac{1}{2}\n$$"),
        ("$$a &lt; b$$", "$a < b$"),
        ("[tex]\\sqrt{2}[/tex]", "$\\sqrt{2}$"),
        ("$x$ and $y^2$", "$x$ and $y^2$"),
        ("costs $5 and $6 or 3$ more", "costs \\$5 and \\$6 or 3\\$ more"),
        ("<img class='equation_image' data-equation-content='x_1'>", "$x_1$"),
        ("<script type='math/tex'>\\pi</script>", "$\\pi$"),
        ("<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>", "$\\frac{a}{2}$"),
        ("<math display='block'><mi>x</mi></math>", "$$\nx\n$$"),
    ],
)
def test_formulas(html: str, markdown: str) -> None:
    page = page_of_html(html, find)
    assert page.markdown == markdown
    assert page.lost == []


@pytest.mark.parametrize(
    ("html", "lost", "stands"),
    [
        (r"\(\begin{matrix}1\end{matrix}\)", "formula", "`\\begin{matrix}1\\end{matrix}`"),
        ("<math><mtable><mtr><mtd><mi>q</mi></mtd></mtr></mtable></math>", "formula", "q"),
        ("<img src='a.svg' alt='scales'>", "a.svg", "\\[scales\\]"),
        ("<video src='a.mp4'>old browser</video>rest", "video", "rest"),
        ("<iframe src='x'></iframe>rest", "page in the page", "rest"),
        ("<a href='other.html'>there</a>", "other.html", "there"),
    ],
)
def test_what_cannot_be_shown_is_told(html: str, lost: str, stands: str) -> None:
    page = page_of_html(html, find)
    assert page.markdown == stands
    assert len(page.lost) == 1
    assert lost in page.lost[0]


def test_tables_of_words_are_tables_and_others_paragraphs() -> None:
    plain = "<table><tr><th>a<th>b<tr><td>1<td>$2$</table>"
    assert page_of_html(plain, find).markdown == "| a | b |\n| --- | --- |\n| 1 | \\$2\\$ |"
    layout = "<table><tr><td><p>a</p><p>b</p></td><td><ul><li>c</ul></td></tr></table>"
    assert page_of_html(layout, find).markdown == "a\n\nb\n\n- c"


def test_deep_nesting_ends_and_is_told() -> None:
    page = page_of_html("<div>" * 5000 + "x", find)
    assert page.lost == ["what is nested too deeply"]
    inner = page_of_html("<div>" * (MAX_HTML_DEPTH // 2) + "x", find)
    assert (inner.markdown, inner.lost) == ("x", [])


def test_plain_texts_keep_their_lines() -> None:
    page = page_of_text("1 < 2\n*stars*\n\n# next $x^2$")
    assert page.markdown == "1 \\< 2\\\n\\*stars\\*\n\n\\# next $x^2$"


@pytest.mark.parametrize(
    ("text", "is_html"),
    [
        ("a < b", False),
        ("List<String>", False),
        ("<p>x</p>", True),
        ("a&nbsp;b", True),
        ("&", False),
    ],
)
def test_html_is_told_from_words(text: str, is_html: bool) -> None:
    assert looks_like_html(text) is is_html
