"""PDF: text with its headings, pictures where they stand, scans as pictures."""

from __future__ import annotations

import pytest

pytest.importorskip("pypdfium2")

from content.documents.document import Heading, ListBlock, Paragraph, Picture, Span, parse_document
from content.importing import pdf
from content.importing.errors import ImportFailure
from content.importing.pdf import read
from tests.support.pdfs import A4, PdfMaker, has_font

if not has_font():
    pytest.skip("no font with Kazakh letters here", allow_module_level=True)

BODY = (
    "Бөлшек дегеніміз – бүтіннің бірнеше тең бөлігі. Бөлшектің алымы мен бө-",
    "лімі бар. Алымы жоғарыда, ал бөлімі төменде жазылады, арасында сызық тұ-",
    "рады.",
)


def sample() -> bytes:
    made = PdfMaker()
    made.page()
    y = made.lines(["Бөлшектер"], 780, 20)
    y = made.lines(BODY, y - 10)
    y = made.lines(["• бірінші", "• екінші"], y - 14)
    made.picture((60, y - 160, 200, 140))
    y = made.lines(["Үшбұрыш"], y - 190, 15)
    made.triangle(80, y - 150, 130)
    made.text("A", 120, y - 100)
    made.page()
    made.picture((0, 0, *A4))
    return made.saved()


def test_text_headings_lists_pictures_and_drawings_in_order() -> None:
    made = read(sample(), "04 Бөлшектер.pdf")
    (document,) = made.documents
    blocks = parse_document(document.markdown)
    assert (document.name, document.title, document.language) == ("04 Бөлшектер", "Бөлшектер", "kk")
    assert blocks[0] == Heading(1, (Span("Бөлшектер"),))
    assert isinstance(blocks[1], Paragraph)
    said = blocks[1].spans[0].text
    assert "бөлімі бар." in said and said.endswith("арасында сызық тұрады.")
    assert isinstance(blocks[2], ListBlock) and len(blocks[2].items) == 2
    assert [type(one) for one in blocks[3:]] == [Picture, Heading, Picture, Picture]
    assert len(document.pictures) == 3
    assert [(one.place, "picture" in one.why) for one in made.unread] == [("page 2", True)]


def test_what_a_drawing_says_is_not_said_twice() -> None:
    assert "A" not in read(sample(), "a.pdf").documents[0].markdown


def test_running_heads_and_page_numbers_are_left_out_and_named() -> None:
    made = PdfMaker()
    for number in range(1, 5):
        made.page()
        made.text(f"7-сынып, {number}-бет", 60, 810)
        made.lines([f"Мәтіннің {number}-бөлігі осында басталады және жалғасады."], 700)
        made.text(str(number), 300, 20)
    back = read(made.saved(), "a.pdf")
    assert "сынып" not in back.documents[0].markdown
    assert [one.place for one in back.unread] == ["page headers"]
    assert len(parse_document(back.documents[0].markdown)) == 4


def test_pages_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 1)
    back = read(sample(), "a.pdf")
    assert [one.place for one in back.unread] == ["page 2"]


@pytest.mark.parametrize(
    ("data", "said"), [(b"", "no PDF"), (b"PK", "no PDF"), (b"%PDF-1.7\n" + b"x" * 99, "damaged")]
)
def test_what_is_no_pdf(data: bytes, said: str) -> None:
    with pytest.raises(ImportFailure, match=said):
        read(data, "a.pdf")


def test_an_empty_page_is_refused() -> None:
    made = PdfMaker()
    made.page()
    with pytest.raises(ImportFailure, match="no text"):
        read(made.saved(), "a.pdf")
