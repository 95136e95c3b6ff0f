"""A laptop's visit to a stick: what the programme does there with its letters, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, FrozenSet, List, Set

from sync.errors import StickError, SyncError
from sync.exchanges.dialogue import Outcome
from sync.identity import device_id_bytes
from sync.journals.branch import fact_digest
from sync.sticks.correspondence import (
    WrittenLetter,
    apply_reply,
    note_left,
    own_devices,
    spent_letters,
    standing_letter,
    unknown_letters,
    write_letter,
)
from sync.sticks.layout import LetterName, box_name
from sync.sticks.mailbox import Mailbox
from sync.sticks.own_copy import recover
from tests.simulation.machine import Laptop

GONE = "stick-gone"
Left = Callable[[WrittenLetter, FrozenSet[bytes]], None]
"""Hears of a letter, and of the facts in it, before it is laid down."""


@dataclass
class Visited:
    """What a visit came to."""

    outcomes: List[Outcome] = field(default_factory=list)
    recovered: Set[bytes] = field(default_factory=set)
    branches: int = 0
    carried: int = 0
    applied: int = 0

    @property
    def moved(self) -> bool:
        """Whether anything changed on the laptop."""
        news = any(one.moved or one.records or one.covered for one in self.outcomes)
        return news or bool(self.recovered or self.branches or self.carried)


class Visit:
    """One visit of a laptop to a mailbox; ``done`` says what it came to, also when it is cut off.

    Raises StickError where the stick is pulled out, PowerCut where the laptop goes off.
    """

    def __init__(self, laptop: Laptop, mailbox: Mailbox, left: Left) -> None:
        self._laptop = laptop
        self._clock = laptop.clock
        self._parties = laptop.parties
        self._mailbox = mailbox
        self._left = left
        self._spent: Set[str] = set()
        self.done = Visited()

    def run(self) -> None:
        try:
            self._recover()
            self._apply()
            if self._mailbox.volume.writable:
                self._leave()
                self._clear()
                self._mailbox.volume.flush()
        finally:
            self._laptop.follow_branch()

    def _boxes(self) -> Set[str]:
        devices = own_devices(self._parties, self._clock)
        server = self._parties.server.id_bytes
        return {box_name(server, device_id_bytes(device)) for device in devices}

    def _own(self) -> List[LetterName]:
        boxes = self._boxes()
        return [name for name in self._mailbox.own_letters() if name.box in boxes]

    def _up(self) -> List[LetterName]:
        boxes = self._boxes()
        return [name for name in self._mailbox.up_letters() if name.box in boxes]

    def _recover(self) -> None:
        names = self._own()
        unknown = set(unknown_letters(self._parties, [name.letter for name in names]))
        for name in names:
            if name.letter not in unknown:
                continue
            try:
                recovered = recover(self._parties, self._mailbox.read_own(name), self._clock)
            except SyncError as error:
                _unless_gone(error)
                continue
            self._parties = recovered.parties
            self._laptop.follow_branch()
            back = set(map(fact_digest, recovered.records))
            self._laptop.facts |= back
            self.done.recovered |= back
            self.done.branches += recovered.branches
            self._spent |= {name.letter} if recovered.spent else set()

    def _apply(self) -> None:
        boxes = self._boxes()
        for name in self._mailbox.replies():
            if name.box not in boxes:
                continue
            try:
                reply = self._mailbox.read_down(name)
            except SyncError as error:
                _unless_gone(error)
                continue
            applied = apply_reply(self._parties, reply, self._clock)
            assert not applied.problems, f"{self._laptop.name}: {applied.problems}"
            self._parties = applied.parties
            self._laptop.follow_branch()
            self.done.outcomes += applied.outcomes
            self.done.branches += applied.branches
            self.done.carried += applied.carried
            self.done.applied += 1
            if applied.ours and self._mailbox.volume.writable:
                self._mailbox.remove_down(name)

    def _leave(self) -> None:
        names = [name.letter for name in self._up()]
        copies = [name.letter for name in self._own()]
        standing = standing_letter(self._parties, {}, self._clock, names, copies=copies)
        if standing is not None:
            return
        first_seq = self._parties.journal.first_unsent_seq
        written = write_letter(self._parties, {}, self._clock)
        records = self._parties.journal.all(first_seq - 1)
        inside = [one for one in records if one.seq <= written.last_seq]
        self._left(written, frozenset(map(fact_digest, inside)))
        server = self._parties.server.id_bytes
        box = box_name(server, device_id_bytes(written.device))
        self._mailbox.put_up(box, written.up)
        note_left(self._parties, written)
        if written.own:
            self._mailbox.put_own(box, written.own)

    def _clear(self) -> None:
        ups, owns = self._up(), self._own()
        names = [name.letter for name in (*ups, *owns)]
        spent = self._spent | set(spent_letters(self._parties, names, self._clock))
        for name in ups:
            if name.letter in spent:
                self._mailbox.remove_up(name)
        for name in owns:
            if name.letter in spent:
                self._mailbox.remove_own(name)


def _unless_gone(error: SyncError) -> None:
    """Let a letter that cannot be read stop nothing but itself."""
    if isinstance(error, StickError) and error.code == GONE:
        raise error
