"""The three kinds of secrets as cards, for every screen on which one is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Sequence

from kivy.metrics import dp
from kivy.uix.widget import Widget

from client.screens.secret.choosing import Choosing, Step
from client.screens.secret.pane import Asked, SecretPane, head_of
from client.theme.palette import palette
from client.vaults.secrets import PASSWORD, PICTURES, PIN
from client.widgets.buttons import QuietButton
from client.widgets.card import Column, PressCard, Row
from client.widgets.labels import Icon, Muted, Strong

if TYPE_CHECKING:
    from client.laptop.people.people import Person
    from client.screens.view import ScreenView

KIND_ICONS = {PICTURES: "pictures", PIN: "dialpad", PASSWORD: "keyboard"}


def choosing_pane(
    view: ScreenView,
    person: Person,
    choosing: Choosing,
    submit: Callable[[], None],
    ways: Sequence[Widget],
) -> Any:
    """What a person chooses with now: the kinds as cards, or what the chosen one is typed on."""
    if choosing.step is Step.KIND:
        return _kinds(view, person, choosing, ways)
    shows = choosing.step is Step.FIRST
    asked = Asked(choosing.words, choosing.typed, choosing.shortest, submit, shows=shows)
    other = QuietButton(text=view.tr("secret.other"), icon="back", fills=not view.wide)
    other.bind(on_release=lambda _: choosing.back())
    return SecretPane(view, person, asked, (other, *ways))


def _kinds(view: ScreenView, person: Person, choosing: Choosing, ways: Sequence[Widget]) -> Column:
    column = Column(spacing=dp(14), size_hint_x=None)
    column.width = min(dp(560), view.app.surface.width - dp(32))
    column.add_widget(head_of(view, person, choosing.words))
    for kind in choosing.kinds:
        column.add_widget(_kind(view, choosing, kind))
    why = view.tr("secret.why.teacher" if person.is_teacher else "secret.why")
    column.add_widget(Muted(text=why, halign="center" if view.wide else "left"))
    for way in ways:
        way.pos_hint = {"center_x": 0.5}
        column.add_widget(way)
    return column


def _kind(view: ScreenView, choosing: Choosing, kind: str) -> PressCard:
    card = PressCard(padding=(dp(16), dp(12)))
    row, words = Row(spacing=dp(16)), Column(spacing=dp(2), pos_hint={"center_y": 0.5})
    icon = Icon(icon=KIND_ICONS[kind], color=palette.sky, pos_hint={"center_y": 0.5})
    words.add_widget(Strong(text=view.tr("secret.kind." + kind)))
    words.add_widget(Muted(text=view.tr(f"secret.kind.{kind}.what")))
    row.add_widget(icon)
    row.add_widget(words)
    row.add_widget(Icon(icon="forward", color=palette.muted, pos_hint={"center_y": 0.5}))
    card.add_widget(row)
    card.bind(on_release=lambda _: choosing.choose(kind))
    return card
