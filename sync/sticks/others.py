"""A mailbox as whoever carries letters for others sees it: without those of their own boxes."""

from __future__ import annotations

from typing import Container, Iterator, Tuple

from sync.sticks.layout import LetterName, ReplyName
from sync.sticks.mailbox import Mailbox
from sync.sticks.volume import Volume


class OthersMail(Mailbox):
    """The letters of a school but for those of some boxes."""

    def __init__(self, volume: Volume, school: str, own_boxes: Container[str]) -> None:
        """Pass ``own_boxes`` over."""
        super().__init__(volume, school)
        self._own_boxes = own_boxes

    def up_letters(self) -> Iterator[LetterName]:
        """Name the others' letters to the server."""
        return (name for name in super().up_letters() if name.box not in self._own_boxes)

    def own_letters(self) -> Iterator[LetterName]:
        """Name the others' letters to themselves."""
        return (name for name in super().own_letters() if name.box not in self._own_boxes)

    def replies(self, box: str = "") -> Tuple[ReplyName, ...]:
        """Name the server's replies to others."""
        found = super().replies(box)
        return tuple(name for name in found if name.box not in self._own_boxes)
