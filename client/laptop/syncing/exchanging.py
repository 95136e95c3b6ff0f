"""The exchange of work: records up, receipts and others' records down, until nothing is new."""

from __future__ import annotations

import json
from typing import Callable, Dict, List, Mapping, Optional

from client.laptop.account import Problem, ReceiptNote, SyncAccount, SyncProgress
from client.laptop.attaching.offers import ask_again, note_marked, note_named
from client.laptop.errors import Fault
from client.laptop.machine import recovering
from client.laptop.machine.reporting import report as report_machine
from client.laptop.people.leavers import let_leavers_go, note_rosters
from client.laptop.people.people_news import learn_people
from client.laptop.people.vault_records import learn_vaults
from client.laptop.people.visiting import sweep
from client.laptop.problems import problem_of, sentence_for
from client.laptop.road import Road
from client.laptop.schoolwork.standing import standing
from client.laptop.storage import quarantine
from client.laptop.storage.tidying import tidy
from client.laptop.store import Store
from client.laptop.store import serials as catalogue_serials
from client.messages import Message
from sync.errors import CancelledError, SyncError
from sync.exchanges.dialogue import KNOWN, Outcome, Parties
from sync.exchanges.exchange import Exchanger
from sync.exchanges.healing import exchange_and_heal

ANNOUNCED = "objects.announced"
"""The setting that keeps what servers announced: what objects there are is known without asking."""
_HEARD = "publishers.heard"
"""The setting that keeps when publishers were last learnt: after which letter, at what time."""
_HEALED = ("journal-forked", KNOWN)
"""Codes about records of a fork: they are carried over, and count once."""

Report = Callable[[SyncProgress], None]
Cancel = Callable[[], bool]


def exchange(store: Store, road: Road, report: Report, cancel: Cancel) -> SyncAccount:
    """Exchange work; what earlier rounds brought counts though a later one fails."""
    report_machine(store)
    journal = store.journal()
    held_before = journal.received_seq
    outcomes: List[Outcome] = []
    problem = _rounds(store, road, report, cancel, outcomes)
    branched = follow_branch(store, journal.device)
    if branched is not None and problem is None and report_machine(store):
        # Restore software may be back before the next exchange.
        problem = _rounds(store, road, report, cancel, outcomes)
    for outcome in outcomes:
        learn(store, outcome)
    if outcomes:
        _keep_announced(store, outcomes)
    if branched is not None:
        journal, held_before = store.journal(), 0
    notice = recovering.notice(store, branched, outcomes)
    receipt = journal.last_receipt() if outcomes else None
    tidy(store)
    let_leavers_go(store)
    sweep(store)
    return SyncAccount(
        sentence=problem.sentence if problem else standing(store),
        records_sent=journal.received_seq - held_before,
        records_received=sum(len(outcome.records) for outcome in outcomes),
        receipt=ReceiptNote(receipt.seq, receipt.time_ms) if receipt else None,
        problem=problem,
        notice=notice,
    )


def _rounds(
    store: Store, road: Road, report: Report, cancel: Cancel, outcomes: List[Outcome]
) -> Optional[Problem]:
    try:
        exchanger = _Courteous(road, report, cancel)
        healed = exchange_and_heal(
            parties(store), exchanger, serials(store), store.clock, each=outcomes.append
        )
    except SyncError as error:
        return problem_of(error)
    failed = healed.outcomes[-1].problem if healed.outcomes else None
    return problem_of(failed) if failed is not None else None


def parties(store: Store) -> Parties:
    """Say who talks on this laptop's side, and where it keeps what it knows."""
    return Parties(
        store.database.connection,
        store.identity(),
        store.server(),
        store.journal(),
        store.inbox(),
    )


def follow_branch(store: Store, device: str) -> Optional[Message]:
    """Go on under the new identity where the journal branched off, and say so once."""
    store.follow_branch()
    if store.journal().device == device:
        return None
    return Message("status.branched")


def learn(store: Store, outcome: Outcome, letter: Optional[int] = None) -> None:
    """Keep what an answer says beside records: trusted publishers, refused records.

    ``letter`` is the number of the letter that was answered, if one was: it may have been on its
    way for long, so that later word counts.
    """
    answer = outcome.answer
    note_named(store, outcome.records)
    note_marked(store, outcome.records)
    if answer.publishers is not None:
        heard = [_last_letter(store) if letter is None else letter, answer.server_time_ms]
        if letter is None or heard >= json.loads(store.setting(_HEARD, "[-1, 0]")):
            _learn_publishers(store, answer.publishers)
            store.keep_settings({_HEARD: json.dumps(heard)})
    ask_again(store, answer.missing)
    learn_people(store, outcome.records)
    note_rosters(store, outcome.records)
    learn_vaults(store, outcome.records)
    if not answer.refused:
        return
    with store.database.transaction() as connection:
        for seq, code in answer.refused:
            if code in _HEALED:
                continue
            sentence = sentence_for("record-refused", str(seq))
            subject = f"record {seq}"
            problem = Problem("record-refused", Fault.THEIR_DATA, subject, sentence, code)
            quarantine.put(connection, problem)


def _learn_publishers(store: Store, publishers: Mapping[str, bytes]) -> None:
    membership = store.enrolled()
    store.keep_membership(membership.with_publishers(publishers))
    taken_back = set(membership.publishers) - set(publishers)
    with store.database.transaction() as connection:
        # Else the server would think that we have not heard.
        connection.executemany(
            "DELETE FROM publishers WHERE key_id = ?", [(name,) for name in taken_back]
        )


def _last_letter(store: Store) -> int:
    (number,) = store.database.connection.execute(
        "SELECT coalesce(max(number), 0) FROM sync_letter"
    ).fetchone()
    return int(number)


def _keep_announced(store: Store, outcomes: List[Outcome]) -> None:
    catalogues: Dict[str, int] = {}
    for outcome in outcomes:
        catalogues.update(outcome.answer.catalogues)
    if catalogues != announced(store):
        store.keep_settings({ANNOUNCED: json.dumps(catalogues, sort_keys=True)})


def note_announced(store: Store, outcome: Outcome) -> None:
    """Keep what a letter's answer announces, unless later word came since."""
    before = announced(store)
    catalogues = {
        name: max(serial, before.get(name, 0)) for name, serial in outcome.answer.catalogues.items()
    }
    if {**before, **catalogues} != before:
        store.keep_settings({ANNOUNCED: json.dumps({**before, **catalogues}, sort_keys=True)})


class _Courteous:
    """An exchanger that says what it does and asks before each exchange whether to go on."""

    def __init__(self, road: Exchanger, report: Report, cancel: Cancel) -> None:
        self._road = road
        self._report = report
        self._cancel = cancel

    def exchange(self, request: bytes) -> bytes:
        if self._cancel():
            raise CancelledError()
        self._report(SyncProgress(Message("road.exchange")))
        return self._road.exchange(request)


def serials(store: Store) -> Dict[str, int]:
    """Give the serial of each publisher's catalogue that was read here."""
    return catalogue_serials(store.database.connection)


def announced(store: Store) -> Dict[str, int]:
    """Give the serials that the server announced last, whether they were read since or not."""
    try:
        values = json.loads(store.setting(ANNOUNCED, "{}"))
    except ValueError:
        return {}
    return {str(name): int(serial) for name, serial in values.items()}
