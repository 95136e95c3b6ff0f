"""Markdown stays as it is; its front matter and headings tell title and language."""

from __future__ import annotations

import pytest

pytest.importorskip("markdown_it")

from content.importing.errors import ImportFailure
from content.importing.markdown import read
from content.importing.plain_text import read as read_plain


def test_front_matter() -> None:
    text = '---\ntitle: "Бөлшек"\nlang: kk-KZ\nother: [1]\n---\n# x\n\n![a](b.png) $x^2$\n'
    made = read(text.encode(), "01.md")
    (document,) = made.documents
    assert (document.name, document.title, document.language) == ("01", "Бөлшек", "kk")
    assert document.markdown == "# x\n\n![a](b.png) $x^2$\n" and made.unread == ()


def test_without_it_the_heading_and_the_letters_tell() -> None:
    (document,) = read("# Дроби *наши*\n\nТекст\n".encode("cp1251"), "a.md").documents
    assert (document.title, document.language) == ("Дроби наши", "ru")


def test_formulas_that_cannot_be_drawn_are_named_by_their_line() -> None:
    text = "+++\ntitle = 'a'\n+++\nFine $x$, `$\\no$`, \\$5.\n\n$\\matrix{a}$\n"
    (unread,) = read(text.encode(), "a.md").unread
    assert unread.place == "line 6" and "\\matrix" in unread.why


def test_empty_files_are_refused() -> None:
    for reader in (read, read_plain):
        with pytest.raises(ImportFailure):
            reader(b" \n\n", "a.md")


def test_plain_text_is_never_markup() -> None:
    text = "Бүгінгі сабақ\n\n1. *бір*\n# екі\n\nСоңы."
    (document,) = read_plain(text.encode(), "about.kk.txt").documents
    assert (document.name, document.title, document.language) == ("about", "Бүгінгі сабақ", "kk")
    assert document.markdown == "# Бүгінгі сабақ\n\n1\\. \\*бір\\*\\\n\\# екі\n\nСоңы.\n"
