"""A sentence in the middle of the window instead of everything else, and one thing to do."""

from __future__ import annotations

from typing import Callable

from kivy.core.window import Window
from kivy.metrics import dp, sp

from client.messages import Message, Messages
from client.theme.palette import palette
from client.widgets.buttons import PrimaryButton
from client.widgets.card import Card, Column, Row
from client.widgets.labels import Body, Heading, Icon
from client.widgets.page import Middle


def refusal(
    said: Messages, title: str, message: Message, button: str, action: Callable[[], None]
) -> Middle:
    """Lay out a title and a button (both by their keys) with the message between them."""
    card = Card(spacing=dp(12), padding=dp(20))
    head = Row(spacing=dp(12))
    head.add_widget(Icon(icon="attention", font_size=sp(28), color=palette.named("red")))
    head.add_widget(Heading(text=said.text(title), pos_hint={"center_y": 0.5}))
    act = PrimaryButton(text=said.text(button), fills=True)
    act.bind(on_release=lambda _: action())
    for widget in (head, Body(text=said.text(message)), act):
        card.add_widget(widget)
    column = Column(padding=(dp(16), dp(4), dp(16), dp(24)), spacing=dp(16))
    column.size_hint_x = None
    column.width = min(dp(560), Window.width)
    column.add_widget(card)
    page = Middle()
    page.show(column)
    return page
