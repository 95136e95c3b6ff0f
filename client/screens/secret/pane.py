"""Who is asked, what for, and what it is pressed or typed on: for every screen that asks."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Optional, Sequence, Union

from kivy.metrics import dp, sp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from client.laptop.people.calling import short_names
from client.messages import Message
from client.screens.secret.typed import PICTURE_KEYS
from client.theme.palette import palette
from client.theme.tokens import TARGET_DP
from client.vaults.secrets import PASSWORD, PICTURE_NAMES, PICTURES
from client.widgets.avatar import Avatar
from client.widgets.buttons import IconButton, PrimaryButton
from client.widgets.card import Column, PlateBox, Row
from client.widgets.labels import Body, Icon, Small, Title
from client.widgets.picture_sign import PictureSign
from client.widgets.secret_pads import DigitPad, PicturePad, SecretDots

if TYPE_CHECKING:
    from client.laptop.people.people import Person
    from client.screens.secret.typed import Typed
    from client.screens.view import ScreenView

PAD_DP = 368
NARROW_PAD_DP = 300
WORDS_DP = 320
PICTURES_SHOWN = 4
"""Those chosen last: more would not fit a telephone."""
MINUTES_FROM_S = 120


class Asked(NamedTuple):
    """What is asked for: ``shows`` the pictures, for who chooses them now."""

    words: Union[Message, str]
    typed: Typed
    shortest: int
    submit: Callable[[], None]
    shows: bool = False


def waiting(wait_s: float) -> Optional[Message]:
    """Say how long to wait, if at all: nobody counts thousands of seconds."""
    if wait_s <= 0:
        return None
    if wait_s <= MINUTES_FROM_S:
        return Message("error.vault-wait", {"n": ceil(wait_s)})
    return Message("unlock.wait.minutes", {"n": ceil(wait_s / 60)})


def head_of(view: ScreenView, person: Person, words: Union[Message, str]) -> Column:
    """A person's picture and name, and a sentence to them."""
    column = Column(spacing=dp(10))
    avatar = Avatar(picture=person.picture, name=person.name, side=dp(88 if view.wide else 56))
    name = short_names((person,))[0]
    if view.wide:
        avatar.pos_hint = {"center_x": 0.5}
        column.add_widget(avatar)
        column.add_widget(Title(text=name, halign="center"))
        column.add_widget(Body(text=view.tr(words), halign="center"))
        return column
    row, said = Row(spacing=dp(14)), Column(spacing=dp(2), pos_hint={"center_y": 0.5})
    avatar.pos_hint = {"center_y": 0.5}
    said.add_widget(Title(text=name, font_size=sp(20)))
    said.add_widget(Body(text=view.tr(words)))
    row.add_widget(avatar)
    row.add_widget(said)
    column.add_widget(row)
    return column


class SecretPane(BoxLayout):
    """Two columns on a wide window, one on a narrow one; ``tell`` changes what is said in place."""

    def __init__(
        self, view: ScreenView, person: Person, asked: Asked, ways: Sequence[Widget] = ()
    ) -> None:
        super().__init__(
            orientation="horizontal" if view.wide else "vertical",
            size_hint=(None, None),
            spacing=dp(48 if view.wide else 8),
        )
        self.bind(minimum_height=self.setter("height"))
        self._view, self._asked = view, asked
        self.field: Any = None
        self._waits = False
        self._width = dp(PAD_DP) if view.wide else min(dp(PAD_DP), view.app.surface.width - dp(32))
        if not view.wide:
            self._width = max(dp(NARROW_PAD_DP), self._width)
        self.width = self._width + (dp(WORDS_DP + 48) if view.wide else 0)
        self._said = Small(halign="center" if view.wide else "left", color=palette.rust)
        words = head_of(view, person, asked.words)
        words.add_widget(self._said)
        if view.wide:
            words.size_hint_x, words.width = None, dp(WORDS_DP)
            words.pos_hint = {"center_y": 0.5}
            self._add_ways(words, ways)
        self.add_widget(words)
        hands = self._hands()
        if not view.wide:
            self._add_ways(hands, ways)
        self.add_widget(hands)
        self.tell(None)

    def tell(self, problem: Optional[Message], *, busy: bool = False, waits: bool = False) -> None:
        """Say what went wrong, and let nobody press anything meanwhile."""
        said = self._view.tr("unlock.busy") if busy else self._view.tr(problem) if problem else ""
        self._said.text = said
        self._said.color = palette.muted if busy else palette.rust
        self._said.height = self._said.texture_size[1] if said else 0
        self._pad.disabled = self._waits = busy or waits
        self._ok.disabled = waits
        self._show_typed()

    def takes(self, key: str) -> bool:
        """Take a key: what belongs to the secret, rubbing out, and Enter where nothing has it."""
        typed, ring = self._asked.typed, self._view.app.ring
        if self._waits or typed.kind == PASSWORD:
            return False
        if key in ("enter", "numpadenter") and ring.current is None:
            self.submit()
            return True
        if key == "backspace":
            self._rub_out()
            return True
        letter = key[-1] if key.startswith("numpad") and key[-1].isdigit() else key
        if len(letter) != 1 or not typed.type(letter):
            return False
        self._show_typed()
        return True

    def _add_ways(self, column: Column, ways: Sequence[Widget]) -> None:
        for way in ways:
            if self._view.wide:
                way.pos_hint = {"center_x": 0.5}
            column.add_widget(way)

    def _hands(self) -> Column:
        column = Column(spacing=dp(10), size_hint_x=None, width=self._width)
        column.pos_hint = {"center_y": 0.5} if self._view.wide else {}
        line = Row(spacing=dp(8))
        self._dots: Any = None
        self._ok = PrimaryButton(icon="check", padding=dp(24), pos_hint={"center_y": 0.5})
        self._ok.bind(on_release=lambda _: self.submit())
        if self._asked.typed.kind == PASSWORD:
            self._pad = self._password(line)
            line.add_widget(self._ok)
            column.add_widget(line)
            return column
        self._plate = PlateBox(fill=palette.surface, outline=palette.line, size_hint_y=None)
        self._plate.anchor_x, self._plate.padding = "left", (dp(12), 0)
        self._plate.height, self._plate.pos_hint = dp(TARGET_DP), {"center_y": 0.5}
        rub = IconButton(icon="delete", hint=self._view.tr("unlock.rub-out"))
        rub.pos_hint = {"center_y": 0.5}
        rub.bind(on_release=lambda _: self._rub_out())
        for widget in (self._plate, rub, self._ok):
            line.add_widget(widget)
        column.add_widget(line)
        self._pad = self._keys()
        self._pad.pos_hint = {"center_x": 0.5}
        column.add_widget(self._pad)
        return column

    def _keys(self) -> Any:
        if self._asked.typed.kind != PICTURES:
            return DigitPad(self._width, self._pressed)
        keys = [
            (name, letter, self._view.tr("secret.picture." + name))
            for name, letter in zip(PICTURE_NAMES, PICTURE_KEYS)
        ]
        width = self._width if self._view.wide else min(self._width, dp(328))
        return PicturePad(width, self._pressed, keys)

    def _password(self, line: Row) -> Any:
        from client.widgets.text_field import TextField

        typed = self._asked.typed
        self.field = TextField(text=typed.text, password=True, pos_hint={"center_y": 0.5})
        # A telephone's keyboard learns what it suggests.
        self.field.keyboard_suggestions = False
        self.field.fbind("text", self._written)
        self.field.bind(on_text_validate=lambda _: self.submit())
        eye = IconButton(icon="look", hint=self._view.tr("unlock.show"))
        eye.pos_hint = {"center_y": 0.5}
        eye.bind(on_release=self._toggle)
        line.add_widget(self.field)
        line.add_widget(eye)
        return self.field

    def _written(self, _: Any, text: str) -> None:
        self._asked.typed.text = text

    def forget(self) -> None:
        """Leave nothing in the field: Kivy remembers the one that was used last."""
        if self.field is not None:
            self.field.funbind("text", self._written)
            self.field.text = ""

    def _toggle(self, eye: IconButton) -> None:
        self.field.password = not self.field.password
        eye.icon = "look" if self.field.password else "look_off"

    def _pressed(self, part: str) -> None:
        self._asked.typed.press(part)
        self._show_typed()

    def _rub_out(self) -> None:
        if not self._waits:
            self._asked.typed.rub_out()
            self._show_typed()

    def submit(self) -> None:
        """Take what is typed, unless nobody may try now."""
        if not self._waits:
            self._asked.submit()

    def _show_typed(self) -> None:
        """Show how much there is; the pictures themselves only to who chooses them."""
        typed = self._asked.typed
        if self.field is not None:
            if self.field.text != typed.text:
                self.field.text = typed.text
            return
        self._plate.clear_widgets()
        if self._asked.shows and typed.pictures:
            row = Row(spacing=dp(3))
            for name in typed.pictures[-PICTURES_SHOWN:]:
                sign = PictureSign(picture=name, size_hint=(None, None), size=(dp(32), dp(32)))
                row.add_widget(sign)
            self._plate.add_widget(row)
            return
        self._plate.add_widget(SecretDots(count=typed.count, shortest=self._asked.shortest))


def sentence_with_icon(view: ScreenView, icon: str, words: Union[Message, str]) -> Row:
    """One sentence with its sign."""
    row = Row(spacing=dp(10))
    row.add_widget(Icon(icon=icon, color=palette.sky, pos_hint={"center_y": 0.5}))
    row.add_widget(Body(text=view.tr(words), pos_hint={"center_y": 0.5}))
    return row
