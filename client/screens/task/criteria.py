"""What a task counts for, and the criteria and descriptors by which it is marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Mapping, Optional

from kivy.metrics import dp

from client.theme.palette import palette
from client.widgets.card import Card, Column, PressCard, Row
from client.widgets.chip import Chip
from client.widgets.labels import Body, Icon, Muted, Strong
from content.assessment.criteria import PRACTICE, given_points

if TYPE_CHECKING:
    from content.assessment.criteria import Criterion, Descriptor
    from content.task import Task

NAMES = {
    "formative": "assessment.formative",
    "unit": "assessment.unit",
    "term": "assessment.term",
}


def assessment_name(view: Any, task: Optional[Task]) -> str:
    """What a task counts for in words; nothing for training."""
    if task is None or task.assessment == PRACTICE:
        return ""
    return str(view.tr(NAMES[task.assessment]))


def criteria_card(view: Any, task: Task, given: Mapping[str, float]) -> Optional[Card]:
    """The criteria with their descriptors; ``given`` are a teacher's points, if there are any."""
    if not task.criteria and task.assessment == PRACTICE:
        return None
    card = Card(spacing=dp(10))
    name = assessment_name(view, task)
    if name:
        card.add_widget(Strong(text=name))
    for criterion in task.criteria:
        card.add_widget(_criterion(view, criterion, given))
    return card


def _criterion(view: Any, criterion: Criterion, given: Mapping[str, float]) -> Column:
    column = Column(spacing=dp(6))
    column.add_widget(_head(view, criterion, given_points(criterion, given)))
    for descriptor in criterion.descriptors:
        points = given.get(criterion.key(descriptor))
        row = Row(spacing=dp(10))
        row.add_widget(_sign(points))
        row.add_widget(Body(text=view.choose(descriptor.text), pos_hint={"center_y": 0.5}))
        row.add_widget(_points(view, descriptor, points))
        column.add_widget(row)
    return column


def _head(view: Any, criterion: Criterion, points: Optional[float]) -> Row:
    row = Row(spacing=dp(10))
    words = view.tr("assessment.criterion", text=criterion.text)
    row.add_widget(Muted(text=words, pos_hint={"center_y": 0.5}))
    if points is not None:
        text = view.tr("review.points", points=points, of=criterion.points)
        row.add_widget(Chip(text=text, tint="green", bold=True, pos_hint={"center_y": 0.5}))
    return row


def _sign(points: Optional[float]) -> Icon:
    icon, color = ("ring", palette.muted)
    if points is not None:
        icon, color = ("check_circle", palette.green) if points else ("wrong", palette.rust)
    return Icon(icon=icon, color=color, pos_hint={"center_y": 0.5})


def _points(view: Any, descriptor: Descriptor, points: Optional[float]) -> Muted:
    if points is None:
        text = view.tr("assessment.points", points=descriptor.points)
    else:
        text = view.tr("review.points", points=points, of=descriptor.points)
    return Muted(text=text, hug=True, pos_hint={"center_y": 0.5})


def marking_card(
    view: Any, task: Task, given: Mapping[str, float], act: Callable[[str], None]
) -> Card:
    """The same for a teacher: a press on a descriptor gives its points or takes them back."""
    card = Card(spacing=dp(10))
    name = assessment_name(view, task)
    if name:
        card.add_widget(Strong(text=name))
    for criterion in task.criteria:
        column = Column(spacing=dp(6))
        column.add_widget(_head(view, criterion, given_points(criterion, given)))
        for descriptor in criterion.descriptors:
            key = criterion.key(descriptor)
            column.add_widget(_press(view, descriptor, given.get(key), key, act))
        card.add_widget(column)
    return card


def _press(
    view: Any,
    descriptor: Descriptor,
    points: Optional[float],
    key: str,
    act: Callable[[str], None],
) -> PressCard:
    line = PressCard(padding=(dp(12), dp(10)))
    line.rest_fill = palette.green_tint if points else palette.surface
    row = Row(spacing=dp(10))
    icon, color = ("box_on", palette.green) if points else ("box_off", palette.muted)
    row.add_widget(Icon(icon=icon, color=color, pos_hint={"center_y": 0.5}))
    row.add_widget(Body(text=view.choose(descriptor.text), pos_hint={"center_y": 0.5}))
    row.add_widget(_points(view, descriptor, points))
    line.add_widget(row)
    line.bind(on_release=lambda _: act(key))
    return line
