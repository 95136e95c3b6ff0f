"""Cards for a class, to be printed and cut: each lets one person onto a laptop."""

from __future__ import annotations

import io
from typing import NamedTuple, Sequence

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sync.card import Card, card_text
from sync.people import Person
from sync_server.pages.page import TEMPLATES
from sync_server.records.routing import TEACHER


class PrintedCard(NamedTuple):
    """What a card says: for whom, the code in groups, where the server is, and both as a square."""

    name: str
    class_name: str
    is_teacher: bool
    code: str
    address: str
    square: Markup


def printed_card(person: Person, code: str, address: str) -> PrintedCard:
    """Make one person's card; ``code`` is in groups of four digits."""
    text = card_text(Card(code.replace(" ", ""), address))
    is_teacher = person.role == TEACHER
    return PrintedCard(person.name, person.class_name, is_teacher, code, address, square(text))


def square(text: str) -> Markup:
    """Draw a QR code (ISO/IEC 18004, level M) as SVG to stand within a page."""
    import segno

    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4
    )
    # Made of numbers alone: what was typed is in the modules, not in the markup.
    return Markup(drawn.getvalue().decode("utf-8"))  # noqa: S704


def cards_page(school: str, class_name: str, cards: Sequence[PrintedCard]) -> str:
    """Return a page of cards for a printer: eight to a sheet of A4."""
    environment = Environment(
        loader=FileSystemLoader(str(TEMPLATES)), autoescape=True, undefined=StrictUndefined
    )
    page = environment.get_template("cards.html")
    return page.render(school=school, class_name=class_name, cards=cards)
