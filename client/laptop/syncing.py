"""One sync: exchange work until neither side has more, then fetch lessons."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Callable, Dict, List, Optional, Tuple

from client.laptop import quarantine
from client.laptop.account import (
    Problem,
    ReceiptNote,
    SyncAccount,
    SyncProgress,
    SyncStatus,
)
from client.laptop.errors import Fault
from client.laptop.library import Library
from client.laptop.lock import Busy, held
from client.laptop.problems import failure, problem_of, sentence_for
from client.laptop.road import Road
from client.laptop.store import Store
from client.messages import Message
from client.messages.moment import Moment
from sync.dialogue import KNOWN, Outcome, Parties
from sync.errors import CancelledError, SyncError
from sync.exchange import Exchanger
from sync.healing import exchange_and_heal
from sync.kinds import MARK, SUBMISSION

WORK_KINDS = (SUBMISSION, MARK)
LOCK = "sync.lock"
NOTICE_MS = 7 * 24 * 3600 * 1000
"""How long it is told that this laptop goes on under a new identity."""
_HEALED = ("journal-forked", KNOWN)
"""Codes about records of a fork: they are carried over, and count once."""

Report = Callable[[SyncProgress], None]
Cancel = Callable[[], bool]


class Syncing:
    """Syncs one laptop, and tells how things stand between syncs."""

    def __init__(self, store: Store, library: Library, reach: Callable[[str], Road]) -> None:
        self._store = store
        self._library = library
        self._reach = reach

    def status(self) -> SyncStatus:
        """Read how things stand from the database."""
        membership = self._store.membership
        if membership is None or not membership.enrolled:
            return SyncStatus(0, None, None, Message("status.never"))
        attempt = self._store.setting("sync.attempt_ms")
        receipt = self._store.journal().last_receipt()
        return SyncStatus(
            waiting=self._waiting(),
            last_received_ms=receipt.time_ms if receipt else None,
            last_attempt_ms=int(attempt) if attempt else None,
            sentence=self._sentence(),
            problem=_problem_from(self._store.setting("sync.problem")),
            set_aside=quarantine.listing(self._store.database.connection),
            notice=self._branched(),
        )

    def run(self, report: Report, cancel: Cancel) -> SyncAccount:
        """Sync once. A second sync at the same time, by whichever programme, is turned away."""
        self._store.enrolled()
        try:
            with held(self._store.folder / LOCK):
                account = self._run(report, cancel)
                self._note(account.problem)
        except Busy:
            busy = failure("sync-busy", Fault.YOUR_DATA)
            account = SyncAccount(busy.message, problem=problem_of(busy))
        except OSError as error:
            problem = problem_of(error)
            account = SyncAccount(problem.sentence, problem=problem)
        return account

    def _run(self, report: Report, cancel: Cancel) -> SyncAccount:
        try:
            road = self._reach(self._store.enrolled().address)
        except SyncError as error:
            problem = problem_of(error)
            return SyncAccount(problem.sentence, problem=problem)
        try:
            account, catalogues = self._exchange(road, report, cancel)
            if account.problem is None or account.problem.fault is not Fault.LINK:
                account = self._fetch(account, catalogues, road, report, cancel)
            return replace(
                account,
                requests=road.requests,
                sent_bytes=road.sent_bytes,
                received_bytes=road.received_bytes,
            )
        finally:
            road.close()

    def _exchange(
        self, road: Road, report: Report, cancel: Cancel
    ) -> Tuple[SyncAccount, Dict[str, int]]:
        """Exchange work; what earlier rounds brought counts though a later one fails."""
        journal = self._store.journal()
        held_before = journal.received_seq
        outcomes: List[Outcome] = []
        problem = None
        try:
            parties = Parties(
                self._store.database.connection,
                self._store.identity(),
                self._store.server(),
                journal,
                self._store.inbox(),
            )
            exchanger = _Courteous(road, report, cancel)
            healed = exchange_and_heal(
                parties, exchanger, serials(self._store), self._store.clock, each=outcomes.append
            )
            if healed.outcomes and healed.outcomes[-1].problem is not None:
                problem = problem_of(healed.outcomes[-1].problem)
        except SyncError as error:
            problem = problem_of(error)
        for outcome in outcomes:
            self._learn(outcome)
        notice = self._follow_branch(journal.device)
        if notice is not None:
            journal, held_before = self._store.journal(), 0
        receipt = journal.last_receipt() if outcomes else None
        account = SyncAccount(
            sentence=problem.sentence if problem else self._sentence(),
            records_sent=journal.received_seq - held_before,
            records_received=sum(len(outcome.records) for outcome in outcomes),
            receipt=ReceiptNote(receipt.seq, receipt.time_ms) if receipt else None,
            problem=problem,
            notice=notice,
        )
        catalogues: Dict[str, int] = {}
        for outcome in outcomes:
            catalogues.update(outcome.answer.catalogues)
        return account, catalogues

    def _follow_branch(self, device: str) -> Optional[Message]:
        """Go on under the new identity where the journal branched off, and say so once."""
        self._store.follow_branch()
        if self._store.journal().device == device:
            return None
        self._store.keep_settings({"sync.branched_ms": str(self._store.now_ms())})
        return Message("status.branched")

    def _learn(self, outcome: Outcome) -> None:
        """Keep what an answer says beside records: trusted publishers, refused records."""
        answer = outcome.answer
        if answer.publishers is not None:
            membership = self._store.enrolled()
            self._store.keep_membership(membership.with_publishers(answer.publishers))
        if not answer.refused:
            return
        with self._store.database.transaction() as connection:
            for seq, code in answer.refused:
                if code in _HEALED:
                    continue
                sentence = sentence_for("record-refused", str(seq))
                subject = f"record {seq}"
                problem = Problem("record-refused", Fault.THEIR_DATA, subject, sentence, code)
                quarantine.put(connection, problem)

    def _fetch(
        self,
        account: SyncAccount,
        catalogues: Dict[str, int],
        road: Road,
        report: Report,
        cancel: Cancel,
    ) -> SyncAccount:
        from client.laptop.supply import Supply

        delivery = Supply(self._store, self._library, road, report, cancel).run(catalogues)
        return replace(
            account,
            packs_installed=tuple(delivery.installed),
            set_aside=tuple(delivery.set_aside),
            problem=account.problem or delivery.problem,
        )

    def _note(self, problem: Optional[Problem]) -> None:
        self._store.keep_settings(
            {
                "sync.attempt_ms": str(self._store.now_ms()),
                "sync.problem": json.dumps(problem.as_json()) if problem else "",
            }
        )

    def _branched(self) -> Optional[Message]:
        branched = self._store.setting("sync.branched_ms")
        if not branched or self._store.now_ms() - int(branched) > NOTICE_MS:
            return None
        return Message("status.branched")

    def _waiting(self) -> int:
        journal = self._store.journal()
        return sum(journal.waiting_count(kind) for kind in WORK_KINDS)

    def _sentence(self) -> Message:
        journal = self._store.journal()
        works = journal.waiting_count(SUBMISSION)
        marks = journal.waiting_count(MARK)
        if works or marks:
            key = "status.waiting" if works else "status.waiting-marks"
            return Message(key, {"n": works or marks})
        received_ms = self._last_work_received_ms()
        if received_ms is None:
            return Message("status.nothing")
        return Message("status.received", {"time": Moment(received_ms)})

    def _last_work_received_ms(self) -> Optional[int]:
        """When the school received the last work or mark: later receipts may cover less."""
        journal = self._store.journal()
        seqs = [journal.of_kind(kind)[-1:] for kind in WORK_KINDS]
        last = max((record.seq for records in seqs for record in records), default=0)
        return journal.state(last).received_ms if last else None


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


def _problem_from(text: str) -> Optional[Problem]:
    if not text:
        return None
    values = json.loads(text)
    sentence = sentence_for(values["code"], values["subject"])
    fault = Fault(values["fault"])
    return Problem(values["code"], fault, values["subject"], sentence, values["detail"])


def serials(store: Store) -> Dict[str, int]:
    """Give the serial of each publisher's catalogue that was read here."""
    return dict(
        store.database.connection.execute("SELECT key_id, catalogue_serial FROM publishers")
    )
