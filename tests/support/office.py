"""Documents and presentations as a teacher's programmes write them, made by their libraries."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any, Callable, Mapping, Optional, Sequence

MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def png(width: int = 40, height: int = 30, shade: int = 128) -> bytes:
    """A picture of one shade."""
    import struct

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + bytes([shade]) * width) * height
    packed = zlib.compress(rows)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def equation(inside: str, displayed: bool = False) -> Any:
    """An ``m:oMath`` element of the XML inside it."""
    from docx.oxml import parse_xml

    math = f"<m:oMath {MATH} {WORD}>{inside}</m:oMath>"
    return parse_xml(f"<m:oMathPara {MATH} {WORD}>{math}</m:oMathPara>" if displayed else math)


def run(text: str) -> str:
    """A run of an equation."""
    return f"<m:r><m:t>{text}</m:t></m:r>"


def fraction(above: str, below: str) -> str:
    return f"<m:f><m:num>{above}</m:num><m:den>{below}</m:den></m:f>"


def power(base: str, raised: str) -> str:
    return f"<m:sSup><m:e>{base}</m:e><m:sup>{raised}</m:sup></m:sSup>"


def document(
    title: str = "Бөлшектер",
    paragraphs: Sequence[str] = ("Бөлшек дегеніміз – бүтіннің бөлігі.",),
    pictures: Sequence[bytes] = (),
    equations: Sequence[str] = (),
    change: Optional[Callable[[Any], None]] = None,
) -> bytes:
    """A DOCX with a heading, paragraphs, pictures and displayed equations."""
    import docx

    made = docx.Document()
    made.add_heading(title, 1)
    for text in paragraphs:
        made.add_paragraph(text)
    for picture in pictures:
        made.add_picture(io.BytesIO(picture))
    for inside in equations:
        made.add_paragraph()._p.append(equation(inside, displayed=True))
    if change:
        change(made)
    return _saved(made)


def presentation(
    slides: Sequence[Mapping[str, Any]], change: Optional[Callable[[Any], None]] = None
) -> bytes:
    """A PPTX; a slide may give "title", "lines", "picture", "notes", "rows" (a table)."""
    import pptx
    from pptx.util import Inches

    made = pptx.Presentation()
    for one in slides:
        slide = made.slides.add_slide(made.slide_layouts[1 if "lines" in one else 5])
        if one.get("title"):
            slide.shapes.title.text = one["title"]
        if "lines" in one:
            slide.placeholders[1].text_frame.text = "\n".join(one["lines"])
        if "picture" in one:
            slide.shapes.add_picture(io.BytesIO(one["picture"]), Inches(1), Inches(3))
        if "rows" in one:
            rows = one["rows"]
            frame = slide.shapes.add_table(
                len(rows), len(rows[0]), Inches(1), Inches(4), Inches(5), Inches(1)
            )
            for row, texts in enumerate(rows):
                for column, text in enumerate(texts):
                    frame.table.cell(row, column).text = text
        if one.get("notes"):
            slide.notes_slide.notes_text_frame.text = one["notes"]
    if change:
        change(made)
    return _saved(made)


def _saved(made: Any) -> bytes:
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def with_part(package: bytes, name: str, data: bytes) -> bytes:
    """A package with one of its parts replaced, or one more."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(written, "w") as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part), zipfile.ZIP_DEFLATED)
        new.writestr(name, data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def part_of(package: bytes, name: str) -> bytes:
    """One part of a package."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.read(name)
