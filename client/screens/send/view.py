"""How sending stands, the packs on their way, and the settings of this laptop."""

from __future__ import annotations

from typing import Any, Callable, Sequence, Tuple

from kivy.clock import Clock
from kivy.metrics import Metrics, dp
from kivy.uix.widget import Widget

from client.laptop.people.people import Person
from client.messages import Message
from client.screens.send.link_card import LinkCard
from client.screens.send.model import PACK_STATIONS, WORKS_SHOWN, PackRoad
from client.screens.view import ScreenView
from client.sitting import LOCK_AFTER_MINUTES, lock_after_minutes
from client.theme.palette import palette
from client.theme.tokens import SETS, TEXT_SCALES
from client.widgets.buttons import PrimaryButton, QuietButton
from client.widgets.card import Card, Column, PlateBox, Row
from client.widgets.flow import Flow
from client.widgets.labels import Body, Heading, Icon, Muted, Strong
from client.widgets.language_switch import LanguageSwitch, SwitchButton
from client.widgets.page import Page
from client.widgets.progress_line import ProgressLine
from client.widgets.road_line import RoadLine
from client.widgets.tiles import Tiles

NOW_EVERY_S = 20.0
MOODS = {
    "sending": ("send", "sky_tint", "sky"),
    "waiting": ("waiting", "sun_tint", "ink"),
    "received": ("check", "green_tint", "green"),
    "quiet": ("laptop", "stone_tint", "muted"),
}
"""Mood -> icon, ground, colour."""


class View(ScreenView):
    """The status first, then what waits and what came, then the settings."""

    _clock: Any = None

    def build(self) -> None:
        """Build from the model."""
        model = self.model
        school = self.app.laptop.school
        page = Page(title=self.tr("send.title"), subtitle=school, wide=self.wide)
        sticks = self._way("sticks", "stick_page.open", "stick")
        if self.wide:
            page.add_to_head(sticks)
        page.add(self._status())
        if not self.wide:
            page.add(sticks)
        facts = [card for card in (self._waiting(), self._account()) if card is not None]
        if facts:
            tiles = self._tiles()
            for card in facts:
                card.add_widget(Widget())
                tiles.add_widget(card)
            page.add(tiles)
        if model.packs:
            page.add(Heading(text=self.tr("send.packs")))
            roads = self._tiles()
            for pack in model.packs:
                roads.add_widget(self._pack(pack))
            page.add(roads, self._way("videos", "videos.manage", "video"))
        page.add(Heading(text=self.tr("send.link")), LinkCard(model, self.tr, self.wide))
        page.add(Heading(text=self.tr("send.settings")), self._settings())
        self.add_widget(page)

    def shown(self) -> None:
        """Keep the words about the next try true while somebody looks at them."""
        self._clock = Clock.schedule_interval(lambda _: self._tell_now(), NOW_EVERY_S)

    def hidden(self) -> None:
        """Stop the timer."""
        if self._clock is not None:
            self._clock.cancel()

    def _tell_now(self) -> None:
        self._now.text = self.tr(self.model.happening)

    def _tiles(self) -> Tiles:
        return Tiles(min_width=dp(320), max_columns=2, gap=dp(12))

    def _status(self) -> Card:
        model, card, row = self.model, Card(spacing=dp(14)), Row(spacing=dp(16))
        icon, ground, ink = MOODS[model.mood]
        sign = PlateBox(size_hint=(None, None), size=(dp(56), dp(56)), radius=dp(28))
        sign.fill = palette.named(ground)
        sign.pos_hint = {"center_y": 0.5}
        sign.add_widget(Icon(icon=icon, font_size=dp(30), color=palette.named(ink)))
        words = Column(spacing=dp(3), pos_hint={"center_y": 0.5})
        sentence = model.progress.sentence if model.progress else model.status.sentence
        words.add_widget(Heading(text=self.tr(sentence)))
        self._now = Body(text=self.tr(model.happening))
        words.add_widget(self._now)
        for line in (model.reassurance, model.last_contact):
            if line is not None:
                words.add_widget(Muted(text=self.tr(line)))
        button = PrimaryButton(text=self.tr("send.now"), icon="send", pos_hint={"center_y": 0.5})
        button.disabled = not model.may_send
        button.bind(on_release=lambda _: model.send_now())
        row.add_widget(sign)
        row.add_widget(words)
        card.add_widget(row)
        if model.progress is not None and model.progress.total_bytes:
            share = model.progress.done_bytes / model.progress.total_bytes
            card.add_widget(ProgressLine(value=share))
        if self.wide:
            row.add_widget(button)
        else:
            button.fills = True
            card.add_widget(button)
        return card

    def _waiting(self) -> Any:
        works = self.model.waiting
        if not works:
            return None
        card = Card(spacing=dp(10))
        card.add_widget(Strong(text=self.tr("send.waiting_here")))
        for work in works[:WORKS_SHOWN]:
            line = Column(spacing=0)
            line.add_widget(Body(text=self.choose(work.title)))
            line.add_widget(Muted(text=self.tr(self.model.when(work))))
            card.add_widget(line)
        if len(works) > WORKS_SHOWN:
            card.add_widget(Muted(text=self.tr("send.and_more", n=len(works) - WORKS_SHOWN)))
        return card

    def _account(self) -> Any:
        lines: Sequence[Message] = self.model.account_lines
        if not lines:
            return None
        card = Card(spacing=dp(6))
        card.add_widget(Strong(text=self.tr("send.account")))
        for line in lines:
            card.add_widget(Muted(text=self.tr(line)))
        for reason in self.model.held:
            card.add_widget(Muted(text=self.tr(reason)))
        for problem in self.model.account.set_aside:
            card.add_widget(Muted(text=self.tr(problem.sentence), color=palette.rust))
        return card

    def _pack(self, pack: PackRoad) -> Card:
        card = Card(spacing=dp(5))
        words = Column(spacing=dp(2))
        words.add_widget(Strong(text=self.choose(pack.title)))
        key = "send.pack.coming" if pack.videos_coming else "send.pack.here"
        words.add_widget(Muted(text=self.tr(key, n=pack.lessons, coming=pack.videos_coming)))
        card.add_widget(words)
        card.add_widget(Widget())
        stations = [self.tr("send.pack." + name) for name in PACK_STATIONS]
        card.add_widget(RoadLine(stations=stations, passed=pack.passed))
        return card

    def _way(self, screen: str, key: str, icon: str) -> QuietButton:
        """The way to sticks, or to what is here and what comes, video by video."""
        button = QuietButton(text=self.tr(key), icon=icon, fills=not self.wide)
        button.bind(on_release=lambda _: self.app.go(screen))
        return button

    def _settings(self) -> Card:
        card = Card(spacing=dp(14))
        app = self.app
        language = LanguageSwitch(app.messages.language, app.set_language)
        looks = [(name, self.tr("send.look." + name)) for name in SETS]
        sizes = [(str(scale), f"{scale * 100:.0f} %") for scale in TEXT_SCALES]
        chosen = min(TEXT_SCALES, key=lambda scale: abs(scale - Metrics.fontscale))
        self._setting(card, "send.language", language)
        self._setting(card, "send.look", self._choices(looks, palette.name, app.set_appearance))
        self._setting(
            card,
            "send.letters",
            self._choices(sizes, str(chosen), lambda scale: app.set_text_scale(float(scale))),
        )
        if app.person is not None:
            self._setting(card, "send.secret", self._secret(app.person))
            after = str(lock_after_minutes(app.laptop))
            choices = [(str(n), self.tr("send.lock.minutes", n=n)) for n in LOCK_AFTER_MINUTES]
            self._setting(card, "send.lock", self._choices(choices, after, self._lock_after))
        leave = QuietButton(text=self.tr("send.change_person"), icon="people", fills=not self.wide)
        leave.bind(on_release=lambda _: app.sign_out())
        card.add_widget(leave)
        return card

    def _secret(self, person: Person) -> QuietButton:
        """The way to another secret, or to a first one."""
        key = "send.secret.change" if self.app.sitting.locks() else "send.secret.choose"
        button = QuietButton(text=self.tr(key), icon="key", fills=not self.wide)
        button.bind(on_release=lambda _: self.app.go("secret", person=person.id))
        return button

    def _lock_after(self, minutes: str) -> None:
        self.app.sitting.set_lock_after(minutes)
        self.app.idle.begin(self.app.sitting.lock_after_s)
        self.app.rebuild()

    def _setting(self, card: Card, key: str, control: Any) -> None:
        box = Row() if self.wide else Column(spacing=dp(4))
        name = Body(text=self.tr(key), pos_hint={"center_y": 0.5})
        if self.wide:
            name.size_hint_x, name.width = None, dp(160)
        box.add_widget(name)
        box.add_widget(control)
        card.add_widget(box)

    def _choices(
        self, options: Sequence[Tuple[str, str]], chosen: str, choose: Callable[[str], None]
    ) -> Flow:
        flow = Flow()
        for value, text in options:
            button = SwitchButton(text=text, value=value, lit=value == chosen)
            button.bind(on_release=lambda pressed: choose(pressed.value))
            flow.add_widget(button)
        return flow
