"""Where a pupil answers: choices, a number with its own keys, or text that grows."""

from __future__ import annotations

from typing import Any, Dict, Sequence, Tuple

from kivy.graphics import Color, Rectangle
from kivy.metrics import dp, sp
from kivy.properties import BooleanProperty, ListProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from client.theme.palette import palette
from client.widgets.buttons import QuietButton
from client.widgets.card import Column, Row
from client.widgets.choice_row import ChoiceRow
from client.widgets.formula import RichText
from client.widgets.labels import Muted, Text
from client.widgets.plate import Plate
from content.documents.document import Spans

LONGEST_NUMBER = 24
ERASE = "erase"
PAD = (("7", "8", "9", ERASE), ("4", "5", "6", "−"), ("1", "2", "3", "/"), ("0", ","))
"""The keys as they lie; those of the last row are as wide as two."""
TYPED = {
    **{str(digit): str(digit) for digit in range(10)},
    **{f"numpad{digit}": str(digit) for digit in range(10)},
    "-": "−",
    "numpadsubstract": "−",
    "/": "/",
    "?": "/",  # Kivy gives this key both names
    "numpaddivide": "/",
    ",": ",",
    ".": ",",
    "numpaddecimal": ",",
    "backspace": ERASE,
}
"""Names of keys to what they type into a number."""


def typed(text: str, key: str) -> str:
    """The text of a number after one more key of `PAD`."""
    if key == ERASE:
        return text[:-1]
    return (text + key)[:LONGEST_NUMBER]


class Choices(Column):
    """Choices one under another; dispatches `on_choose` with the id of the one pressed.

    Args:
        choices: (id, words) of each.
        several: whether more than one may be chosen.
    """

    chosen = ListProperty()
    __events__ = ("on_choose",)

    def __init__(
        self, choices: Sequence[Tuple[str, Spans]], *, several: bool, **kwargs: Any
    ) -> None:
        super().__init__(spacing=dp(12), **kwargs)
        self._rows: Dict[str, ChoiceRow] = {}
        for choice, spans in choices:
            row = ChoiceRow(several=several)
            row.content = RichText(spans=spans, font_size=sp(19), pos_hint={"center_y": 0.5})
            row.bind(on_release=lambda _, choice=choice: self.dispatch("on_choose", choice))
            self._rows[choice] = row
            self.add_widget(row)
        self.bind(chosen=self._mark)
        self._mark()

    def _mark(self, *_: Any) -> None:
        for choice, row in self._rows.items():
            row.chosen = choice in self.chosen
            row.verdict = ""

    def show_verdicts(self, right: Sequence[str]) -> None:
        """Mark what was chosen as right or wrong."""
        for choice in self.chosen:
            if choice in self._rows:
                self._rows[choice].verdict = "right" if choice in right else "wrong"

    def on_choose(self, choice: str) -> None:
        """A choice was pressed."""


class NumberDisplay(Plate, BoxLayout):
    """The number as typed, large, with a line where the next digit goes."""

    text = StringProperty("")
    wrong = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(size_hint_y=None, height=sp(64), padding=(dp(18), 0), **kwargs)
        self.fill, self.outline_width = palette.surface, dp(2)
        self._words = Text(font_size=sp(28), hug=True, pos_hint={"center_y": 0.5})
        self.add_widget(self._words)
        with self.canvas.after:
            Color(*palette.sky)
            self._caret = Rectangle()
        self._words.bind(pos=self._place, size=self._place)
        self.bind(text=self._show, wrong=self._show, pos=self._place, size=self._place)
        self._show()

    def _show(self, *_: Any) -> None:
        self.outline = palette.rust if self.wrong else palette.sky
        self._words.text = self.text

    def _place(self, *_: Any) -> None:
        end = self._words.right if self.text else self.x + dp(18)
        self._caret.pos = (round(end + dp(2)), round(self.center_y - sp(16)))
        self._caret.size = (max(1, round(dp(2))), round(sp(32)))


class NumberAnswer(Column):
    """A number and the keys to type it; dispatches `on_write` with the new text.

    A phone's own keyboard stays away, and every key of the pad works from a keyboard, too.
    `note` says below how the number was understood.
    """

    text = StringProperty("")
    """The number, and behind a space the unit where one is asked for."""
    note = StringProperty("")
    wrong = BooleanProperty(False)
    __events__ = ("on_write",)

    def __init__(self, erase_hint: str, unit_hint: str = "", **kwargs: Any) -> None:
        super().__init__(spacing=dp(10), **kwargs)
        self.display = NumberDisplay()
        self.unit: Any = None
        self._note = Muted(font_size=sp(15))
        self.add_widget(self._with_unit(unit_hint) if unit_hint else self.display)
        self.add_widget(self._note)
        self.add_widget(self._pad(erase_hint))
        for name in ("text", "note", "wrong"):
            self.fbind(name, self._show)
        self._show()

    def press(self, key: str) -> None:
        """Type one key of the pad."""
        number, space, unit = self.text.partition(" ")
        self.dispatch("on_write", typed(number, key) + space + unit)

    def _with_unit(self, hint: str) -> Row:
        from client.widgets.text_field import TextField

        row = Row(spacing=dp(10))
        self.unit = TextField(hint_text=hint, font_size=sp(20), size_hint_x=0.45)
        self.unit.pos_hint = {"center_y": 0.5}
        self.unit.bind(text=self._unit_typed)
        row.add_widget(self.display)
        row.add_widget(self.unit)
        return row

    def _unit_typed(self, _: Any, unit: str) -> None:
        number, _, before = self.text.partition(" ")
        if unit != before:
            self.dispatch("on_write", f"{number} {unit}" if unit else number)

    def _show(self, *_: Any) -> None:
        number, _, unit = self.text.partition(" ")
        self.display.text, self.display.wrong = number, self.wrong
        if self.unit is not None and self.unit.text != unit:
            self.unit.text = unit
        self._note.text = self.note or " "
        self._note.color = palette.rust if self.wrong else palette.muted

    def _pad(self, erase_hint: str) -> Column:
        pad = Column(spacing=dp(8))
        for keys in PAD:
            row = Row(spacing=dp(8))
            for key in keys:
                row.add_widget(self._pad_key(key, erase_hint))
            pad.add_widget(row)
        return pad

    def _pad_key(self, key: str, erase_hint: str) -> PadKey:
        button = PadKey(text="" if key == ERASE else key)
        if key == ERASE:
            button.icon, button.hint = "delete", erase_hint
        button.bind(on_release=lambda _: self.press(key))
        return button

    def on_write(self, text: str) -> None:
        """The text changed."""


class PadKey(QuietButton):
    """One key of the pad."""

    hint = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fills=True, font_size=sp(20), padding=dp(4), **kwargs)
        self.outline = palette.line
        self.ink = palette.ink


def text_answer(text: str, hint: str) -> Any:
    """A field of several lines that grows with what is written."""
    from client.widgets.text_field import TextField

    field = TextField(text=text, hint_text=hint, multiline=True)
    floor = dp(150)

    def grow(*_: Any) -> None:
        field.height = max(floor, field.minimum_height)

    field.bind(minimum_height=grow)
    grow()
    return field
