"""A task as a card: its subject's sign, its name, and a line about it."""

from __future__ import annotations

from typing import Any

from kivy.properties import StringProperty

from client.theme.palette import palette
from client.widgets import kv
from client.widgets.card import PressCard
from client.widgets.subject_picture import subject_icon, subject_tint


class TaskTile(PressCard):
    """``text`` is the task's name, ``detail`` the line under it."""

    text = StringProperty("")
    detail = StringProperty("")
    subject = StringProperty("")

    def icon_of(self, subject: str) -> str:
        """Return the icon of a subject."""
        return subject_icon(subject)

    def ground(self, subject: str) -> Any:
        """Return the tint of a subject."""
        return palette.named(subject_tint(subject) + "_tint")

    def ink(self, subject: str) -> Any:
        """Return the colour of a subject's icon."""
        return palette.named(subject_tint(subject))


kv.load(__file__)
