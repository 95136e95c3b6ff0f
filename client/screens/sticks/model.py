"""The sticks that are in: what each is, what is done with it, and what may be done. No kivy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional, Tuple

from client.laptop.sticks.seen import Kind, SeenStick
from client.laptop.syncing.link_words import megabytes
from client.messages import Message
from client.porter import VISIT, WRITE, Errand
from client.screens.model import ScreenModel, Session
from client.screens.sticks.account_lines import Lines, of_visit, of_writing, titles_of

STATIONS = ("in", "exchange", "out")
AGAIN, CANCEL, EXCHANGE, PREPARE, RETRY = "again", "stop", "exchange", "prepare", "retry"
"""What may be done with a stick."""
QUIET, READY, BUSY, DONE, WRONG = "quiet", "ready", "busy", "done", "wrong"
"""How a stick stands: the sign and the colour beside its words."""
NOTHING = Lines()


@dataclass(frozen=True)
class StickCard:
    """One stick on the page.

    ``passed`` of ``STATIONS`` lie behind its visit (None: there is no road to show), ``share`` is
    how far what is done now is, where that is known.
    """

    root: Path
    name: str
    mood: str
    title: Message
    words: Tuple[Message, ...]
    facts: Tuple[Message, ...] = ()
    lines: Lines = NOTHING
    passed: Optional[int] = None
    share: Optional[float] = None
    acts: Tuple[str, ...] = ()


class Model(ScreenModel):
    """A card for each stick, and the consent."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._porter = session.at_hand()
        self._porter.listen(self.changed)
        self._porter.look()
        self.reload()

    def close(self) -> None:
        """Listen no more."""
        self._porter.forget(self.changed)

    def reload(self) -> None:
        """Lessons may have come: their titles are said."""
        self._titles = titles_of(self.session.laptop.lessons())
        self.changed()

    @property
    def may_write(self) -> bool:
        """Whether whoever sits here writes lessons to sticks."""
        return self.session.person is not None and self.session.person.is_teacher

    @property
    def consent(self) -> bool:
        """Whether the school's sticks are synced without a question."""
        return self._porter.consent

    def give_consent(self, given: bool) -> None:
        """Sync them without a question from now on, or ask."""
        self._porter.give_consent(given)

    @property
    def cards(self) -> Tuple[StickCard, ...]:
        """What is in, in the order of their places, then what was pulled out too early."""
        here = [self._card(stick) for stick in self._porter.sticks]
        roots = {stick.root for stick in self._porter.sticks}
        gone = [self._gone(one) for one in self._porter.errands if one.stick.root not in roots]
        return (*here, *gone, *self._earlier())

    def act(self, act: str, root: Path) -> None:
        """Do something with a stick."""
        if act == CANCEL:
            self._porter.cancel(root)
            return
        for stick in self._porter.sticks:
            if stick.root == root:
                self._porter.visit(stick)

    def _card(self, stick: SeenStick) -> StickCard:
        errand = self._porter.errand(stick.root)
        if errand is None:
            return _waiting(stick)
        return self._ended(stick, errand) if errand.ended else _under_way(stick, errand)

    def _gone(self, errand: Errand) -> StickCard:
        """A stick that is not in any more, and what went wrong with it."""
        if not errand.ended:
            return _under_way(errand.stick, errand)
        words = (errand.failure.sentence,) if errand.failure else ()
        title = Message("stick_page.went")
        return StickCard(errand.stick.root, errand.stick.name, WRONG, title, words)

    def _earlier(self) -> Tuple[StickCard, ...]:
        """What the last visit did, while its stick is not in any more."""
        last = self._porter.last
        if not last or not last.account or last.failure or self._porter.errands:
            return ()
        title, lines = Message("stick_page.earlier"), self._lines(last)
        nothing = () if lines.any else (Message("stick_page.nothing_new"),)
        return (StickCard(last.stick.root, last.stick.name, QUIET, title, nothing, (), lines),)

    def _ended(self, stick: SeenStick, errand: Errand) -> StickCard:
        lines = self._lines(errand)
        # A stick that was written carries no letters yet, and no invitations.
        acts: Tuple[str, ...] = (AGAIN if errand.act == VISIT else EXCHANGE,)
        if errand.stopped:
            title, words = Message("stick_page.stopped"), (Message("stick_page.stopped.what"),)
            return StickCard(
                stick.root, stick.name, QUIET, title, words, _facts(stick), lines, acts=acts
            )
        if errand.failure is not None:
            title, words = Message("stick_page.failed"), (errand.failure.sentence,)
            acts = (RETRY,) if errand.act == VISIT else ()
            return StickCard(
                stick.root, stick.name, WRONG, title, words, _facts(stick), lines, acts=acts
            )
        nothing = () if lines.any else (Message("stick_page.nothing_new"),)
        passed = len(STATIONS) if errand.act == VISIT else None
        title = Message("stick_page.take_out")
        return StickCard(
            stick.root, stick.name, DONE, title, nothing, _facts(stick), lines, passed, None, acts
        )

    def _lines(self, errand: Errand) -> Lines:
        if errand.account is not None:
            return of_visit(errand.account, self._titles)
        return of_writing(errand.written) if errand.written else Lines()


def share_of(errand: Errand) -> Optional[float]:
    """Return how far what is done is, from 0 to 1; None where that is not known."""
    progress = errand.progress
    if progress is None or not progress.total_bytes:
        return None
    return progress.done_bytes / progress.total_bytes


def _waiting(stick: SeenStick) -> StickCard:
    """A stick with which nothing is done."""
    facts = _facts(stick)
    if stick.kind is Kind.UNUSABLE:
        words = (stick.problem.sentence,) if stick.problem else ()
        title = Message("stick_page.unusable")
        return StickCard(stick.root, stick.name, WRONG, title, words, facts)
    if stick.kind is Kind.EMPTY:
        key = "stick_page.empty.what" if stick.writable else "stick_page.empty.locked"
        acts = (PREPARE,) if stick.writable else ()
        title = Message("stick_page.empty")
        return StickCard(stick.root, stick.name, QUIET, title, (Message(key),), facts, acts=acts)
    key = "stick_page.notice.what" if stick.writable else "stick_page.ours.locked"
    title = Message("stick_page.ours")
    return StickCard(stick.root, stick.name, READY, title, (Message(key),), facts, acts=(EXCHANGE,))


def _under_way(stick: SeenStick, errand: Errand) -> StickCard:
    key = "stick_page.writing" if errand.act == WRITE else "stick_page.exchanging"
    progress, words = errand.progress, [Message("stick_page.leave_in")]
    if progress is not None and progress.sentence.key != key:
        words.insert(0, progress.sentence)
    passed = 1 if errand.act == VISIT else None
    return StickCard(
        stick.root,
        stick.name,
        BUSY,
        Message(key),
        tuple(words),
        passed=passed,
        share=share_of(errand),
        acts=(CANCEL,),
    )


def _facts(stick: SeenStick) -> Tuple[Message, ...]:
    """What a stick is like, in a few words each."""
    facts: List[Message] = []
    if stick.kind is not Kind.UNUSABLE:
        facts.append(Message("stick_page.free", {"size": megabytes(stick.free_bytes)}))
    if stick.choice:
        facts.append(Message("stick_page.carries", {"n": len(stick.choice)}))
    if not stick.writable:
        facts.append(Message("stick_page.locked"))
    return tuple(facts)
