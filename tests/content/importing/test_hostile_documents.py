"""Documents that strangers spoiled or blew up: a typed error or a result, in bounded memory."""

from __future__ import annotations

import random
import zlib
from typing import Any, Callable, Dict

import pytest

pytest.importorskip("docx")
pytest.importorskip("pptx")
pytest.importorskip("pypdfium2")

from content.importing import docx, markdown, pdf, plain_text, pptx, srt, webvtt
from tests.support.bounded import CAN_LIMIT, run_bounded
from tests.support.hostile import Subject, attack, spoiled_bytes
from tests.support.office import MATH, WORD, document, part_of, png, presentation, with_part
from tests.support.pdfs import PdfMaker, has_font
from tests.support.teachers_folder import slide_show, subtitles, word

if not has_font():
    pytest.skip("no font with Kazakh letters here", allow_module_level=True)

MEBI = 1 << 20
LIMIT_BYTES = 700 * MEBI
LIMIT_S = 60
DOCX = word("Бөлшек", 1)
PPTX = slide_show("Бөлшек", 1)


def one_page() -> bytes:
    made = PdfMaker()
    made.page()
    made.lines(["Тақырып"], 700, 20)
    made.lines(["Мәтін осында басталады", "және осында бітеді."], 660)
    made.picture((60, 300, 200, 100))
    made.triangle(300, 300, 90)
    return made.saved()


PDF = one_page()


def in_xml(package: bytes, name: str) -> Callable[[bytes], bytes]:
    """Spoils one part, which a ZIP's checksum would else hide."""
    return lambda data: with_part(package, name, data)


def subjects() -> Dict[str, Subject]:
    vtt = b"WEBVTT\n\n1\n00:01.000 --> 00:02.000\n<b>a</b>\n\nNOTE x\n"
    text = "---\ntitle: a\n---\n# Бөлшек\n\n$\\frac{1}{2}$ ![a](b.png)\n".encode()
    made = [
        Subject("docx", lambda data: docx.read(data, "a.docx"), [DOCX], cost=8),
        Subject("pptx", lambda data: pptx.read(data, "a.pptx"), [PPTX], cost=8),
        Subject("pdf", lambda data: pdf.read(data, "a.pdf"), [PDF], cost=3),
        Subject("srt", lambda data: srt.read(data, "a.srt"), [subtitles("а", 9).encode()]),
        Subject("webvtt", lambda data: webvtt.read(data, "a.vtt"), [vtt]),
        Subject("markdown", lambda data: markdown.read(data, "a.md"), [text]),
        Subject("plain text", lambda data: plain_text.read(data, "a.txt"), [text]),
    ]
    for package, name, read, called in (
        (DOCX, "word/document.xml", docx.read, "docx's text"),
        (DOCX, "word/numbering.xml", docx.read, "docx's numbers"),
        (PPTX, "ppt/slides/slide1.xml", pptx.read, "pptx's slide"),
    ):
        wrapped = in_xml(package, name)
        part = part_of(package, name)
        made.append(
            Subject(called, lambda data, read=read: read(data, "a"), [part], seal=wrapped, cost=8)
        )
    return {one.name: one for one in made}


SUBJECTS = subjects()


@pytest.mark.parametrize("name", sorted(SUBJECTS))
def test_spoiled_files_are_read_or_refused(name: str) -> None:
    subject = SUBJECTS[name]
    for seed in range(120 // subject.cost):
        attack(subject, seed)


def test_most_spoiled_xml_reaches_the_reader() -> None:
    subject = SUBJECTS["docx's text"]
    same = sum(
        spoiled_bytes(subject.samples[0], random.Random(seed)) == subject.samples[0]
        for seed in range(15)
    )
    assert same < 5


def text_of(inside: str) -> bytes:
    return f"<w:document {WORD} {MATH}><w:body>{inside}</w:body></w:document>".encode()


def docx_of(inside: str) -> bytes:
    return with_part(document(), "word/document.xml", text_of(inside))


def huge_picture() -> bytes:
    good = png(8, 8)
    head = good[:16] + (60_000).to_bytes(4, "big") * 2 + good[24:29]
    return head + zlib.crc32(head[12:]).to_bytes(4, "big") + good[33:]


def pdf_with(stream: bytes, tree: bytes = b"") -> bytes:
    packed = zlib.compress(stream, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        tree or b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 14400]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(packed), packed),
    ]
    body = b"%PDF-1.7\n"
    for number, one in enumerate(objects, 1):
        body += b"%d 0 obj%b endobj\n" % (number, one)
    return body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


REFUSED: Dict[str, Callable[[], Any]] = {
    "docx: 40 MB of spaces": lambda: docx.read(docx_of(" " * (40 * MEBI)), "a"),
    "docx: two million paragraphs": lambda: docx.read(docx_of("<w:p/>" * 2_100_000), "a"),
    "docx: a deep table": lambda: docx.read(
        docx_of("<w:tbl><w:tr><w:tc>" * 80 + "</w:tc></w:tr></w:tbl>" * 80), "a"
    ),
    "pptx: 40 MB of spaces": lambda: pptx.read(
        with_part(PPTX, "ppt/slides/slide1.xml", b"<a>" + b" " * (40 * MEBI)), "a"
    ),
    "pdf: pages in a circle": lambda: pdf.read(
        pdf_with(b"", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000>>"), "a"
    ),
    "srt: 100 MB": lambda: srt.read(b"1\n" * (50 * MEBI), "a"),
    "markdown: 100 MB": lambda: markdown.read(b"a\n" * (50 * MEBI), "a"),
}
READ: Dict[str, Callable[[], Any]] = {
    "docx: a picture of 3.6 gigapixels": lambda: docx.read(
        with_part(document(pictures=[png()]), "word/media/image1.png", huge_picture()), "a"
    ),
    "docx: sixty thousand paragraphs": lambda: docx.read(
        docx_of("".join(f"<w:p><w:r><w:t>{at * at}</w:t></w:r></w:p>" for at in range(60_000))), "a"
    ),
    "docx: a wide table": lambda: docx.read(
        docx_of(f"<w:tbl><w:tr>{'<w:tc><w:p/></w:tc>' * 20_000}</w:tr></w:tbl><w:p><w:r><w:t>a"
                "</w:t></w:r></w:p>"), "a"
    ),
    "pptx: two hundred slides": lambda: pptx.read(
        presentation([{"title": "a", "lines": ["b", "c"]}] * 200), "a"
    ),
    "pdf: many strokes": lambda: pdf.read(
        pdf_with(b"BT/F1 12 Tf(a)Tj ET " + b"0 0 m 9 9 l S\n" * 300_000), "a"
    ),
    "srt: arrows": lambda: srt.read(b"1 --> 2\n" * 60_000 + b"00:01,0 --> 00:02,0\na", "a"),
    "srt: brackets": lambda: srt.read(b"00:01,0 --> 00:02,0\n" + b"<a{\\" * 500_000, "a"),
    "markdown: dollars": lambda: markdown.read(b"$a $$b\n" * 100_000, "a"),
    "plain text: stars": lambda: plain_text.read(b"*a_b " * 200_000, "a"),
}  # fmt: skip


@pytest.mark.skipif(not CAN_LIMIT, reason="a process has no limits here")
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_bombs_are_refused_within_the_limits(name: str) -> None:
    assert run_bounded(REFUSED[name], LIMIT_BYTES, LIMIT_S) == "refused: import-failed"


@pytest.mark.skipif(not CAN_LIMIT, reason="a process has no limits here")
@pytest.mark.parametrize("name", sorted(READ))
def test_large_ones_are_read_within_the_limits(name: str) -> None:
    assert run_bounded(READ[name], LIMIT_BYTES, LIMIT_S) == "read"
