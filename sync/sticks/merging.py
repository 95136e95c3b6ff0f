"""A bag and a stick of one school become one: what the one has, the other gets.

Letters are immutable, so both end with all of them, but for these:

- A laptop's letter that a reply here answers need not travel on, and leaves the bag.
- What once lay on both and is now on one side only, whoever may remove it has removed: it does not
  come back. The bag remembers for each stick what lay on both (`sync.sticks.remembered`). Letters
  of laptops to the server are beyond that rule: only a reply ends them.
- A reply that lay on the stick and is gone comes back while the letter that it answers is still
  there: the laptop did not read it, the stick lost it.

The bag has a budget. Attached files come last, and leave the bag for letters.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import BinaryIO, Callable, FrozenSet, Iterator, Optional, Set, Tuple

from sync.errors import CancelledError, ObjectError, StickError
from sync.sticks import layout
from sync.sticks.mailbox import Mailbox
from sync.sticks.merge_plan import (
    DOWN,
    FILES,
    INVITATIONS,
    OWN,
    UP,
    letter_of,
    plan_merge,
    replied_to,
)
from sync.sticks.remembered import read_remembered, write_remembered

STICK_RESERVE_BYTES = 16 << 20
"""So much of a stick is left to laptops' letters where attached files would fill it."""
_READ_BYTES = 1 << 18

Cancel = Callable[[], bool]


def never() -> bool:
    """Go on."""
    return False


@dataclass
class Merged:
    """What a merge did: how many letters and files came into the bag and onto the stick.

    ``left`` did not fit or could not be read; ``damaged`` are paths on the stick. ``problem`` is
    why nothing more was written on the stick (``stick-full``, ``stick-read-only``...),
    ``bag_problem`` why nothing more came into the bag (``disk-full`` or ``disk-failed``).
    """

    taken: int = 0
    given: int = 0
    left: int = 0
    damaged: Tuple[str, ...] = ()
    problem: str = ""
    bag_problem: str = ""


def merge(
    bag: Mailbox, stick: Mailbox, budget_bytes: int, stick_id: str = "", cancel: Cancel = never
) -> Merged:
    """Bring bag and stick together, most valuable first; what is there on return is durable.

    ``stick_id`` is the stick's marker's; without one nothing is remembered of it. It may be called
    again after any failure; where nothing is new, nothing is written.

    ``bag`` lies on a `DiskVolume`, so that its errors are told from the stick's.

    Raises:
        StickError: the stick was taken out, or cannot be read any more.
        ObjectError: ``disk-failed``: the bag cannot be read.
        CancelledError: ``cancel`` said so.
    """
    return _Merging(bag, stick, budget_bytes, cancel).run(stick_id)


def contents(mailbox: Mailbox) -> FrozenSet[str]:
    """Name all that lies in a mailbox, as ``<kind>/<name>``."""
    return frozenset(
        [f"{UP}/{name}" for name in mailbox.up_letters()]
        + [f"{OWN}/{name}" for name in mailbox.own_letters()]
        + [f"{DOWN}/{name}" for name in mailbox.replies()]
        + [f"{INVITATIONS}/{name}" for name in mailbox.invitations()]
        + [f"{FILES}/{name}" for name in mailbox.files()]
    )


@dataclass
class _Merging:
    bag: Mailbox
    stick: Mailbox
    budget_bytes: int
    cancel: Cancel
    done: Merged = field(default_factory=Merged)

    def run(self, stick_id: str) -> Merged:
        known = read_remembered(self.bag.volume, stick_id) if stick_id else frozenset()
        here, there = contents(self.bag), contents(self.stick)
        # What the bag has whole repairs what the stick has damaged.
        broken = frozenset(filter(self._is_broken, here & there))
        there, known = there - broken, known - broken
        plan = plan_merge(here, there, self._answered(here, there), known)
        room = _Room(self.bag, here, self.budget_bytes)
        taken = self._take(plan.take, room)
        given = self._give(plan.give)
        with self._noting_the_bag():
            for name in plan.drop:
                self.bag.volume.remove(_path(self.bag, name))
            # What one side let go of is remembered as long as the other has it.
            shared = plan.shared | taken | given | (known & (here ^ there))
            shared -= room.evicted.union(plan.drop)
            if stick_id and shared != known:
                write_remembered(self.bag.volume, stick_id, shared)
            self.bag.sweep()
        with self._noting_the_stick():
            self.done.damaged = self.stick.sweep()
        self.done.taken, self.done.given = len(taken), len(given)
        self.done.left = len(plan.take) - len(taken) + len(plan.give) - len(given)
        return self.done

    def _is_broken(self, name: str) -> bool:
        """Tell whether the stick's copy of what both have is damaged, as far as that is cheap.

        Of laptops' letters all is read: only the server would notice, at the end of the way. A
        laptop notices by itself what is damaged of what is for it.
        """
        if name.startswith(f"{INVITATIONS}/"):
            return False
        sizes = {one.volume.size_bytes(_path(one, name)) for one in (self.bag, self.stick)}
        return len(sizes) > 1 or (name.startswith(f"{UP}/") and not _is_whole(self.stick, name))

    def _answered(self, here: FrozenSet[str], there: FrozenSet[str]) -> FrozenSet[str]:
        """Return the laptops' letters to which there is a reply that is whole."""
        ups = [name for name in here | there if name.startswith(f"{UP}/")]
        asked: Set[Optional[str]] = {letter_of(name) for name in ups}
        found: Set[Optional[str]] = set()
        for mailbox, names in ((self.bag, here), (self.stick, there)):
            for name in sorted(names):
                letter = replied_to(name)
                if letter in asked - found and _is_whole(mailbox, name):
                    found.add(letter)
        return frozenset(name for name in ups if letter_of(name) in found)

    def _take(self, names: Tuple[str, ...], room: _Room) -> FrozenSet[str]:
        taken: Set[str] = set()
        with self._noting_the_bag():
            for name in names:
                size_bytes = self.stick.volume.size_bytes(_path(self.stick, name)) or 0
                if room.make(name, size_bytes) and self._copied(name, self.stick, self.bag):
                    room.used_bytes += size_bytes
                    taken.add(name)
        return frozenset(taken)

    def _give(self, names: Tuple[str, ...]) -> FrozenSet[str]:
        given: Set[str] = set()
        with self._noting_the_bag(), self._noting_the_stick():
            for name in names:
                if self._fits(name) and self._copied(name, self.bag, self.stick):
                    given.add(name)
        return frozenset(given)

    def _fits(self, name: str) -> bool:
        """Tell whether a file leaves the stick's reserve; letters are what that is for."""
        if not self.stick.volume.writable:
            raise StickError("stick-read-only")
        if not name.startswith(FILES):
            return True
        size_bytes = self.bag.volume.size_bytes(_path(self.bag, name)) or 0
        return self.stick.volume.free_bytes() >= size_bytes + STICK_RESERVE_BYTES

    def _copied(self, name: str, source: Mailbox, target: Mailbox) -> bool:
        """Copy one; what cannot be read stays, and is no concern of the others."""
        if self.cancel():
            raise CancelledError
        try:
            _copy(name, source, target, self.cancel)
        except StickError as error:
            unreadable = error.code in ("stick-damaged", "stick-newer")
            if not unreadable and (source is self.bag or error.code != "stick-failed"):
                raise
            return False
        return True

    @contextlib.contextmanager
    def _noting_the_bag(self) -> Iterator[None]:
        try:
            yield
        except ObjectError as error:
            self.done.bag_problem = error.code

    @contextlib.contextmanager
    def _noting_the_stick(self) -> Iterator[None]:
        try:
            yield
        except StickError as error:
            if error.code == "stick-gone":
                raise
            self.done.problem = error.code


class _Room:
    """The bag's budget: attached files leave it for letters. ``evicted`` left."""

    def __init__(self, bag: Mailbox, here: FrozenSet[str], budget_bytes: int) -> None:
        self.evicted: Set[str] = set()
        self._bag = bag
        self._budget_bytes = budget_bytes
        self._sizes = {name: bag.volume.size_bytes(_path(bag, name)) or 0 for name in here}
        self.used_bytes = sum(self._sizes.values())

    def make(self, name: str, size_bytes: int) -> bool:
        """Tell whether there is room for one more, after files have left for a letter."""
        files = sorted(kept for kept in self._sizes if kept.startswith(FILES))
        while self.used_bytes + size_bytes > self._budget_bytes:
            if name.startswith(FILES) or not files:
                return False
            leaving = files.pop()
            self._bag.volume.remove(_path(self._bag, leaving))
            self.used_bytes -= self._sizes.pop(leaving)
            self.evicted.add(leaving)
        return True


def _path(mailbox: Mailbox, name: str) -> str:
    kind, _, rest = name.partition("/")
    if kind == FILES:
        return layout.file_path(mailbox.school, rest)
    return f"{layout.MAIL}/{mailbox.school}/{name}"


def _is_whole(mailbox: Mailbox, name: str) -> bool:
    """Tell whether a letter is one."""
    try:
        return bool(_letter(mailbox, name))
    except StickError as error:
        if error.code not in ("stick-damaged", "stick-newer"):
            raise
        return error.code == "stick-newer" and not name.startswith(f"{DOWN}/")


def _letter(mailbox: Mailbox, name: str) -> bytes:
    kind, _, rest = name.partition("/")
    reply, letter = layout.parse_reply_name(rest), layout.parse_letter_name(rest)
    if reply:
        return mailbox.down_bytes(reply)
    if letter is None:
        return mailbox.read_invitation(rest) or b""
    return mailbox.up_bytes(letter) if kind == UP else mailbox.own_bytes(letter)


def _copy(name: str, source: Mailbox, target: Mailbox, cancel: Cancel) -> None:
    kind, _, rest = name.partition("/")
    if kind == FILES:
        _copy_file(rest, source, target, cancel)
        return
    data = _letter(source, name)
    reply, letter = layout.parse_reply_name(rest), layout.parse_letter_name(rest)
    if reply:
        target.put_down(reply, data)
    elif letter is None:
        target.put_invitation(rest, data)
    elif kind == UP:
        target.put_up(letter.box, data)
    else:
        target.put_own(letter.box, data)


def _copy_file(sha256: str, source: Mailbox, target: Mailbox, cancel: Cancel) -> None:
    with source.open_file(sha256) as file:
        try:
            target.put_file(sha256, _blocks(file, cancel))
        except StickError as error:
            if error.code == "stick-damaged":
                source.report_file(sha256)
            raise


def _blocks(file: BinaryIO, cancel: Cancel) -> Iterator[bytes]:
    for block in iter(lambda: file.read(_READ_BYTES), b""):
        if cancel():
            raise CancelledError
        yield block
