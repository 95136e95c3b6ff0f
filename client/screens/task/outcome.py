"""The page after handing in: where the work is, and what was right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Tuple

from kivy.metrics import dp, sp

from client.laptop.schoolwork.works import Station, Work
from client.messages.moment import Moment
from client.screens.task.criteria import criteria_card
from client.screens.task.part_lines import add_parts
from client.screens.task.said import key_spans
from client.theme.palette import palette
from client.widgets.buttons import IconButton, PrimaryButton, QuietButton
from client.widgets.card import Card, Column, PlateColumn, Row
from client.widgets.chip import Chip
from client.widgets.document import Document, spans_of
from client.widgets.formula import RichText
from client.widgets.labels import Body, Heading, Icon, Muted, Strong
from client.widgets.page import Page
from client.widgets.road_line import RoadLine
from content.documents.document import Span, Spans, parse_document

if TYPE_CHECKING:
    from client.screens.task.view import View
    from content.scoring import ItemScore
    from content.task import Item

ROAD = (
    "results.station.saved",
    "results.station.sent",
    "results.station.school",
    "results.station.marked",
)


def outcome_page(view: View) -> Page:
    """The road of the work, the mark if it has come, then question by question."""
    model = view.model
    title = view.choose(model.task.title) if model.task is not None else ""
    done = "task.done" if model.work is not None else "task.not-kept"
    page = Page(title=title, subtitle=view.tr(done), wide=view.wide)
    if model.work is not None:
        page.add(_road_card(view, model.work))
        mark = model.work.mark
        given = mark.descriptors if mark is not None else {}
        card = criteria_card(view, model.task, given) if model.task is not None else None
        if card is not None:
            page.add(card)
    if model.task is not None and (model.task.feedback != "none" or _marked(model.work)):
        for place, item in enumerate(model.items):
            card = item_card(view, place, item, model.answers.get(item.id), _score(view, item))
            if item.kind == "file":
                card.add_widget(_own_files(view, item))
            page.add(card)
    _add_ways_on(view, page)
    return page


def _own_files(view: View, item: Item) -> Column:
    """What was attached, without the pictures: whoever handed it in has seen them."""
    from client.screens.task.files import short_title, size_words

    column = Column(spacing=dp(4))
    names = view.model.answers.get(item.id) or ()
    for name in () if isinstance(names, str) else names:
        file = view.model.session.laptop.attached(name)
        if file is not None:
            row = Row(spacing=dp(10))
            icon = "picture" if file.is_picture else "file"
            row.add_widget(Icon(icon=icon, color=palette.sky, pos_hint={"center_y": 0.5}))
            words = f"{short_title(file.title)} · {size_words(view, file.size_bytes)}"
            row.add_widget(Body(text=words, pos_hint={"center_y": 0.5}))
            column.add_widget(row)
    return column


def _marked(work: Optional[Work]) -> bool:
    return work is not None and work.mark is not None


def _score(view: View, item: Item) -> Optional[ItemScore]:
    return view.model.scores.get(item.id)


def _road_card(view: View, work: Work) -> Card:
    card = Card(spacing=dp(12))
    row = Row()
    row.add_widget(Body(text=_station_words(view, work), pos_hint={"center_y": 0.5}))
    told = view.model.task is not None and view.model.task.feedback != "none"
    if work.mark is not None or (told and work.points is not None):
        points = work.mark.points if work.mark is not None else work.points
        text = view.tr("task.done.points", points=points, of=work.of)
        row.add_widget(Chip(text=text, tint="green", bold=True, pos_hint={"center_y": 0.5}))
    card.add_widget(row)
    if work.mark is not None and work.mark.comment:
        box = PlateColumn(padding=(dp(14), dp(12)), fill=palette.green_tint, radius=dp(10))
        box.add_widget(Body(text=view.tr("task.done.comment", comment=work.mark.comment)))
        card.add_widget(box)
    card.add_widget(RoadLine(stations=[view.tr(key) for key in ROAD], passed=int(work.station)))
    if work.mark is None and work.waiting > 0:
        card.add_widget(Muted(text=view.tr("task.done.waiting", waiting=work.waiting)))
    return card


def _station_words(view: View, work: Work) -> str:
    if work.mark is not None:
        mark = work.mark
        teacher = mark.teacher_name
        return view.tr("task.done.marked", teacher=teacher, points=mark.points, of=mark.of)
    if work.station is Station.SCHOOL and work.received_ms is not None:
        return view.tr("task.done.school", time=Moment(work.received_ms))
    if work.station is Station.SENT:
        return view.tr("task.done.sent")
    return view.tr("task.done.saved")


def item_card(
    view: Any,
    place: int,
    item: Item,
    answer: object,
    score: Optional[ItemScore],
    *,
    own: bool = True,
) -> Card:
    """One question with the answer given, whether it was right, and the solution.

    ``own`` is false when a teacher looks at it: then nobody is addressed, and what the author
    says to the pupil is left out.
    """
    card = Card(spacing=dp(10))
    row = Row(spacing=dp(10))
    icon, tint, key = verdict_of(answer, score)
    if not own and key == "task.by-teacher":
        icon, key = "practice", "review.to-mark"
    row.add_widget(Icon(icon=icon, color=palette.named(tint), pos_hint={"center_y": 0.5}))
    row.add_widget(Heading(text=str(place + 1), hug=True, pos_hint={"center_y": 0.5}))
    row.add_widget(Strong(text=view.tr(key), pos_hint={"center_y": 0.5}))
    if score is not None and score.points is not None:
        text = view.tr("task.done.points", points=score.points, of=score.of)
        chip_tint = "stone" if tint == "muted" else tint
        row.add_widget(Chip(text=text, tint=chip_tint, pos_hint={"center_y": 0.5}))
    card.add_widget(row)
    blocks = parse_document(view.choose(item.prompt))
    card.add_widget(Document(blocks, view.model.folder, font_size=sp(16)))
    said = answer_spans(view, item, answer)
    label = view.tr("task.done.answer" if own else "review.answer")
    if said:
        card.add_widget(_labelled(label, said))
    elif answer:
        add_parts(view, card, label, item, answer, score)
    if own and score is not None and score.remark:
        card.add_widget(Body(text=view.tr(f"task.{score.remark}")))
    if own and score is not None and score.feedback:
        card.add_widget(RichText(spans=spans_of(parse_document(view.choose(score.feedback)))))
    solution = view.choose(item.solution) if item.solution else ""
    if solution:
        card.add_widget(_solution(view, solution))
    elif score is not None and score.correct is False:
        right = key_spans(view.choose, item)
        if right:
            card.add_widget(_labelled(view.tr("task.done.key"), right))
    return card


def _solution(view: Any, solution: str) -> PlateColumn:
    box = PlateColumn(padding=(dp(14), dp(12)), spacing=dp(6), radius=dp(10))
    box.fill = palette.stone_tint
    box.add_widget(Muted(text=view.tr("task.done.solution")))
    box.add_widget(Document(parse_document(solution), font_size=sp(16)))
    return box


def _labelled(label: str, spans: Spans) -> Column:
    column = Column(spacing=dp(2))
    column.add_widget(Muted(text=label))
    column.add_widget(RichText(spans=spans, font_size=sp(18)))
    return column


def verdict_of(answer: object, score: Optional[ItemScore]) -> Tuple[str, str, str]:
    """Icon, token and message key for what came of one question."""
    if not answer:
        return "ring", "muted", "task.no-answer"
    if score is None or score.correct is None:
        return "teacher", "sky", "task.by-teacher"
    if score.correct:
        return "check_circle", "green", "task.right.done"
    return ("info", "sky", "task.partly") if score.points else ("wrong", "rust", "task.wrong.done")


def answer_spans(view: Any, item: Item, answer: object) -> Spans:
    """An answer as it is read: the words of the choices, the number, the text."""
    if item.kind in ("choice", "choices"):
        chosen = [answer] if isinstance(answer, str) else list(answer or ())  # type: ignore[call-overload]
        spans: Tuple[Span, ...] = ()
        for choice in item.choices:
            if choice.id in chosen:
                gap = (Span("\n"),) if spans else ()
                spans = (*spans, *gap, *spans_of(parse_document(view.choose(choice.text))))
        return spans
    return (Span(answer),) if isinstance(answer, str) and answer.strip() else ()


def _add_ways_on(view: View, page: Page) -> None:
    """Back to the lesson at the head where it is always seen, another go at the end."""
    again = QuietButton(text=view.tr("task.done.again"), icon="replay", fills=not view.wide)
    again.bind(on_release=lambda _: view.model.start_again())
    ways = [again] if view.model.may_try_again else []
    if view.wide:
        back: Any = PrimaryButton(text=view.tr("task.done.back"), icon="back")
        page.add(*ways)
    else:
        back = IconButton(icon="close", hint=view.tr("task.done.back"))
        whole = PrimaryButton(text=view.tr("task.done.back"), icon="back", fills=True)
        whole.bind(on_release=lambda _: view.app.back())
        page.add(whole, *ways)
    back.bind(on_release=lambda _: view.app.back())
    page.add_to_head(back)
