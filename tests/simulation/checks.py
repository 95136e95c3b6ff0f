"""What must hold when the road has been good for a while."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import Dict, Iterable, List, NamedTuple, Sequence, Tuple

from sync.clock import MAX_AHEAD_MS, milliseconds
from sync.journals.branch import fact_digest, original
from sync.journals.compaction import REPLACEABLE
from sync.journals.dating import dated, stored_dates
from sync.journals.folds import Fold, Key, subject_of
from sync.journals.journal import Journal
from sync.kinds import CLOCK, DEVICE_REPORT
from sync.record import Record
from sync_server.records.routing import readers_for
from sync_server.relay.announcements import SAID_BY_SERVERS
from sync_server.verification import verify_journals
from tests.simulation.host import Host
from tests.simulation.machine import Laptop
from tests.simulation.oracle import Oracle

HEALED = ("record-known", "journal-forked")
"""Codes of refusals that are none: the fact is held under another name."""
State = Dict[Key, Tuple[bytes, ...]]


class Agreement(NamedTuple):
    """What was compared, and what was wrong; the sentences name the machine."""

    facts: int
    folds: int
    problems: Tuple[str, ...]
    fingerprint: str


def check(oracle: Oracle, laptops: Sequence[Laptop], hosts: Sequence[Host], top: Host) -> Agreement:
    """Compare everything with everything; ``top`` is the server above all others."""
    problems: List[str] = []
    for host in hosts:
        _check_host(oracle, host, host is top, problems)
    digest = sha256()
    folds = 0
    for laptop in laptops:
        state = _check_laptop(oracle, laptop, problems)
        digest.update(repr(sorted(state.items())).encode("utf-8"))
        folds += len(state)
    return Agreement(len(oracle.required), folds, tuple(problems), digest.hexdigest())


def _check_host(oracle: Oracle, host: Host, is_top: bool, problems: List[str]) -> None:
    """Each fact that was saved is here, once and as it was written, and nothing else is."""
    with host.store.transaction() as transaction:
        verify_journals(transaction, host.identity)
    kept = [record for record in host.kept() if record.kind not in SAID_BY_SERVERS]
    counted = Counter(map(fact_digest, kept))
    missing = oracle.required - set(counted)
    if not is_top:
        # What a laptop says of itself goes to its own server and up, never down.
        missing = {fact for fact in missing if oracle.written[fact].kind != DEVICE_REPORT}
    doubled = [fact for fact, count in counted.items() if count > 1]
    foreign = set(counted) - set(oracle.written)
    for what, facts in (("lacks", missing), ("counts twice", doubled)):
        for fact in sorted(facts)[:5]:
            problems.append(f"{host.name} {what} {oracle.written[fact]}")
        if facts:
            problems.append(f"{host.name} {what} {len(facts)} facts")
    if foreign:
        problems.append(f"{host.name} holds {len(foreign)} records that nobody wrote")


def _check_laptop(oracle: Oracle, laptop: Laptop, problems: List[str]) -> State:
    journal = laptop.journal
    if journal.waiting_count() or journal.received_seq != journal.head.seq:
        problems.append(f"{laptop.name} has {journal.waiting_count()} records without a receipt")
    refused = laptop.db.execute(
        "SELECT device, seq, code FROM sync_refused WHERE code NOT IN (?, ?)", HEALED
    ).fetchall()
    problems.extend(f"{laptop.name}: {one} was refused" for one in refused)
    problems.extend(f"{laptop.name}: {one} in quarantine" for one in laptop.inbox.quarantined())
    assert laptop.host is not None
    problems.extend(_of_tomorrow(laptop))
    shown = laptop.shown()
    there = _for(laptop, laptop.host)
    if laptop.compacted:
        problems.extend(_missed(laptop, shown, there, oracle))
        there = _without(there, shown)
    names_here, names_there = set(map(fact_digest, shown)), set(map(fact_digest, there))
    for missing in sorted(names_there - names_here)[:3]:
        problems.append(f"{laptop.name} was not told {missing.hex()}")
    own = laptop.facts
    for record in shown:
        surplus = fact_digest(record) not in names_there and fact_digest(record) not in own
        if surplus and not oracle.is_destroyed(record):
            problems.append(f"{laptop.name} knows {original(record)}, the server does not")
            break
    common = names_here & names_there
    here = _state(record for record in shown if fact_digest(record) in common)
    told = _state(record for record in there if fact_digest(record) in common)
    problems.extend(_differences(laptop, here, told))
    return here


def _of_tomorrow(laptop: Laptop) -> Iterable[str]:
    """What a wrong clock wrote here must not win for years over what comes after it."""
    counted = stored_dates(laptop.db).counted
    for device in laptop.devices():
        journal = Journal.of_device(laptop.db, device, laptop.clock)
        for record in journal.all():
            received_ms = journal.state(record.seq).received_ms
            claimed_ms = milliseconds(counted(record).time)
            if record.kind != CLOCK and received_ms and claimed_ms > received_ms + MAX_AHEAD_MS:
                yield f"{laptop.name} counts what came at {received_ms} as of {claimed_ms}"
                return


def _missed(
    laptop: Laptop, shown: List[Record], there: List[Record], oracle: Oracle
) -> Iterable[str]:
    """What counts must be here also where what it replaced has left.

    What the server lost for good, and what is here still, may have replaced it as well.
    """
    names = set(map(fact_digest, there))
    known = [one for one in shown if fact_digest(one) in names or oracle.is_destroyed(one)]
    here, told = Fold(dated(known)), Fold(dated(there))
    for subject, history in told.state().items():
        latest = here.latest(subject)
        if latest is None or not (_same(latest, history[-1]) or _replaced(history[-1], latest)):
            yield f"{laptop.name} let go of what counts for {subject}"
        seen = [any(one.body.get("seen") for one in fold.history(subject)) for fold in (here, told)]
        if seen[1] and not seen[0]:
            yield f"{laptop.name} forgot that {subject} was seen"


def _same(one: Record, other: Record) -> bool:
    return fact_digest(one) == fact_digest(other)


def _replaced(record: Record, later: Record) -> bool:
    return _same(Fold([record, later]).history(subject_of(later))[-1], later)


def _without(there: List[Record], shown: List[Record]) -> List[Record]:
    """Leave out what may have left the laptop: replaced records of replaceable kinds."""
    here = set(map(fact_digest, shown))
    return [
        record for record in there if record.kind not in REPLACEABLE or fact_digest(record) in here
    ]


def _differences(laptop: Laptop, here: State, told: State) -> Iterable[str]:
    more = [key for key, history in here.items() if len(history) > len(told.get(key, ()))]
    if more:
        yield f"{laptop.name} counts a fact twice in {more[0]} and {len(more) - 1} more subjects"
    other = [key for key in sorted(set(here) | set(told)) if here.get(key) != told.get(key)]
    latest = [key for key in other if here.get(key, (b"",))[-1] != told.get(key, (b"",))[-1]]
    if other:
        yield (
            f"{laptop.name} folds {len(other)} of {len(told)} subjects differently"
            f" ({len(latest)} with another latest), such as {(latest or other)[0]}"
        )


def _for(laptop: Laptop, host: Host) -> List[Record]:
    """What the server passes on about a laptop's people, whoever wrote it."""
    with host.store.transaction() as transaction:
        readers = readers_for(transaction.granted(laptop.identity.public.device_id))
        deliveries = transaction.deliveries(readers, "", 0, 1 << 40)
    return [one.record for one in deliveries]


def _state(records: Iterable[Record]) -> State:
    return {
        subject: tuple(map(fact_digest, history))
        for subject, history in Fold(dated(list(records))).state().items()
    }
