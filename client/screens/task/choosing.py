"""The page on which a pupil says which of their drafts to go on with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kivy.metrics import dp

from client.theme.palette import palette
from client.widgets.buttons import IconButton
from client.widgets.card import PressCard
from client.widgets.labels import Body, Muted, Strong
from client.widgets.page import Page

if TYPE_CHECKING:
    from client.laptop.schoolwork.travelling_drafts import OfferedDraft
    from client.screens.task.elsewhere import Elsewhere


def choosing_page(view: Any) -> Page:
    """What happened, and each draft as a card that is pressed."""
    elsewhere: Elsewhere = view.model.elsewhere
    title = view.choose(view.model.task.title) if view.model.task is not None else ""
    page = Page(title=view.tr("task.elsewhere"), subtitle=title, wide=view.wide)
    close = IconButton(icon="close", hint=view.tr("task.leave"))
    close.bind(on_release=lambda _: view.app.back())
    page.add_to_head(close)
    page.add(Body(text=view.tr("task.elsewhere.what")))
    for offered in elsewhere.offered:
        page.add(_card(view, elsewhere, offered))
    if elsewhere.problem is not None:
        page.add(Body(text=view.tr(elsewhere.problem), color=palette.rust))
    return page


def _card(view: Any, elsewhere: Elsewhere, offered: OfferedDraft) -> PressCard:
    card = PressCard(padding=(dp(16), dp(14)), spacing=dp(6))
    card.add_widget(Strong(text=view.tr(elsewhere.place_of(offered))))
    card.add_widget(Muted(text=view.tr(elsewhere.answered(offered))))
    excerpt = elsewhere.excerpt(offered)
    if excerpt:
        card.add_widget(Body(text=excerpt))
    card.disabled = elsewhere.busy
    card.bind(on_release=lambda _: elsewhere.choose(offered.name))
    return card


def choosing_state(elsewhere: Elsewhere) -> Any:
    """What of it is seen, for a view to know whether to build anew."""
    return elsewhere.offered, elsewhere.busy, elsewhere.problem
