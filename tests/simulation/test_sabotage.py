"""The simulation can fail: each sabotage of the code is noticed within a few small months."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Tuple

import pytest

from sync.errors import SyncError
from sync.exchanges import dialogue, healing
from sync.exchanges.dialogue import Outcome, exchange_all
from sync.exchanges.healing import Healed
from sync.journals.folds import Fold
from sync.journals.inbox import Inbox
from sync.journals.journal import Journal
from sync.journals.lineage import Lineage
from sync.record import Record
from sync.sticks import questions, replies
from sync.sticks.own_copy import Recovered
from sync_server.errors import DataFolderError
from sync_server.exchanges import intake
from sync_server.store.sqlite import SqliteTransaction
from tests.simulation import letters, machine
from tests.simulation.month import UNLUCKY, run

SEEDS = (3, 0, 1, 2, 189, 4, 5, 6, 7)
Sabotage = Callable[[pytest.MonkeyPatch], None]


def carried_facts_count_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(intake, "repetition", lambda *_: None)


def nobody_heals(patch: pytest.MonkeyPatch) -> None:
    def exchange_only(parties: Any, road: Any, known: Any, clock: Any) -> Healed:
        return Healed(parties, exchange_all(parties, road, known))

    patch.setattr(machine, "exchange_and_heal", exchange_only)


def a_branch_leaves_its_records_behind(patch: pytest.MonkeyPatch) -> None:
    def adopt(self: Lineage, child: Any, parent: Any, shared_seq: int) -> int:
        return honest(self, child, parent, 1 << 40)

    honest = Lineage.adopt
    patch.setattr(Lineage, "adopt", adopt)


def nothing_is_sent_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Journal, "request_resend", lambda *_: None)


def a_receipt_goes_out_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    """The server loses what it has just given a receipt for, and thinks that it did not."""

    def set_journal_end(self: SqliteTransaction, device: str, end: Any) -> None:
        honest(self, device, end)
        if end.seq % 7 == 0:
            self._connection.execute(
                "DELETE FROM records WHERE device = ? AND seq = ?", (device, end.seq)
            )

    honest = SqliteTransaction.set_journal_end
    patch.setattr(SqliteTransaction, "set_journal_end", set_journal_end)


def an_answer_is_written_in_pieces(patch: pytest.MonkeyPatch) -> None:
    """The mark is on the disk before the records are."""

    def apply(db: Any, journal: Journal, inbox: Inbox, answer: Any, server: Any) -> Outcome:
        if answer.cursor:
            inbox.move_cursor(answer.cursor)
        return honest(db, journal, inbox, answer, server)

    honest = dialogue.apply_answer
    patch.setattr(dialogue, "apply_answer", apply)


def folds_go_by_arrival(patch: pytest.MonkeyPatch) -> None:
    def add(self: Fold, record: Record) -> bool:
        self.added = getattr(self, "added", 0) + 1
        return honest(self, record.counted_at(self.added))

    honest = Fold.add
    patch.setattr(Fold, "add", add)


def a_restored_server_is_believed_to_know_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(healing, "_forgotten", lambda *_: False)


def nobody_takes_own_copies_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(letters, "recover", lambda parties, *_: Recovered(parties))


def letters_claim_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(questions, "MAX_CLAIMS", 0)


def a_contradiction_by_letter_is_passed_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(replies._Reading, "_held_seq", lambda _: None)


def nobody_speaks_of_wrong_clocks(patch: pytest.MonkeyPatch) -> None:
    for place in (dialogue, healing):
        patch.setattr(place, "say_when", lambda *_: ())


SABOTAGES: Tuple[Sabotage, ...] = (
    carried_facts_count_again,
    nobody_heals,
    a_branch_leaves_its_records_behind,
    nothing_is_sent_again,
    a_receipt_goes_out_before_the_commit,
    an_answer_is_written_in_pieces,
    folds_go_by_arrival,
    a_restored_server_is_believed_to_know_all,
    nobody_takes_own_copies_back,
    letters_claim_nothing,
    a_contradiction_by_letter_is_passed_over,
    nobody_speaks_of_wrong_clocks,
)


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda one: one.__name__)
def test_it_is_noticed(sabotage: Sabotage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sabotage(monkeypatch)
    noticed: Dict[int, str] = {}
    for seed in SEEDS:
        (tmp_path / str(seed)).mkdir()
        try:
            report = run(UNLUCKY, seed, tmp_path / str(seed))
        except (AssertionError, SyncError, DataFolderError) as error:
            noticed[seed] = str(error)
        else:
            if report.agreement.problems:
                noticed[seed] = report.agreement.problems[0]
        if noticed:
            print(noticed)
            return
    raise AssertionError("nobody noticed")


def test_without_sabotage_the_same_months_agree(tmp_path: Path) -> None:
    for seed in SEEDS[:2]:
        (tmp_path / str(seed)).mkdir()
        assert run(UNLUCKY, seed, tmp_path / str(seed)).agreement.problems == ()
