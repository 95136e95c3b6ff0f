"""Drafts that follow their person to another laptop, and what came of them there.

``draft_heads`` decides; here it is read from and written to the laptop. A draft is told when its
task is left, and only if what is typed differs from what was told last.
"""

from __future__ import annotations

import contextlib
import json
from typing import Any, Dict, FrozenSet, List, NamedTuple, Optional, Tuple

from client.laptop.attaching.attachments import Attachments
from client.laptop.schoolwork import draft_heads
from client.laptop.schoolwork.desk import Desk
from client.laptop.schoolwork.draft_heads import AFTER, Drafts, Here, Told, told_of
from client.laptop.schoolwork.drafts import DraftKey
from client.laptop.schoolwork.works import attempt_fields, attempt_of
from client.laptop.store import Store
from sync.errors import RecordError
from sync.kinds import DRAFT, SUBMISSION
from sync.record import Record

HERE = ""
"""The name of the draft that lies on this laptop."""
_BASE = "draft.base."
_UNREADABLE = (KeyError, TypeError, ValueError, RecordError)
TaskKey = Tuple[str, str, str]


class OfferedDraft(NamedTuple):
    """One of several drafts of a task; ``name`` chooses it, and is `HERE` for this laptop's own."""

    name: str
    answers: Dict[str, Any]
    time_ms: int


class TravellingDrafts:
    """Tells drafts to a person's other laptops, and takes theirs."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk
        self._attachments = Attachments(store)

    def look(self, key: DraftKey) -> Tuple[OfferedDraft, ...]:
        """Take what was typed elsewhere since; return all drafts where the person must choose.

        Empty where nothing is to be chosen: then the draft is there as ever.
        """
        told, here = self._told(key), self._here(key)
        plan = told.plan(here)
        if plan.take is not None:
            self._take(key, plan.take, here)
        if not plan.offered:
            return ()
        own = [OfferedDraft(HERE, dict(here.answers), here.time_ms)] if here is not None else []
        return (*own, *(OfferedDraft(o.name, dict(o.answers), o.time_ms) for o in plan.offered))

    def choose(self, key: DraftKey, name: str) -> None:
        """Go on with one of the drafts that were offered; the others are told to be replaced."""
        told, here = self._told(key), self._here(key)
        chosen = next((one for one in told.heads if one.name == name), None)
        if chosen is not None:
            self._take(key, chosen, here)
        self._keep_base(key, [one.name for one in told.heads])
        self.tell(key)

    def tell(self, key: DraftKey) -> bool:
        """Tell the person's other laptops what is typed here; return whether that is news."""
        here = self._here(key)
        if here is None:
            return False
        told = self._told(key)
        if told.is_told(here):
            return False
        body: Dict[str, Any] = {
            "pack": key.pack,
            "lesson": key.lesson,
            "task": key.task,
            "answers": dict(here.answers),
            **attempt_fields(here.attempt, ""),
        }
        after = told.continued_by(here)
        if after:
            body[AFTER] = after
        with contextlib.suppress(RecordError), self._store.database.transaction():
            # One that is too large for a record stays on this laptop.
            self._store.journal().append(key.person, DRAFT, body)
            return True
        return False

    def tell_all(self, person: str) -> int:
        """Tell all that somebody typed and did not hand in; return how many drafts were news."""
        return sum(self.tell(DraftKey(person, *task)) for task in self._desk.begun(person))

    def begun(self, person: str) -> FrozenSet[TaskKey]:
        """List the tasks with a draft on whichever laptop, as (pack, lesson, task)."""
        handed_in = self._handed_in(person)
        tasks: Dict[TaskKey, List[Told]] = {}
        for record in self._records(person):
            with contextlib.suppress(*_UNREADABLE):
                tasks.setdefault(_task_of(record), []).append(told_of(record))
        elsewhere = {
            task
            for task, told in tasks.items()
            if any(one.answers for one in Drafts(told, (), handed_in.get(task, 0)).heads)
        }
        return self._desk.begun(person) | elsewhere

    def _take(self, key: DraftKey, taken: Told, here: Optional[Here]) -> None:
        before = here.answers if here is not None else {}
        only_here = frozenset(item for item, given in before.items() if self._is_file(given))
        answers = draft_heads.merged(taken.answers, before, only_here)
        # In this order: should the machine stop between the two, the drafts are offered again.
        self._desk.save_draft(key, answers, taken.attempt)
        self._keep_base(key, [taken.name])

    def _is_file(self, answer: Any) -> bool:
        return isinstance(answer, (list, tuple)) and bool(
            self._attachments.for_record({"": list(answer)})
        )

    def _told(self, key: DraftKey) -> Drafts:
        own = {(one.device, one.seq) for one in self._store.journal().of_kind(DRAFT, key.person)}
        told: List[Told] = []
        names: List[str] = []
        for record in self._records(key.person):
            with contextlib.suppress(*_UNREADABLE):
                if _task_of(record) == key[1:]:
                    told.append(told_of(record))
                    names += [told[-1].name] if (record.device, record.seq) in own else []
        return Drafts(told, names, self._handed_in(key.person).get(key[1:], 0))

    def _records(self, person: str) -> List[Record]:
        own = self._store.journal().of_kind(DRAFT, person)
        return [*own, *self._store.inbox().of_kind(DRAFT, person)]

    def _handed_in(self, person: str) -> Dict[TaskKey, int]:
        """Return the latest attempt that was handed in on whichever laptop, by task."""
        latest: Dict[TaskKey, int] = {}
        for record in (
            *self._store.journal().of_kind(SUBMISSION, person),
            *self._store.inbox().of_kind(SUBMISSION, person),
        ):
            with contextlib.suppress(*_UNREADABLE):
                task = _task_of(record)
                latest[task] = max(latest.get(task, 0), attempt_of(record.body))
        return latest

    def _here(self, key: DraftKey) -> Optional[Here]:
        row = self._store.database.connection.execute(
            "SELECT time_ms FROM drafts WHERE person = ? AND pack = ? AND lesson = ? AND task = ?",
            key,
        ).fetchone()
        if row is None:
            return None
        answers = self._desk.draft(key)
        return Here(answers, self._desk.attempt(key), int(row[0]), self._base(key))

    def _base(self, key: DraftKey) -> FrozenSet[str]:
        try:
            return frozenset(
                str(name) for name in json.loads(self._store.setting(_name(key), "[]"))
            )
        except (ValueError, TypeError):
            return frozenset()

    def _keep_base(self, key: DraftKey, names: List[str]) -> None:
        self._store.keep_settings({_name(key): json.dumps(names)})


def _name(key: DraftKey) -> str:
    return _BASE + json.dumps(key, ensure_ascii=False, separators=(",", ":"))


def _task_of(record: Record) -> TaskKey:
    return record.body["pack"], record.body["lesson"], record.body["task"]
