"""What is worth a word about sticks on every screen. Imports no kivy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Optional, Tuple

from client.messages import Message
from client.porter import WRITE, Errand
from client.screens.sticks.model import (
    BUSY,
    CANCEL,
    DONE,
    EXCHANGE,
    QUIET,
    READY,
    WRONG,
    share_of,
)

if TYPE_CHECKING:
    from client.porter import Porter

CLOSE, LATER, MORE = "close", "later", "more"


@dataclass(frozen=True)
class Notice:
    """One strip: how the stick at ``root`` stands (a mood of the sticks' page), and what to do."""

    root: Path
    mood: str
    title: Message
    words: Optional[Message] = None
    share: Optional[float] = None
    acts: Tuple[str, ...] = ()


def notice_of(porter: Porter) -> Optional[Notice]:
    """Choose what to say: what runs or has just ended, else a stick that waits to be asked for."""
    errand = porter.noticed
    if errand is not None:
        return _ended(errand) if errand.ended else _under_way(errand)
    stick = porter.offered
    if stick is None:
        return None
    title, words = Message("stick_page.notice.in"), Message("stick_page.notice.what")
    return Notice(stick.root, READY, title, words, acts=(EXCHANGE, LATER))


def _under_way(errand: Errand) -> Notice:
    key = "stick_page.writing" if errand.act == WRITE else "stick_page.exchanging"
    words = Message("stick_page.leave_in")
    return Notice(errand.stick.root, BUSY, Message(key), words, share_of(errand), (CANCEL,))


def _ended(errand: Errand) -> Notice:
    root, acts = errand.stick.root, (MORE, CLOSE)
    if errand.stopped:
        return Notice(root, QUIET, Message("stick_page.stopped"), acts=acts)
    if errand.failure is not None:
        title = Message("stick_page.failed")
        return Notice(root, WRONG, title, errand.failure.sentence, acts=acts)
    return Notice(root, DONE, Message("stick_page.take_out"), acts=acts)
