"""Where a question of several parts is answered: order, match, gaps, table, places on a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, Optional, Tuple

from client.widgets.blank_field import BlankLook
from client.widgets.document import spans_of
from client.widgets.document_picture import load_picture
from client.widgets.labels import Body, Muted
from content.documents.document import Spans, parse_document
from content.errors import PathError
from content.items.blank import Blank
from content.items.gaps import split_passage
from content.paths import check_path

if TYPE_CHECKING:
    from client.screens.task.question import AnswerPane
    from client.screens.task.view import View
    from content.text import Text

Show = Callable[[], None]
"""Shows the model's answer and what checking said."""


def build_part_pane(pane: AnswerPane, view: View) -> Optional[Show]:
    """Put the question's widgets into ``pane``; None for a kind that is not one of these."""
    builder = _BUILDERS.get(view.model.item.kind)
    return None if builder is None else builder(pane, view)


def spans_in(view: Any, text: Text) -> Spans:
    """A text of the author's in the language of the screen."""
    return spans_of(parse_document(view.choose(text)))


def _verdicts(view: View) -> Any:
    verdict = view.model.verdict
    return {} if verdict is None else verdict.parts


def _order(pane: AnswerPane, view: View) -> Show:
    from client.widgets.order_answer import OrderAnswer, offered_order

    model = view.model
    words = {part.id: spans_in(view, part.text) for part in model.item.body.parts}
    person = model.session.person
    seed = f"{person.id if person is not None else ''} {model.task_id} {model.item.id}"
    offered = offered_order(model.item.body.ids, seed)
    pane.add_widget(Muted(text=view.tr("task.order.how")))
    answer = OrderAnswer([(part, words[part]) for part in offered], view.tr("task.order.up"))
    answer.bind(on_part=lambda _, part: model.put_next(part))
    answer.bind(on_up=lambda _, part: model.move_up(part))
    pane.add_widget(answer)
    pane.press_place = answer.press_place

    def show() -> None:
        answer.order = [] if isinstance(model.answer, (str, dict)) else list(model.answer or ())
        answer.show_verdicts(_verdicts(view))

    return show


def _match(pane: AnswerPane, view: View) -> Show:
    from client.widgets.match_answer import MatchAnswer

    model, body = view.model, view.model.item.body
    rows = [(row.id, spans_in(view, row.text)) for row in body.rows]
    options = [(option.id, spans_in(view, option.text)) for option in body.options]
    answer = MatchAnswer(rows, options, wide=view.wide, hint=view.tr("task.pick"))
    answer.bind(on_match=lambda _, row, option: model.write_part(row, option))
    pane.add_widget(answer)

    def show() -> None:
        answer.matches = dict(model.parts)
        answer.show_verdicts(_verdicts(view))

    return show


def _gaps(pane: AnswerPane, view: View) -> Show:
    from client.widgets.gaps_answer import GapsAnswer

    model, body = view.model, view.model.item.body
    looks = {gap.id: _look(view, gap) for gap in body.gaps}
    answer = GapsAnswer(split_passage(view.choose(body.passage)), looks)
    answer.bind(on_write=lambda _, name, said: model.write_part(name, said))
    pane.add_widget(answer)
    return _shows_said(answer, view)


def _table(pane: AnswerPane, view: View) -> Show:
    from client.widgets.table_answer import TableAnswer

    model, body = view.model, view.model.item.body
    headed = any(row.head for row in body.rows)
    heads = [spans_in(view, column) for column in body.columns]
    rows = [
        [
            *([spans_in(view, row.head)] if headed else []),
            *(
                _look(view, cell) if isinstance(cell, Blank) else spans_in(view, cell)
                for cell in row.cells
            ),
        ]
        for row in body.rows
    ]
    corner = [spans_in(view, body.corner)] if headed else []
    answer = TableAnswer([*corner, *heads], rows, headed=headed)
    answer.bind(on_write=lambda _, name, said: model.write_part(name, said))
    pane.add_widget(answer)
    return _shows_said(answer, view)


def _shows_said(answer: Any, view: View) -> Show:
    def show() -> None:
        said = dict(view.model.parts)
        if dict(answer.said) != said:
            answer.said = said
        answer.show_verdicts(_verdicts(view))

    return show


def _look(view: View, blank: Blank) -> BlankLook:
    options: Optional[Tuple[Tuple[str, Spans], ...]] = None
    if blank.kind == "choice":
        options = tuple((one.id, spans_in(view, one.text)) for one in blank.body.choices)
    return BlankLook(blank.id, options, blank.kind == "number", view.tr("task.pick"))


def _place(pane: AnswerPane, view: View) -> Show:
    from client.widgets.place_answer import PlaceAnswer

    model, body = view.model, view.model.item.body
    texture = picture_of(model.folder, body.picture)
    if texture is None:
        pane.add_widget(Body(text=view.tr("task.place.no-picture")))
        return _nothing
    areas = [(area.id, spans_in(view, area.text)) for area in body.areas]
    pane.add_widget(Muted(text=view.tr("task.place.how")))
    answer = PlaceAnswer(areas, texture)
    answer.bind(on_mark=lambda _, name, place: model.write_part(name, place))
    pane.add_widget(answer)
    pane.press_place = answer.choose_place

    def show() -> None:
        answer.marks = dict(model.parts)
        answer.show_verdicts(_verdicts(view))

    return show


def _nothing() -> None:
    """There is nothing to show."""


def picture_of(folder: Optional[Path], name: str) -> Any:
    """The texture of a picture in the lesson's folder, or None."""
    try:
        return load_picture(folder / check_path(name)) if folder is not None else None
    except PathError:
        return None


_BUILDERS: Dict[str, Callable[[Any, Any], Show]] = {
    "order": _order,
    "match": _match,
    "gaps": _gaps,
    "table": _table,
    "place": _place,
}
