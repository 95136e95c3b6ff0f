"""A blank within a text or a table: a field to type in, or a list to choose from."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from kivy.metrics import dp, sp

from client.widgets.picker import Options, Picker

SHORT_DP, NUMBER_DP, PICKER_DP = 150, 104, 168


class BlankLook(NamedTuple):
    """What a blank needs to be drawn: its id, options when it is chosen from a list, and hints."""

    id: str
    options: Optional[Options]
    number: bool
    hint: str


def blank_field(look: BlankLook, write: Any, width: Optional[float] = None) -> Any:
    """The widget of a blank, so wide; ``write(id, said)`` is called when its answer changes."""
    if look.options is not None:
        picker = Picker(look.options, hint=look.hint, size_hint_x=None)
        picker.width = width or dp(PICKER_DP)
        picker.bind(on_pick=lambda _, option: write(look.id, option))
        return picker
    from client.widgets.text_field import TextField

    field = TextField(size_hint_x=None, width=width or dp(NUMBER_DP if look.number else SHORT_DP))
    field.font_size = sp(17)
    field.bind(text=lambda _, text: write(look.id, text))
    field.bind(on_text_validate=_go_on)
    return field


def _go_on(field: Any) -> None:
    """Enter in a blank leads to the next one."""
    from kivy.app import App

    ring = getattr(App.get_running_app(), "ring", None)
    if ring is not None:
        ring.claim(field)
        ring.move(1)


def show_in_blank(field: Any, said: str, verdict: Optional[bool]) -> None:
    """Show an answer in a blank, and whether it is right once that is known."""
    if isinstance(field, Picker):
        field.chosen = said
        field.verdict = "" if verdict is None else ("right" if verdict else "wrong")
        return
    if field.text != said:
        field.text = said
    field.wrong = verdict is False
    field.right_answer = verdict is True
