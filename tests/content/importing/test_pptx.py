"""Presentations: slides in order, notes as narration, and a word about what was left out."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("pptx")

from content.documents.document import (
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Rule,
    Span,
    Table,
    parse_document,
)
from content.importing.errors import ImportFailure
from content.importing.pptx import read
from tests.support.office import MATH, fraction, png, presentation, run

SLIDES = (
    {"title": "Бөлшектер", "lines": ["бір", "екі"], "notes": "Сәлем, балалар!"},
    {"title": "Сурет", "picture": png()},
    {"rows": [["a", "b"], ["1", "2"]], "notes": "Енді кесте."},
)
SHAPES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main"'
)


def test_slides_in_order_and_notes() -> None:
    made = read(presentation(SLIDES), "03 Слайд.pptx")
    (document,) = made.documents
    assert (document.name, document.title, document.language) == ("03 Слайд", "Бөлшектер", "kk")
    assert document.narration == "Бөлшектер\nСәлем, балалар!\n\nЕнді кесте."
    item = (Paragraph((Span("бір"),)),)
    first, items, second, picture, rule, table = parse_document(document.markdown)
    assert first == Heading(1, (Span("Бөлшектер"),)) and second == Heading(2, (Span("Сурет"),))
    assert isinstance(items, ListBlock) and items.items[0] == item
    assert isinstance(picture, Picture) and document.pictures[picture.path] == png()
    assert isinstance(rule, Rule) and isinstance(table, Table)
    assert made.unread == ()


def test_equations_that_powerpoint_wraps() -> None:
    def change(made: Any) -> None:
        from pptx.oxml import parse_xml

        made.slides[0].shapes._spTree.append(
            parse_xml(
                f'<mc:AlternateContent {SHAPES} {MATH}><mc:Choice Requires="a14"><p:sp><p:nvSpPr>'
                '<p:cNvPr id="9" name="x"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody>'
                "<a:bodyPr/><a:p><a:r><a:t>Жартысы: </a:t></a:r><a14:m><m:oMath>"
                f"{fraction(run('1'), run('2'))}</m:oMath></a14:m></a:p></p:txBody></p:sp>"
                "</mc:Choice><mc:Fallback/></mc:AlternateContent>"
            )
        )

    markdown = read(presentation(SLIDES[:1], change), "a.pptx").documents[0].markdown
    assert "Жартысы: $\\frac{1}{2}$" in markdown


def test_charts_hidden_slides_and_films_are_named() -> None:
    def change(made: Any) -> None:
        import io

        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE
        from pptx.util import Inches

        data = CategoryChartData()
        data.categories = ["2019", "2020"]
        data.add_series("Оқушы", (5, 7.5))
        size = (Inches(1), Inches(1), Inches(3), Inches(3))
        made.slides[0].shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *size, data)
        made.slides[0].shapes.add_movie(
            io.BytesIO(b"film"), *size, poster_frame_image=io.BytesIO(png()), mime_type="video/mp4"
        )
        made.slides[1]._element.set("show", "0")

    made = read(presentation(SLIDES, change), "a.pptx")
    assert [one.place for one in made.unread] == ["slide 1", "slide 1", "slide 2"]
    tables = [one for one in parse_document(made.documents[0].markdown) if isinstance(one, Table)]
    assert tables[0].rows[1] == ((Span("2020"),), (Span("7.5"),))
    assert "Сурет" not in made.documents[0].markdown


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", presentation([])])
def test_what_is_no_presentation(data: bytes) -> None:
    with pytest.raises(ImportFailure):
        read(data, "a.pptx")
