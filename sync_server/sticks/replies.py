"""Replies on one stick: what is said there already is not written again."""

from __future__ import annotations

from typing import Dict, List, Optional

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
    """The server's replies in one mailbox, for one visit. Methods raise StickError as it does."""

    def __init__(self, mailbox: Mailbox, store: Store, letters: LetterService) -> None:
        self._mailbox = mailbox
        self._store = store
        self._letters = letters
        self._there: Optional[Dict[str, List[ReplyName]]] = None
        self.written = 0

    def says(self, name: LetterName, state: bytes) -> bool:
        """Tell whether the newest reply to a letter is here, whole, and says just that."""
        same = self._to(name)
        if not same:
            return False
        with self._store.transaction() as transaction:
            known = transaction.reply(name.box, same[-1].number)
        if known is None or known.state != state:
            return False
        try:
            return letter_name(self._mailbox.down_bytes(same[-1])) == known.name
        except StickError as error:
            if error.code != "stick-damaged":
                raise
            return False

    def write(self, name: LetterName, reply: Letter, state: bytes) -> None:
        """Lay a reply down, and then remove those to the same letter that it replaces."""
        before = self._to(name)
        data = reply.to_bytes()
        number = self._letters.number(name.box, data, state, self._above(name.box))
        new = ReplyName(name.box, name.letter, number)
        self._mailbox.put_down(new, data)
        for old in before:
            self._mailbox.remove_down(old)
        kept = [one for one in self._in_box(name.box) if one not in before]
        self._listed()[name.box] = [*kept, new]
        self.written += 1

    def _to(self, name: LetterName) -> List[ReplyName]:
        return [one for one in self._in_box(name.box) if one.letter == name.letter]

    def _in_box(self, box: str) -> List[ReplyName]:
        return self._listed().get(box, [])

    def _listed(self) -> Dict[str, List[ReplyName]]:
        """The replies by box, read once: the stick is ours for the visit."""
        if self._there is None:
            self._there = {}
            for name in self._mailbox.replies():
                self._there.setdefault(name.box, []).append(name)
        return self._there

    def _above(self, box: str) -> int:
        with self._store.transaction() as transaction:
            highest = min(transaction.last_reply_number(box) + MAX_AHEAD, MAX_NUMBER - 1)
        numbers = (one.number for one in self._in_box(box))
        return max((number for number in numbers if number <= highest), default=0)
