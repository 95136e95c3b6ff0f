"""Checking one question: parts that look the same, and the picture that is marked."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator, Sequence, Tuple

from content.building.check_text import picture_findings
from content.building.finding import ERROR, Finding
from content.documents.document import Picture
from content.errors import ContentError
from content.items.match import Match
from content.items.order import Order
from content.items.place import Place
from content.picture_size import size_of_picture
from content.task import Item
from content.text import Text, choose

_PROPORTIONS = 0.02
"""By what part the sides of a picture may differ from those that a question gives."""


def item_findings(
    item: Item, languages: Sequence[str], folder: Path, path: str
) -> Iterator[Finding]:
    """Findings in an item of the file ``path``; ``folder`` is its lesson's."""
    for name, texts in _groups(item):
        for language in languages:
            said = [text.get(language, own).strip() for own, text in texts]
            if len(set(said)) != len(said):
                yield Finding(ERROR, path, item.id, f"Two {name} say the same in {language}.")
    if isinstance(item.body, Place):
        yield from _marked_picture(item.body, folder, path, item.id)


def _groups(item: Item) -> Iterator[Tuple[str, Sequence[Tuple[str, Text]]]]:
    body = item.body
    if item.choices:
        yield "choices", [(choice.id, choice.text) for choice in item.choices]
    elif isinstance(body, Order):
        yield "parts", [(part.id, part.text) for part in body.parts]
    elif isinstance(body, Match):
        yield "rows", [(row.id, row.text) for row in body.rows]
        yield "options", [(option.id, option.text) for option in body.options]


def _marked_picture(body: Place, folder: Path, path: str, place: str) -> Iterator[Finding]:
    alt = choose(body.alt or {}, ()) or "-"
    yield from picture_findings(Picture(body.picture, alt), folder, path, place)
    file = folder / body.picture
    try:
        size = size_of_picture(file) if body.size and file.is_file() else None
    except ContentError:
        size = None
    if size is None or body.size is None:
        return
    given, real = body.size[0] * size[1], body.size[1] * size[0]
    if abs(given - real) > _PROPORTIONS * real:
        told = f"{size[0]} x {size[1]}"
        yield Finding(
            ERROR, path, place, f"The picture is {told}, not of the proportions of size; mend it."
        )
