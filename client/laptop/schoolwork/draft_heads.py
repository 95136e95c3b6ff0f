"""What becomes of one pupil's draft of one task that was typed on several laptops.

A draft that is left is told as a record, which names the drafts that it continues: those that the
pupil had before their eyes. So a later one replaces what it continues, and two that were typed
before either laptop heard of the other stand beside each other, whatever the clocks say: both are
offered, and nothing is merged or chosen by itself. Pure functions.
"""

from __future__ import annotations

from typing import (
    Any,
    Dict,
    FrozenSet,
    Iterable,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Set,
)

from client.laptop.schoolwork.works import attempt_of
from sync.clock import milliseconds
from sync.journals.branch import original
from sync.record import Record

AFTER = "after"
"""The field of a draft's body with the names of the drafts that it continues."""
MAX_AFTER = 20


class Told(NamedTuple):
    """A draft that was told; ``name`` is the record's, ``after`` are those that it continues."""

    name: str
    device: str
    seq: int
    answers: Mapping[str, Any]
    attempt: int
    time_ms: int
    after: FrozenSet[str]


class Here(NamedTuple):
    """What is typed on this laptop, and the names of the drafts from which that went on."""

    answers: Mapping[str, Any]
    attempt: int
    time_ms: int
    base: FrozenSet[str]


class Plan(NamedTuple):
    """What to do when the task is opened.

    ``take`` is put in place of what is here; ``offered`` are drafts of elsewhere to choose from,
    beside what is here. At most one of the two is given.
    """

    take: Optional[Told] = None
    offered: Sequence[Told] = ()


class Drafts:
    """The drafts of one task that were told and are not handed in."""

    def __init__(self, told: Iterable[Told], own: Iterable[str], handed_in: int) -> None:
        """Take what was told on any laptop; ``own`` are the names of those told here.

        ``handed_in`` is the latest attempt that was handed in: drafts of it are done with.
        """
        self._living = {one.name: one for one in told if one.attempt > handed_in}
        self._own = frozenset(own) & set(self._living)
        behind: Set[str] = set()
        for one in self._living.values():
            behind |= self._before(one)
        self.heads: List[Told] = sorted(
            (one for one in self._living.values() if one.name not in behind),
            key=lambda one: (one.time_ms, one.name),
            reverse=True,
        )
        """Those that nothing continues, the newest first."""

    def plan(self, here: Optional[Here]) -> Plan:
        """Decide what to open a task with."""
        if here is None or not here.answers:
            return _chosen(self._unlike({}))
        known = self._known(here)
        news = [one for one in self._unlike(here.answers) if one.name not in self._all(known)]
        if not news:
            return Plan()
        unchanged = any(_same(one, here) for one in known)
        newest = news[0]
        continued = {one.name for one in known} <= self._all([newest])
        if unchanged and continued and len(news) == 1:
            return Plan(take=newest)
        return Plan(offered=news)

    def is_told(self, here: Here) -> bool:
        """Tell whether another laptop would come to what is typed here by what was told."""
        known = self._known(here)
        if not known:
            return not here.answers
        return len(known) == 1 and _same(known[0], here)

    def continued_by(self, here: Here) -> List[str]:
        """Name what a record of what is here continues; what its device told before needs none."""
        names = (one.name for one in self._known(here) if one.name not in self._own)
        return sorted(names)[:MAX_AFTER]

    def _unlike(self, answers: Mapping[str, Any]) -> List[Told]:
        """Return the heads that say something else, each thing once."""
        found: List[Told] = []
        for head in self.heads:
            said = [answers, *(one.answers for one in found)]
            if head.answers and all(head.answers != one for one in said):
                found.append(head)
        return found

    def _known(self, here: Here) -> List[Told]:
        """Return what the draft here goes on from: none of it is behind another of it."""
        known = [
            one for name, one in self._living.items() if name in self._own or name in here.base
        ]
        behind: Set[str] = set()
        for one in known:
            behind |= self._before(one)
        return [one for one in known if one.name not in behind]

    def _all(self, told: Iterable[Told]) -> Set[str]:
        names: Set[str] = set()
        for one in told:
            names |= {one.name, *self._before(one)}
        return names

    def _before(self, one: Told) -> Set[str]:
        """Name all that a draft continues, directly or not."""
        found: Set[str] = set()
        waiting = [one]
        while waiting:
            at = waiting.pop()
            same = (x for x in self._living.values() if x.device == at.device and x.seq < at.seq)
            named = (self._living[name] for name in at.after if name in self._living)
            for before in (*same, *named):
                if before.name not in found and before.name != one.name:
                    found.add(before.name)
                    waiting.append(before)
        return found


def told_of(record: Record) -> Told:
    """Read a draft's record.

    Raises KeyError, TypeError, ValueError or RecordError for what the disk has damaged.
    """
    first = original(record)
    after = first.body.get(AFTER)
    names = [name for name in after if isinstance(name, str)] if isinstance(after, list) else []
    return Told(
        name=f"{first.device}.{first.seq}",
        device=first.device,
        seq=first.seq,
        answers=dict(first.body["answers"]),
        attempt=attempt_of(first.body),
        time_ms=milliseconds(record.time),
        after=frozenset(names[:MAX_AFTER]),
    )


def merged(
    taken: Mapping[str, Any], here: Optional[Mapping[str, Any]], kept: FrozenSet[str]
) -> Dict[str, Any]:
    """Return the answers of a draft that is taken, with what only this laptop has.

    ``kept`` are the questions answered here by files, which travel when the work is handed in.
    """
    only_here = {item: answer for item, answer in (here or {}).items() if item in kept}
    return {**only_here, **taken}


def _chosen(heads: Sequence[Told]) -> Plan:
    return Plan(take=heads[0]) if len(heads) == 1 else Plan(offered=heads)


def _same(one: Told, here: Here) -> bool:
    return one.answers == here.answers and one.attempt == here.attempt
