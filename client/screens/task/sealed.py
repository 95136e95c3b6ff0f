"""Where the code of a sealed test is typed."""

from __future__ import annotations

from typing import Any

from kivy.metrics import dp, sp

from client.screens.task.unlocking import Unlocking
from client.theme.palette import palette
from client.widgets.buttons import IconButton, PrimaryButton
from client.widgets.card import Card
from client.widgets.labels import Body, Muted, Strong
from client.widgets.page import Page


def sealed_page(view: Any) -> Page:
    """A page with nothing but the field for the code."""
    page = Page(title=view.tr("assessment.sealed"), wide=view.wide)
    close = IconButton(icon="close", hint=view.tr("task.leave"))
    close.bind(on_release=lambda _: view.app.back())
    page.add_to_head(close)
    page.add(code_card(view, view.model.unlocking, "assessment.sealed.what"))
    return page


def code_card(view: Any, unlocking: Unlocking, what: str) -> Card:
    """What is sealed, a field for the code and the button; ``what`` is a message's key."""
    from client.widgets.text_field import TextField

    card = Card(spacing=dp(10), padding=(dp(16), dp(14)))
    card.add_widget(Body(text=view.tr(what)))
    card.add_widget(Strong(text=view.tr("assessment.code")))
    field = TextField(text=unlocking.code, hint_text="XXXX-XXXX-XXXX", font_size=sp(22))
    field.bind(text=lambda _, text: unlocking.write(text))
    field.bind(on_text_validate=lambda _: unlocking.unlock())
    card.add_widget(field)
    if unlocking.problem is not None:
        card.add_widget(Body(text=view.tr(unlocking.problem), color=palette.rust))
    if unlocking.busy:
        card.add_widget(Muted(text=view.tr("assessment.opening")))
    button = PrimaryButton(text=view.tr("assessment.open"), fills=not view.wide)
    button.disabled = unlocking.busy
    button.bind(on_release=lambda _: unlocking.unlock())
    card.add_widget(button)
    return card


def unlocking_state(unlocking: Unlocking) -> Any:
    """What of it is seen, for a view to know whether to build anew."""
    return unlocking.busy, unlocking.problem
