"""Word documents arrive with their structure, and what does not arrive is named."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("docx")

from content.documents.document import (
    FormulaBlock,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Span,
    Table,
    parse_document,
)
from content.importing.docx import read
from content.importing.errors import ImportFailure
from tests.support.office import (
    WORD,
    document,
    equation,
    fraction,
    part_of,
    png,
    power,
    run,
    with_part,
)


def blocks(data: bytes) -> Any:
    return parse_document(read(data, "01 Бөлшек.docx").documents[0].markdown)


def test_headings_paragraphs_and_language() -> None:
    (made,) = read(document(), "01 Бөлшек.docx").documents
    assert (made.name, made.title, made.language) == ("01 Бөлшек", "Бөлшектер", "kk")
    assert parse_document(made.markdown) == (
        Heading(1, (Span("Бөлшектер"),)),
        Paragraph((Span("Бөлшек дегеніміз – бүтіннің бөлігі."),)),
    )


def test_the_name_tells_the_language_better_than_the_text() -> None:
    (made,) = read(document(), "Бөлшек.ru.docx").documents
    assert (made.name, made.language) == ("Бөлшек", "ru")


def test_emphasis_and_raised_letters() -> None:
    def change(made: Any) -> None:
        line = made.add_paragraph("Жай ")
        line.add_run("қалың").bold = True
        line.add_run(" және ")
        line.add_run("көлбеу").italic = True
        line.add_run(" x")
        line.add_run("2").font.superscript = True
        line.add_run(" a")
        line.add_run("max").font.subscript = True

    (said,) = blocks(document("", [], change=change))
    assert said.spans == (
        Span("Жай "),
        Span("қалың", bold=True),
        Span(" және "),
        Span("көлбеу", italic=True),
        Span(" x² a"),
        Span("_{\\text{max}}", formula=True),
    )


def test_letters_that_the_client_lacks_are_formulas() -> None:
    def change(made: Any) -> None:
        line = made.add_paragraph("H")
        line.add_run("2").font.subscript = True
        line.add_run("O, 10")
        line.add_run("-6").font.superscript = True

    (said,) = blocks(document("", [], change=change))
    low, high = Span("_{2}", formula=True), Span("^{-6}", formula=True)
    assert said.spans == (Span("H"), low, Span("O, 10"), high)


def test_lists_in_lists() -> None:
    def change(made: Any) -> None:
        for text, style in (
            ("бір", "List Bullet"),
            ("ішкі", "List Bullet 2"),
            ("екі", "List Bullet"),
            ("first", "List Number"),
        ):
            made.add_paragraph(text, style=style)

    bullets, numbers = blocks(document("", [], change=change))
    assert isinstance(bullets, ListBlock) and not bullets.ordered and len(bullets.items) == 2
    inner = bullets.items[0][1]
    assert isinstance(inner, ListBlock) and inner.items == ((Paragraph((Span("ішкі"),)),),)
    assert isinstance(numbers, ListBlock) and numbers.ordered


def test_tables_with_merged_cells_and_pictures() -> None:
    def change(made: Any) -> None:
        table = made.add_table(2, 3)
        for column, text in enumerate(("a", "b|c", "d")):
            table.cell(0, column).text = text
        table.cell(1, 0).merge(table.cell(1, 1)).text = "кең"
        import io

        table.cell(1, 2).paragraphs[0].add_run().add_picture(io.BytesIO(png()))

    table, picture = blocks(document("", [], change=change))
    assert isinstance(table, Table) and isinstance(picture, Picture)
    assert table.header == ((Span("a"),), (Span("b|c"),), (Span("d"),))
    assert table.rows == (((Span("кең"),), (), ()),)


def test_a_table_of_one_cell_is_a_frame() -> None:
    def change(made: Any) -> None:
        made.add_table(1, 1).cell(0, 0).text = "Ереже"

    assert blocks(document("", [], change=change)) == (Paragraph((Span("Ереже"),)),)


def test_pictures_once_each_by_what_they_hold() -> None:
    (made,) = read(document(pictures=[png(), png(), png(shade=9)]), "a.docx").documents
    assert sorted(made.pictures.values()) == sorted([png(), png(shade=9)])
    shown = [one.path for one in parse_document(made.markdown) if isinstance(one, Picture)]
    assert len(shown) == 3 and set(shown) == set(made.pictures)


def test_equations_become_formulas() -> None:
    (_, formula) = blocks(
        document("a", [], equations=[fraction(run("1"), power(run("b"), run("2")))])
    )
    assert formula == FormulaBlock("\\frac{1}{b^{2}}")


def test_an_equation_within_a_line() -> None:
    def change(made: Any) -> None:
        made.add_paragraph("Мұнда ")._p.append(equation(run("x≤5")))

    (line,) = blocks(document("", [], change=change))
    assert line.spans == (Span("Мұнда "), Span("x\\le 5", formula=True))


def test_what_cannot_be_drawn_is_kept_as_characters_and_named() -> None:
    matrix = f"<m:m><m:mr><m:e>{run('7')}</m:e></m:mr></m:m>"
    made = read(document("a", [], equations=[matrix]), "a.docx")
    assert made.documents[0].markdown == "# a\n\n7\n"
    (unread,) = made.unread
    assert unread.place.startswith("paragraph 2") and "'7'" in unread.why


def test_footnotes_follow_the_text() -> None:
    def change(made: Any) -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part
        from docx.oxml import parse_xml

        line = made.add_paragraph("Сөз")
        line._p.append(parse_xml(f'<w:r {WORD}><w:footnoteReference w:id="2"/></w:r>'))
        notes = (
            f'<w:footnotes {WORD}><w:footnote w:id="2"><w:p><w:r><w:t>Түсінік</w:t></w:r></w:p>'
            "</w:footnote></w:footnotes>"
        )
        part = Part(
            PackURI("/word/footnotes.xml"), "application/xml", notes.encode(), made.part.package
        )
        made.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    line, _, note = blocks(document("", [], change=change))
    assert line == Paragraph((Span("Сөз [1]"),))
    assert note == Paragraph((Span("[1] Түсінік"),))


def test_headers_and_charts_are_named() -> None:
    def change(made: Any) -> None:
        from docx.oxml import parse_xml

        made.sections[0].header.paragraphs[0].text = "Мектеп"
        chart = "http://schemas.openxmlformats.org/drawingml/2006/chart"
        made.add_paragraph("График: ")._p.append(
            parse_xml(f'<w:r {WORD}><w:drawing><c:chart xmlns:c="{chart}"/></w:drawing></w:r>')
        )

    unread = read(document(change=change), "a.docx").unread
    assert [one.place for one in unread] == ['paragraph 3 ("График:")', "page headers"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"", "damaged"),
        (document("", []), "no text"),
    ],
)
def test_what_is_no_document(data: bytes, said: str) -> None:
    with pytest.raises(ImportFailure, match=said):
        read(data, "a.docx")


def test_a_document_type_is_refused_in_any_encoding() -> None:
    xml = part_of(document(), "word/document.xml").decode()
    bomb = xml.replace("?>", '?><!DOCTYPE a [<!ENTITY b "cccccc">]>', 1)
    for encoding in ("utf-8", "utf-16"):
        data = with_part(document(), "word/document.xml", bomb.encode(encoding))
        with pytest.raises(ImportFailure, match="document type"):
            read(data, "a.docx")


def test_deep_nesting_is_refused() -> None:
    inner = f"<w:p {WORD}><w:r><w:t>a</w:t></w:r></w:p>"
    for _ in range(90):
        inner = f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    def change(made: Any) -> None:
        from docx.oxml import parse_xml

        made.element.body.insert(0, parse_xml(inner.replace("<w:sdt>", f"<w:sdt {WORD}>", 1)))

    with pytest.raises(ImportFailure, match="deeply"):
        read(document(change=change), "a.docx")
