"""PowerPoint presentations (.pptx): titles, text, tables, pictures in order; notes as narration."""

from __future__ import annotations

import io
from pathlib import PurePosixPath
from typing import Any, List, Tuple

from content.documents.document import Block, Heading, Rule
from content.importing.block_writer import write_blocks
from content.importing.errors import ImportFailure
from content.importing.languages import language_of_name, language_of_text
from content.importing.limits import MAX_UNREAD
from content.importing.office_package import check_package
from content.importing.outcome import Imported, ImportedDocument, Unread
from content.importing.pictures import Pictures
from content.importing.pptx_slide import Slide
from content.importing.stumbling import stumbling

MAX_SLIDES = 1_000


def read(data: bytes, name: str) -> Imported:
    """Import one file; raises ImportFailure where nothing of it can be read."""
    check_package(data, name, "PPTX")
    with stumbling(name, "PPTX"):
        return _imported(data, name)


def _imported(data: bytes, name: str) -> Imported:
    import pptx

    opened = pptx.Presentation(io.BytesIO(data))
    pictures = Pictures()
    blocks: List[Block] = []
    unread: List[Unread] = []
    spoken: List[str] = []
    titles: List[str] = []
    for number, slide in enumerate(opened.slides, 1):
        if number > MAX_SLIDES:
            unread.append(Unread(name, f"slide {number}", f"Only {MAX_SLIDES} slides are read."))
            break
        found, title, notes = _slide(slide, number, name, pictures, unread)
        if found and blocks and not isinstance(found[0], Heading):
            blocks.append(Rule())
        blocks.extend(found)
        titles.extend([title] if title else [])
        spoken.extend(["\n".join(part for part in (title, notes) if part)] if notes else [])
    if not blocks and not spoken:
        raise ImportFailure(f"{name} holds no text and no pictures.")
    markdown = write_blocks(_with_levels(blocks))
    stem, named = language_of_name(PurePosixPath(name).stem)
    document = ImportedDocument(
        name=stem,
        title=titles[0][:200] if titles else "",
        language=named or language_of_text(markdown) or language_of_text("\n".join(spoken)),
        markdown=markdown,
        pictures=pictures.files,
        narration="\n\n".join(spoken),
    )
    return Imported(documents=(document,), unread=tuple(unread[:MAX_UNREAD]))


def _slide(
    slide: Any, number: int, name: str, pictures: Pictures, unread: List[Unread]
) -> Tuple[List[Block], str, str]:
    """Blocks, title and notes of a slide; nothing of one that the teacher hid."""
    if slide.element.get("show") in ("0", "false"):
        unread.append(Unread(name, f"slide {number}", "The slide is hidden, so it is left out."))
        return [], "", ""

    def note(why: str) -> None:
        unread.append(Unread(name, f"slide {number}", why))

    opened = Slide(slide, pictures, note)
    return opened.blocks(), opened.title(), opened.notes()


def _with_levels(blocks: List[Block]) -> List[Block]:
    """The first title as the text's own, the others below it."""
    headings = [block for block in blocks if isinstance(block, Heading)]
    first = headings[0] if headings and headings[0] is blocks[0] else None
    return [
        Heading(1 if block is first else 2, block.spans) if isinstance(block, Heading) else block
        for block in blocks
    ]
