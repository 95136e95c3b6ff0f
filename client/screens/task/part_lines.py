"""The parts of an answer after handing in, each with whether it was right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from kivy.metrics import dp, sp

from client.screens.task.part_panes import picture_of
from client.screens.task.said import Line, filled_passage, lines_of
from client.theme.palette import palette
from client.widgets.card import Column, Row
from client.widgets.formula import RichText
from client.widgets.labels import Icon, Muted
from client.widgets.marked_picture import MarkedPicture
from content.documents.document import Span

if TYPE_CHECKING:
    from content.scoring import ItemScore
    from content.task import Item

_SIGNS = {True: ("check_circle", "green"), False: ("wrong", "rust"), None: ("ring", "muted")}


def add_parts(
    view: Any, card: Any, label: str, item: Item, answer: object, score: Optional[ItemScore]
) -> None:
    """Put what was answered in each part on the card; nothing for kinds without parts."""
    parts = score.parts if score is not None else {}
    lines = lines_of(view.choose, item, answer, parts)
    if not lines:
        return
    if _is_sealed(score):
        # The key of a sealed test is none until it is opened.
        lines = tuple(line._replace(key=(), right=None) for line in lines)
    column = Column(spacing=dp(8))
    column.add_widget(Muted(text=label))
    if item.kind == "gaps":
        passage = filled_passage(view.choose, item, answer)
        column.add_widget(RichText(spans=passage, font_size=sp(17)))
    for line in lines:
        column.add_widget(_line(view, line))
    if item.kind == "place":
        _add_picture(view, column, item, answer, parts, _is_sealed(score))
    card.add_widget(column)


def _line(view: Any, line: Line) -> Row:
    row = Row(spacing=dp(10))
    icon, tint = _SIGNS[line.right]
    row.add_widget(Icon(icon=icon, color=palette.named(tint), pos_hint={"center_y": 0.5}))
    words = Column(spacing=dp(2), pos_hint={"center_y": 0.5})
    said = tuple(line.said)
    between = (Span(" "),) if line.label and said else ()
    words.add_widget(RichText(spans=(*line.label, *between, *said), font_size=sp(17)))
    if line.key:
        before, _, after = view.tr("task.done.part", key="\n").partition("\n")
        spans = (Span(before), *line.key, Span(after))
        words.add_widget(RichText(spans=spans, font_size=sp(16), color=palette.green))
    row.add_widget(words)
    return row


def _is_sealed(score: Optional[ItemScore]) -> bool:
    """Whether nobody could judge the answer yet: kinds with parts are scored by machine."""
    return score is not None and score.points is None


def _add_picture(
    view: Any, column: Column, item: Item, answer: Any, parts: Any, sealed: bool
) -> None:
    texture = picture_of(view.model.folder, item.body.picture)
    if texture is None:
        return
    areas = item.body.areas
    numbers = {area.id: str(place) for place, area in enumerate(areas, 1)}
    picture = MarkedPicture(texture, numbers, frozen=True)
    picture.marks = dict(answer)
    if not sealed:
        missed = tuple(area for area in areas if not parts.get(area.id))
        picture.show_verdicts(parts, missed)
    column.add_widget(picture)
