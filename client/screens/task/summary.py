"""The page before handing in: what is answered and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kivy.metrics import dp
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from client.screens.task.criteria import criteria_card
from client.theme.palette import palette
from client.widgets.buttons import QuietButton, SunButton
from client.widgets.card import Column, PressCard, Row
from client.widgets.labels import Body, Heading, Icon, Muted
from client.widgets.page import Page

if TYPE_CHECKING:
    from client.screens.task.view import View


def summary_page(view: View) -> Page:
    """All questions as tiles, and the button that hands in."""
    model = view.model
    title = view.choose(model.task.title) if model.task is not None else ""
    page = Page(title=view.tr("task.summary"), subtitle=title, wide=view.wide)
    left = model.unanswered()
    said = view.tr("task.summary.left", n=len(left)) if left else view.tr("task.summary.all")
    page.add(Body(text=said))
    grid = GridLayout(
        cols=min(5 if view.wide else 2, len(model.items)), spacing=dp(12), size_hint_y=None
    )
    grid.bind(minimum_height=grid.setter("height"))
    for place in range(len(model.items)):
        grid.add_widget(_tile(view, place, place not in left))
    page.add(grid)
    card = criteria_card(view, model.task, {}) if model.task is not None else None
    if card is not None:
        page.add(card)
    if model.problem is not None:
        page.add(Body(text=view.tr(model.problem), color=palette.rust))
    page.add(_buttons(view))
    return page


def _tile(view: View, place: int, answered: bool) -> PressCard:
    tile = PressCard(padding=(dp(14), dp(12)), spacing=dp(4))
    row = Row(spacing=dp(8))
    icon, color = ("check_circle", palette.green) if answered else ("ring", palette.muted)
    row.add_widget(Heading(text=str(place + 1), pos_hint={"center_y": 0.5}))
    row.add_widget(Icon(icon=icon, color=color, pos_hint={"center_y": 0.5}))
    tile.add_widget(row)
    tile.add_widget(Muted(text=view.tr("task.answered" if answered else "task.unanswered")))
    tile.rest_fill = palette.surface if answered else palette.sun_tint
    tile.bind(on_release=lambda _: view.model.go_to(place))
    return tile


def _buttons(view: View) -> Any:
    model = view.model
    back = QuietButton(text=view.tr("task.back"), icon="back", fills=not view.wide)
    back.bind(on_release=lambda _: model.backward())
    key = "task.handing-in" if model.handing_in else "task.hand-in"
    guest = model.session.pupil is None
    hand_in = SunButton(
        text=view.tr("task.see-answers" if guest else key),
        icon="check" if guest else "send",
        fills=not view.wide,
    )
    hand_in.padding = dp(28)
    hand_in.disabled = model.handing_in
    hand_in.bind(on_release=lambda _: model.hand_in())
    if view.wide:
        row = Row(spacing=dp(12))
        row.add_widget(Widget(size_hint_y=None, height=dp(1)))
        row.add_widget(back)
        row.add_widget(hand_in)
        return row
    column = Column(spacing=dp(10))
    column.add_widget(hand_in)
    column.add_widget(back)
    return column
