"""Sticks by themselves: which are in, what is done with them, and how far that is. No kivy.

As the courier goes over the link, the porter takes what sticks carry. It looks which drives came
and went; with the school's consent a stick of ours is synced at once, without it it is offered.
Looking and working have a thread each, so that a drive that hangs keeps nobody else waiting.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Dict, FrozenSet, List, Optional, Sequence, Tuple

from client.executor import DRIVES, STICKS, Outcome
from client.laptop.problems import problem_of
from client.laptop.sticks.seen import Kind, SeenStick

if TYPE_CHECKING:
    from client.executor import Executor
    from client.laptop.account import Problem, SyncProgress
    from client.laptop.laptop import Laptop
    from client.laptop.sticks.account import StickAccount
    from client.laptop.sticks.packing import Wishes, Written
    from client.messages import Message

FIRST_DELAY_S = 3.0
"""Let the first screen come up before touching drives."""
LOOK_EVERY_S = 2.0
TOLD_EVERY_S = 0.2
VISIT, WRITE = "visit", "write"


@dataclass(frozen=True)
class Errand:
    """What is done with a stick (``act``), or was done last; ``ended`` tells which.

    ``stopped`` tells that somebody ended it early. After a visit there is an ``account``, after
    writing ``written``; a ``problem`` in place of them is what neither could name.
    """

    stick: SeenStick
    act: str
    ended: bool = False
    stopped: bool = False
    progress: Optional[SyncProgress] = None
    account: Optional[StickAccount] = None
    written: Optional[Written] = None
    problem: Optional[Problem] = None

    @property
    def failure(self) -> Optional[Problem]:
        """What went wrong, whoever says it."""
        told = self.account or self.written
        return self.problem or (told.problem if told else None)


class Porter:
    """Looks for sticks now and again, visits and writes them.

    ``sticks`` are in the machine now; ``ended`` counts errands that came to an end.

    Args:
        schedule, deliver: as the courier's.
    """

    def __init__(
        self,
        laptop: Laptop,
        executor: Executor,
        schedule: Callable[[float, Callable[[], None]], Callable[[], None]],
        deliver: Callable[[Callable[[], None]], None],
    ) -> None:
        self._laptop, self._executor = laptop, executor
        self._schedule, self._deliver = schedule, deliver
        self._cancel_timer: Callable[[], None] = lambda: None
        self._listeners: List[Callable[[], None]] = []
        self._errands: Dict[Path, Errand] = {}
        self._called_off: FrozenSet[Path] = frozenset()
        self._dismissed: FrozenSet[Path] = frozenset()
        self._told: Dict[Path, Tuple[float, Optional[Message]]] = {}
        self._changed: FrozenSet[Path] = frozenset()
        self._stopped = False
        self._looking = False
        self.sticks: Tuple[SeenStick, ...] = ()
        self.last: Optional[Errand] = None
        self.ended = 0

    def listen(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` whenever a stick comes or goes, or an errand moves on."""
        self._listeners.append(callback)

    def forget(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` no more."""
        self._listeners = [one for one in self._listeners if one != callback]

    @property
    def consent(self) -> bool:
        """Whether the school's sticks are synced without a question."""
        return self._laptop.sticks.consent

    def give_consent(self, given: bool) -> None:
        """Sync the school's sticks without a question from now on, or ask."""
        sticks = self._laptop.sticks
        sticks.consent = given
        if given:
            self._visit_offered()
        self._tell()

    def start(self) -> None:
        """Begin to look."""
        self._plan(FIRST_DELAY_S)

    def stop(self) -> None:
        """Look no more, and end what is under way at its next piece."""
        self._stopped = True
        self._cancel_timer()

    def errand(self, root: Path) -> Optional[Errand]:
        """Tell what is done with the stick that is in at ``root``, or was done since it came."""
        return self._errands.get(root)

    @property
    def errands(self) -> Tuple[Errand, ...]:
        """What is under way, and what ended with sticks that are in or were pulled out early."""
        return tuple(self._errands.values())

    @property
    def running(self) -> Tuple[Errand, ...]:
        """What is under way."""
        return tuple(one for one in self._errands.values() if not one.ended)

    @property
    def noticed(self) -> Optional[Errand]:
        """What is worth a word on every screen: what runs, else what has just ended."""
        shown = [one for root, one in self._errands.items() if root not in self._dismissed]
        under_way = [one for one in shown if not one.ended]
        found = under_way or shown
        return found[-1] if found else None

    @property
    def offered(self) -> Optional[SeenStick]:
        """A stick of ours that nobody has decided about."""
        waiting = [one for one in self.sticks if self._waits(one)]
        return waiting[-1] if waiting else None

    def _waits(self, stick: SeenStick) -> bool:
        settled = stick.root in self._errands or stick.root in self._dismissed
        return stick.kind is Kind.OURS and not settled

    def dismiss(self, root: Path) -> None:
        """Say no more of a stick until it comes again."""
        self._dismissed |= {root}
        self._tell()

    def look(self) -> None:
        """Look at the drives, unless somebody does."""
        self._cancel_timer()
        if self._looking or self._stopped:
            return
        self._looking = True
        known, anew, self._changed = self.sticks, self._changed, frozenset()
        self._executor.submit(
            "drives", lambda: self._laptop.sticks.look(known, anew), self._looked, lane=DRIVES
        )

    def visit(self, stick: SeenStick) -> None:
        """Take what is on a stick for this laptop and leave what is for the school.

        One that carries nothing of ours yet is made a stick of ours first.
        """
        if not self._begin(VISIT, [stick]):
            return
        hands, root = self._laptop.sticks, stick.root

        def work() -> StickAccount:
            if stick.kind is Kind.EMPTY:
                hands.prepare(root)
            return hands.visit(root, self._heard(root), lambda: self._is_called_off(root))

        def done(outcome: Outcome[StickAccount]) -> None:
            problem = problem_of(outcome.error) if outcome.error else None
            self._end(stick, VISIT, account=outcome.value, problem=problem)

        self._executor.submit(f"visit {root}", work, done, lane=STICKS)

    def write(self, sticks: Sequence[SeenStick], wishes: Wishes) -> None:
        """Put packs on one or several sticks at once; each ends by itself."""
        if not self._begin(WRITE, sticks):
            return
        hands, by_root = self._laptop.sticks, {one.root: one for one in sticks}

        def ended(root: Path, written: Written) -> None:
            self._deliver(lambda: self._end(by_root[root], WRITE, written=written))

        def work() -> None:
            hands.write(list(by_root), wishes, self._moved, self._is_called_off, ended)

        def done(outcome: Outcome[None]) -> None:
            for stick in sticks:
                if outcome.error and not self._errands[stick.root].ended:
                    self._end(stick, WRITE, problem=problem_of(outcome.error))

        self._executor.submit(f"write {sticks[0].root}", work, done, lane=STICKS)

    def cancel(self, root: Path) -> None:
        """End what is done with a stick at its next piece. What is on it stays whole."""
        self._called_off |= {root}

    def _begin(self, act: str, sticks: Sequence[SeenStick]) -> bool:
        roots = {one.root for one in sticks}
        if self._stopped or not roots or any(one.stick.root in roots for one in self.running):
            return False
        self._called_off -= roots
        self._dismissed -= roots
        for stick in sticks:
            self._errands[stick.root] = Errand(stick, act)
        self._tell()
        return True

    def _end(
        self,
        stick: SeenStick,
        act: str,
        *,
        account: Optional[StickAccount] = None,
        written: Optional[Written] = None,
        problem: Optional[Problem] = None,
    ) -> None:
        called_off = stick.root in self._called_off
        self.last = Errand(stick, act, True, called_off, None, account, written, problem)
        self._errands[stick.root] = self.last
        self._changed |= {stick.root}
        self.ended += 1
        self._tell()
        self.look()

    def _is_called_off(self, root: Path) -> bool:
        return self._stopped or root in self._called_off

    def _heard(self, root: Path) -> Callable[[SyncProgress], None]:
        return lambda progress: self._moved(root, progress)

    def _moved(self, root: Path, progress: SyncProgress) -> None:
        """Show how far it is, but no more often than a window wants to be drawn for that."""
        now_s = time.monotonic()
        at, sentence = self._told.get(root, (-TOLD_EVERY_S, None))
        if now_s - at < TOLD_EVERY_S and sentence == progress.sentence:
            return
        self._told[root] = (now_s, progress.sentence)

        def show() -> None:
            errand = self._errands.get(root)
            if errand is not None and not errand.ended:
                self._errands[root] = replace(errand, progress=progress)
                self._tell()

        self._deliver(show)

    def _plan(self, wait_s: float) -> None:
        self._cancel_timer()
        if not self._stopped:
            self._cancel_timer = self._schedule(wait_s, self.look)

    def _looked(self, outcome: Outcome[Tuple[SeenStick, ...]]) -> None:
        self._looking = False
        self._plan(LOOK_EVERY_S)
        seen: Tuple[SeenStick, ...] = outcome.value or ()
        if outcome.error is not None or seen == self.sticks:
            return
        self._keep(seen)
        if self.consent:
            self._visit_offered()
        self._tell()

    def _keep(self, seen: Tuple[SeenStick, ...]) -> None:
        """Forget what was done with sticks that went, but not what went wrong with them."""
        known = {(one.root, one.serial) for one in self.sticks}
        stayed = {one.root for one in seen if (one.root, one.serial) in known}
        came = {one.root for one in seen} - stayed
        self.sticks = seen
        self._errands = {
            root: one
            for root, one in self._errands.items()
            if not one.ended or root in stayed or (one.failure and root not in came)
        }
        self._dismissed -= came

    def _visit_offered(self) -> None:
        """Visit the sticks of this school that wait; one of another school is asked about."""
        for stick in self.sticks:
            if stick.of_school and self._waits(stick):
                self.visit(stick)

    def _tell(self) -> None:
        for callback in list(self._listeners):
            callback()
