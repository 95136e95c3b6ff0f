"""A few lines of plain text: paragraphs between empty lines, lines as they stand."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import List

from content.documents.document import Block, Heading, Paragraph, Span
from content.importing.block_writer import write_blocks
from content.importing.errors import ImportFailure
from content.importing.languages import language_of_name, language_of_text
from content.importing.outcome import Imported, ImportedDocument, Unread
from content.importing.text_decoding import decode_text

_MAX_TITLE = 80


def read(data: bytes, name: str) -> Imported:
    """Import one file; raises ImportFailure where it is no text or has none."""
    text, damaged = decode_text(data, name)
    paragraphs = [part.strip("\n") for part in re.split(r"\n[ \t]*\n", text) if part.strip()]
    if not paragraphs:
        raise ImportFailure(f"{name} holds no text.")
    stem, named = language_of_name(PurePosixPath(name).stem)
    title = paragraphs[0].strip() if _is_title(paragraphs) else ""
    blocks: List[Block] = [Paragraph((Span(part),)) for part in paragraphs]
    if title:
        blocks[0] = Heading(1, (Span(title),))
    document = ImportedDocument(stem, title, named or language_of_text(text), write_blocks(blocks))
    unread = (Unread(name, "", damaged),) if damaged else ()
    return Imported(documents=(document,), unread=unread)


def _is_title(paragraphs: List[str]) -> bool:
    """Whether the first lines are one short line without a full stop, with text below."""
    first = paragraphs[0].strip()
    short = len(first) <= _MAX_TITLE and "\n" not in first
    return len(paragraphs) > 1 and short and first[-1] not in ".,;:"
