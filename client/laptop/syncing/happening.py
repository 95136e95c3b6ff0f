"""What happens, or why nothing happens: a pure function from how things stand to one sentence.

`gather` reads how things stand; `happening` decides.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Mapping, Optional, Sequence

from client.laptop.account import Happening, Left, Problem, SyncProgress
from client.laptop.errors import Fault
from client.laptop.nearby.addresses import Addresses
from client.laptop.nearby.nearby import NOBODY
from client.laptop.packs.library import Library
from client.laptop.schoolwork.standing import waiting
from client.laptop.store import Store
from client.laptop.syncing.link import Link, Verdict
from client.laptop.syncing.link_words import comes, megabytes, takes
from client.laptop.syncing.under_way import under_way
from client.messages import Message
from client.messages.moment import Moment
from sync.link.rules import Value

NOT_ENROLLED, UNDER_WAY = "not-enrolled", "under-way"
WORK_WAITS, OBJECTS_WAIT, ALL_DONE = "work-waits", "objects-wait", "all-done"
BY_STICK = "by-stick"
NO_LINK, LOGIN_PAGE = "no-link", "login-page"
SERVER_BUSY, SERVER_FAILED, DISK_FULL = "server-busy", "server-failed", "disk-full"
PROBLEM = "problem"

NEXT_TRY = "sync.next_ms"
OBJECTS_LEFT = "objects.left"
LATE_MS = 60_000
"""A try that is overdue by more was planned by a programme that has ended."""

_STATES: Mapping[str, str] = {
    "link-captive": LOGIN_PAGE,
    "server-busy": SERVER_BUSY,
    "server-full": SERVER_BUSY,
    "server-failed": SERVER_FAILED,
    "disk-full": DISK_FULL,
}
_PASSING = frozenset({"sync-busy", "cancelled"})
"""What ended a try and says nothing about the next one."""


@dataclass(frozen=True)
class Facts:
    """How things stand.

    ``work`` and ``objects`` are what the link's rules say of work and of the most valuable objects
    that wait; ``answered_ms`` is when the school answered last; ``next_try_s`` how long it is until
    the next try (None: nobody tries, since the programme is not open). ``now`` is what is under way
    in this programme or another one, and ``left_s`` how long it takes (None: nobody knows).
    ``by_stick`` tells that no server's address is known here: only sticks go to and fro.
    """

    enrolled: bool
    now_ms: int
    work_waiting: int
    objects_waiting: bool
    work: Verdict
    objects: Verdict
    problem: Optional[Problem] = None
    answered_ms: Optional[int] = None
    next_try_s: Optional[float] = None
    now: Optional[SyncProgress] = None
    left_s: Optional[float] = None
    by_stick: bool = False


def happening(facts: Facts) -> Happening:
    """Say what happens."""
    if not facts.enrolled:
        return Happening(NOT_ENROLLED, Message("status.never"))
    if facts.now is not None:
        return Happening(UNDER_WAY, _progress(facts.now, facts.left_s))
    if facts.by_stick:
        return Happening(BY_STICK, Message("link.now.by-stick"))
    found = _forbidden(facts.work) or _failed(facts) or _waits(facts)
    if facts.next_try_s is None:
        return found
    return replace(found, next_try_ms=facts.now_ms + int(facts.next_try_s * 1000))


def _progress(now: SyncProgress, left_s: Optional[float]) -> Message:
    left_bytes = now.total_bytes - now.done_bytes
    if left_bytes <= 0 or left_s is None:
        return Message("link.now.under-way", {"what": now.sentence})
    left = Message("link.left", {"size": megabytes(left_bytes), "time": takes(left_s)})
    return Message("link.now.under-way-left", {"what": now.sentence, "left": left})


def _forbidden(verdict: Verdict) -> Optional[Happening]:
    if verdict.reason is None:
        return None
    return Happening(verdict.code, verdict.reason, verdict.until_ms)


def _failed(facts: Facts) -> Optional[Happening]:
    problem = facts.problem
    if problem is None or problem.code in _PASSING:
        return None
    values = {"next": comes(facts.next_try_s)}
    state = _STATES.get(problem.code)
    if state is None and problem.fault is not Fault.LINK:
        return Happening(PROBLEM, problem.sentence)
    if state is not None:
        return Happening(state, Message("link.now." + state, values))
    if facts.answered_ms is None:
        return Happening(NO_LINK, Message("link.now.no-link-yet", values))
    answered = {"time": Moment(facts.answered_ms), **values}
    return Happening(NO_LINK, Message("link.now.no-link", answered))


def _waits(facts: Facts) -> Happening:
    values = {"next": comes(facts.next_try_s)}
    if facts.work_waiting:
        return Happening(WORK_WAITS, Message("link.now.work-waits", values))
    if not facts.objects_waiting:
        return Happening(ALL_DONE, Message("link.now.all-done", values))
    forbidden = _forbidden(facts.objects)
    return forbidden or Happening(OBJECTS_WAIT, Message("link.now.objects-wait", values))


def gather(
    store: Store,
    library: Library,
    link: Link,
    problem: Optional[Problem],
    next_try_s: Optional[float] = None,
) -> Facts:
    """Read how things stand. Without ``next_try_s`` it is what another programme has planned."""
    membership = store.membership
    now_ms = store.now_ms()
    work = link.verdict(Value.WORK)
    if membership is None or not membership.enrolled:
        return Facts(False, now_ms, 0, False, work, work)
    value = _objects_waiting(store, library)
    answered = store.setting("sync.answered_ms")
    now = under_way(store)
    return Facts(
        enrolled=True,
        now_ms=now_ms,
        work_waiting=waiting(store),
        objects_waiting=value is not None,
        work=work,
        objects=_without_room(store) or link.verdict(value or Value.TEXT),
        problem=problem,
        answered_ms=int(answered) if answered else None,
        next_try_s=next_try_s if next_try_s is not None else _planned_s(store, now_ms),
        now=now,
        left_s=link.duration_s(now.total_bytes - now.done_bytes) if now else None,
        by_stick=not Addresses(store, NOBODY).known,
    )


def left_for_room(left: Sequence[Left]) -> str:
    """Return for keeping why videos wait for somebody, and not for a rule of the link."""
    found = next((one.sentence for one in left if one.sentence.key in _WAITING_FOR_SOMEBODY), None)
    return json.dumps([found.key, dict(found.values)]) if found else ""


_WAITING_FOR_SOMEBODY = ("videos.paused", "videos.no-room")


def _without_room(store: Store) -> Optional[Verdict]:
    try:
        key, values = json.loads(store.setting(OBJECTS_LEFT) or "null") or ("", {})
    except ValueError:
        return None
    if key not in _WAITING_FOR_SOMEBODY:
        return None
    return Verdict(False, Message(key, values), code=key.replace(".", "-"))


def _objects_waiting(store: Store, library: Library) -> Optional[Value]:
    """Give the value of the most valuable objects that are still to come; None: all are here."""
    rows = store.database.connection.execute(
        "SELECT pack, version FROM wanted WHERE complete = 0"
    ).fetchall()
    current = library.current() if rows else {}
    if any(current.get(pack, 0) < version for pack, version in rows):
        return Value.TEXT
    return Value.MEDIA if rows else None


def _planned_s(store: Store, now_ms: int) -> Optional[float]:
    planned = store.setting(NEXT_TRY)
    wait_ms = int(planned) - now_ms if planned else -LATE_MS
    return max(0.0, wait_ms / 1000) if wait_ms > -LATE_MS else None
