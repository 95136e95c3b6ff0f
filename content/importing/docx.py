"""Word documents (.docx): headings, lists, tables, emphasis, pictures, equations, footnotes."""

from __future__ import annotations

import io
from pathlib import PurePosixPath
from typing import List

from content.documents.document import Block, Heading, Paragraph, Rule, Span
from content.importing.block_writer import write_blocks
from content.importing.docx_body import Body
from content.importing.docx_parts import Parts
from content.importing.errors import ImportFailure
from content.importing.languages import language_of_name, language_of_text
from content.importing.limits import MAX_UNREAD
from content.importing.office_package import check_package
from content.importing.outcome import Imported, ImportedDocument, Unread
from content.importing.pictures import Pictures
from content.importing.stumbling import stumbling


def read(data: bytes, name: str) -> Imported:
    """Import one file; raises ImportFailure where nothing of it can be read."""
    check_package(data, name, "DOCX")
    with stumbling(name, "DOCX"):
        return _imported(data, name)


def _imported(data: bytes, name: str) -> Imported:
    import docx

    opened = docx.Document(io.BytesIO(data))
    parts = Parts(opened)
    pictures = Pictures()
    body = Body(parts, pictures, name)
    blocks = body.blocks(opened.element.body)
    blocks.extend(_notes(body))
    unread = [*body.unread, *_furniture(parts, name)]
    if not blocks:
        raise ImportFailure(f"{name} holds no text.")
    markdown = write_blocks(blocks)
    stem, named = language_of_name(PurePosixPath(name).stem)
    document = ImportedDocument(
        name=stem,
        title=title_of(blocks) or str(opened.core_properties.title or "").strip()[:200],
        language=named or language_of_text(markdown),
        markdown=markdown,
        pictures=pictures.files,
    )
    return Imported(documents=(document,), unread=tuple(unread[:MAX_UNREAD]))


def title_of(blocks: List[Block]) -> str:
    """The first heading among the first few blocks."""
    for block in blocks[:5]:
        if isinstance(block, Heading):
            return "".join(span.text for span in block.spans if not span.formula).strip()[:200]
    return ""


def _notes(body: Body) -> List[Block]:
    """Footnotes and endnotes after the text, in the order in which it refers to them."""
    found: List[Block] = []
    # A note's text may itself refer to a note: the list grows meanwhile.
    for number, (kind, note) in enumerate(body.notes, 1):
        element = body.parts.note(kind, note)
        blocks = body.blocks(element) if element is not None else []
        first = blocks[0] if blocks else None
        mark = Span(f"[{number}] ")
        if isinstance(first, Paragraph):
            blocks[0] = Paragraph((mark, *first.spans))
        else:
            blocks.insert(0, Paragraph((mark,)))
        found.extend(blocks)
    return [Rule(), *found] if found else []


def _furniture(parts: Parts, name: str) -> List[Unread]:
    """What stands around the text and is not taken over."""
    found = []
    if parts.has_words_in_headers():
        found.append(Unread(name, "page headers", "Headers and footers of pages are left out."))
    if parts.has_comments():
        found.append(Unread(name, "comments", "Comments are left out."))
    return found
