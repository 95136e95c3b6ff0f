"""Replies on one stick: what is said there already is not written again."""

from __future__ import annotations

from typing import Optional

from sync.errors import StickError
from sync.sticks.layout import MAX_NUMBER, LetterName, ReplyName
from sync.sticks.letter import Letter, letter_name
from sync.sticks.mailbox import Mailbox
from sync_server.sticks.answering import LetterService
from sync_server.store.protocol import Store

MAX_AHEAD = 1000
"""How far a stick's numbers may be ahead of ours: a server that was restored goes on after them,
and nobody's forgery can use them up."""


class Replies:
    """The server's replies in one mailbox. Methods raise StickError as it does."""

    def __init__(self, mailbox: Mailbox, store: Store, letters: LetterService) -> None:
        self._mailbox = mailbox
        self._store = store
        self._letters = letters
        self.written = 0

    def says(self, name: LetterName, state: bytes) -> bool:
        """Tell whether the newest reply to a letter is here, whole, and says just that."""
        newest = self._newest(name)
        if newest is None:
            return False
        with self._store.transaction() as transaction:
            known = transaction.reply(name.box, newest.number)
        if known is None or known.state != state:
            return False
        try:
            return letter_name(self._mailbox.down_bytes(newest)) == known.name
        except StickError as error:
            if error.code != "stick-damaged":
                raise
            return False

    def write(self, name: LetterName, reply: Letter, state: bytes) -> None:
        """Lay a reply down, and then remove those to the same letter that it replaces."""
        before = [one for one in self._mailbox.replies(name.box) if one.letter == name.letter]
        data = reply.to_bytes()
        number = self._letters.number(name.box, data, state, self._above(name.box))
        self._mailbox.put_down(ReplyName(name.box, name.letter, number), data)
        for old in before:
            self._mailbox.remove_down(old)
        self.written += 1

    def _newest(self, name: LetterName) -> Optional[ReplyName]:
        same = [one for one in self._mailbox.replies(name.box) if one.letter == name.letter]
        return same[-1] if same else None

    def _above(self, box: str) -> int:
        with self._store.transaction() as transaction:
            highest = min(transaction.last_reply_number(box) + MAX_AHEAD, MAX_NUMBER - 1)
        return max((n for _, _, n in self._mailbox.replies(box) if n <= highest), default=0)
