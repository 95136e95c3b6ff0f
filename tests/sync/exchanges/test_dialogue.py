from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Iterator, List

import pytest

from sync.errors import LinkError, MessageError, ReceiptError
from sync.exchanges.dialogue import (
    Outcome,
    apply_answer,
    exchange_all,
    exchange_once,
    plan_request,
    read_answer,
)
from sync.exchanges.exchange import ExchangeAnswer
from sync.journals.receipt import sign_receipt
from sync.journals.station import Station
from sync.kinds import SUBMISSION
from sync.message import Kind, make_message
from sync.record import Head
from tests.support.clock import IN_2003_MS, IN_2031_MS, NOW_MS, TurnableClock
from tests.support.model_server import BadRoad, ModelServer
from tests.support.records import identity, make_record
from tests.support.sync_device import Device

KEY_ID = "0123456789abcdef0123456789abcdef"


def test_work_reaches_the_school(device: Device, server: ModelServer) -> None:
    record = device.write()
    outcomes = exchange_all(device.parties(server), server, {})
    assert [outcome.covered for outcome in outcomes] == [True]
    assert server.journals[record.device] == [record]
    assert device.journal.state(1).station is Station.RECEIVED
    assert device.journal.state(1).received_ms == NOW_MS


def test_nothing_new_is_one_small_exchange(device: Device, server: ModelServer) -> None:
    device.write()
    exchange_all(device.parties(server), server, {})
    road = BadRoad(server)
    (outcome,) = exchange_all(device.parties(server), road, {KEY_ID: 4})
    assert road.requests == 1
    assert outcome.answer.receipt is None
    assert not outcome.moved


def test_a_long_journal_goes_in_several_requests(device: Device, server: ModelServer) -> None:
    for _ in range(12):
        device.write()
    seen: List[Outcome] = []
    exchange_all(device.parties(server), server, {}, each=seen.append, budget_bytes=900)
    assert len(seen) == 3
    assert len(server.journals[device.journal.device]) == 12
    assert device.journal.waiting_count() == 0


def test_one_at_a_time_the_last_is_not_left_behind(device: Device, server: ModelServer) -> None:
    for _ in range(3):
        device.write()
    outcomes = exchange_all(device.parties(server), server, {}, budget_bytes=1)
    assert len(outcomes) == 3
    assert device.journal.waiting_count() == 0


def test_the_others_records_come_in_parts(
    device: Device, server: ModelServer, tmp_path: Path
) -> None:
    other = Device(tmp_path / "other.db", "other")
    server.enrol(other.identity.public)
    for _ in range(7):
        other.write()
    exchange_all(other.parties(server), server, {})
    other.crash()
    outcomes = exchange_all(device.parties(server), server, {}, room_bytes=400)
    assert len(outcomes) > 2
    assert len(device.inbox.of_kind(SUBMISSION)) == 7


def test_a_lost_answer_costs_an_exchange_and_nothing_else(
    device: Device, server: ModelServer
) -> None:
    device.write()
    road = BadRoad(server, lambda: "answer lost")
    with pytest.raises(LinkError):
        exchange_once(device.parties(server), road, {})
    assert device.journal.state(1).station is Station.SENT
    exchange_all(device.parties(server), server, {})
    assert len(server.arrivals) == 1
    assert device.journal.state(1).station is Station.RECEIVED


@pytest.mark.parametrize(
    ("code", "station"),
    [
        ("link-unreachable", Station.SAVED),
        ("link-captive", Station.SAVED),
        ("link-lost", Station.SENT),
        ("link-stalled", Station.SENT),
    ],
)
def test_sent_is_only_said_of_what_may_have_gone_out(
    device: Device, server: ModelServer, code: str, station: Station
) -> None:
    class Broken:
        def exchange(self, request: bytes) -> bytes:
            raise LinkError(code)

    device.write()
    with pytest.raises(LinkError):
        exchange_once(device.parties(server), Broken(), {})
    assert device.journal.state(1).station is station


def test_a_late_answer_still_counts(device: Device, server: ModelServer) -> None:

    device.write()
    road = BadRoad(server, lambda: "answer lost")
    with pytest.raises(LinkError):
        exchange_once(device.parties(server), road, {})
    parties = device.parties(server)
    answer = read_answer(parties, road.late_answers[0])
    for expected in (True, False):
        outcome = apply_answer(
            device.db, parties.journal, parties.inbox, answer, server.identity.public
        )
        assert outcome.covered is expected
    assert device.journal.state(1).station is Station.RECEIVED


def test_a_late_answer_about_what_was_written_before_the_laptop_was_set_back_is_a_fork(
    device: Device, server: ModelServer, tmp_path: Path
) -> None:

    device.image(tmp_path / "image.db")
    device.write(task="then")
    road = BadRoad(server, lambda: "answer lost")
    with pytest.raises(LinkError):
        exchange_once(device.parties(server), road, {})
    device.restore(tmp_path / "image.db")
    device.write(task="now")
    parties = device.parties(server)
    answer = read_answer(parties, road.late_answers[0])
    assert answer.receipt is not None and answer.receipt.hash == b""
    answer = dataclasses.replace(answer, records=(make_record(1, "other"),))
    outcome = apply_answer(
        device.db, parties.journal, parties.inbox, answer, server.identity.public
    )
    assert outcome.problem is not None and outcome.problem.code == "journal-forked"
    assert len(outcome.records) == 1, "the rest of the answer counts"
    assert device.journal.waiting_count() == 1


def test_an_old_answer_on_the_way_does_not_turn_the_mark_back(
    device: Device, server: ModelServer
) -> None:
    parties = device.parties(server)
    parties.inbox.move_cursor("0.5")
    late = ExchangeAnswer(bytes(8), NOW_MS, since="0.1", cursor="0.3")
    apply_answer(device.db, parties.journal, parties.inbox, late, server.identity.public)
    assert device.inbox.cursor == "0.5"


class Swapping:
    """Brings the answer to an earlier request."""

    def __init__(self, server: ModelServer) -> None:
        self.server = server
        self.kept = b""

    def exchange(self, request: bytes) -> bytes:
        answer = self.server.exchange(request)
        answer, self.kept = self.kept or answer, answer
        return answer


def test_an_answer_to_another_request_is_refused(device: Device, server: ModelServer) -> None:
    road = Swapping(server)
    exchange_once(device.parties(server), road, {})
    with pytest.raises(MessageError) as caught:
        exchange_once(device.parties(server), road, {})
    assert caught.value.code == "message-misdirected"


def test_only_the_pinned_server_is_believed(device: Device, server: ModelServer) -> None:
    class Impostor:
        def exchange(self, request: bytes) -> bytes:
            payload = ExchangeAnswer(bytes(8), NOW_MS).to_payload()
            return make_message(
                Kind.EXCHANGE_ANSWER, payload, identity("impostor"), device.identity.public
            )

    with pytest.raises(MessageError) as caught:
        exchange_once(device.parties(server), Impostor(), {})
    assert caught.value.code == "device-unknown"


def test_a_forged_receipt_changes_nothing(device: Device, server: ModelServer) -> None:
    device.write()
    parties = device.parties(server)
    digest = parties.journal.head.hash
    forged = sign_receipt(identity("other"), parties.journal.device, Head(1, digest), NOW_MS)
    answer = ExchangeAnswer(
        bytes(8), NOW_MS, forged, (make_record(1, "other"),), since="", cursor="0.1"
    )
    with pytest.raises(ReceiptError):
        apply_answer(device.db, parties.journal, parties.inbox, answer, server.identity.public)
    assert device.journal.state(1).station is Station.SAVED
    assert device.inbox.of_kind(SUBMISSION) == ()
    assert device.inbox.cursor == ""


def test_a_laptop_that_went_back_in_time_is_noticed_and_loses_nothing(
    device: Device, server: ModelServer, tmp_path: Path
) -> None:
    other = Device(tmp_path / "other.db", "other")
    server.enrol(other.identity.public)
    other.write()
    exchange_all(other.parties(server), server, {})
    other.crash()
    device.write()
    device.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    device.crash()
    shutil.copy(device.path, tmp_path / "image.db")
    device.write()
    exchange_all(device.parties(server), server, {})
    device.crash()
    shutil.copy(tmp_path / "image.db", device.path)
    (outcome,) = exchange_all(device.parties(server), server, {})
    assert outcome.problem is not None
    assert outcome.problem.code == "journal-behind"
    assert len(device.inbox.of_kind(SUBMISSION)) == 1, "the rest of the answer counts"
    device.write(task="after")
    device.write(task="after")
    outcome = exchange_all(device.parties(server), server, {})[-1]
    assert outcome.problem is not None
    assert outcome.problem.code == "journal-forked"
    assert len(server.journals[device.journal.device]) == 2
    assert device.journal.waiting_count() == 3


def test_a_server_restored_from_yesterday_gets_it_all_again(
    device: Device, server: ModelServer
) -> None:
    device.write()
    exchange_all(device.parties(server), server, {})
    yesterday = server.backup()
    for _ in range(5):
        device.write()
    exchange_all(device.parties(server), server, {})
    server.restore(yesterday)
    device.write()
    exchange_all(device.parties(server), server, {}, budget_bytes=500)
    assert len(server.journals[device.journal.device]) == 7
    assert device.journal.first_unsent_seq == 8
    road = BadRoad(server)
    exchange_all(device.parties(server), road, {})
    assert road.requests == 1


@pytest.mark.parametrize("wrong_ms", [IN_2003_MS, IN_2031_MS])
def test_a_wrong_clock_is_right_after_the_first_exchange(
    device: Device, server: ModelServer, wrong_ms: int
) -> None:
    clock = TurnableClock(wrong_ms)
    device.clock = clock
    exchange_all(device.parties(server), server, {})
    device.crash()
    clock.time_ms += 5000
    assert device.write().time >> 16 == NOW_MS + 5000


def test_planning_writes_nothing(device: Device) -> None:
    device.write()
    before = device.db.total_changes
    request = plan_request(device.journal, "", {KEY_ID: 1})
    assert device.db.total_changes == before
    assert (request.first_seq, len(request.records)) == (1, 1)
    assert dataclasses.replace(request, catalogues={}) == plan_request(device.journal, "", {})


def test_a_server_that_keeps_asking_is_not_obeyed_forever(
    device: Device, server: ModelServer
) -> None:
    class Nagging(ModelServer):
        def mail(self, request):  # type: ignore[no-untyped-def]
            return (), "", True

    nagging = Nagging()
    nagging.enrol(device.identity.public)
    assert len(exchange_all(device.parties(nagging), nagging, {})) == 1


@pytest.fixture(autouse=True)
def _closed(device: Device) -> Iterator[None]:
    yield
    device.crash()


def test_a_late_answer_to_a_clone_hides_nothing_from_this_laptop(
    device: Device, server: ModelServer, tmp_path: Path
) -> None:
    other = Device(tmp_path / "other.db", "other")
    server.enrol(other.identity.public)
    device.image(tmp_path / "image")
    device.write(task="the clone's")
    device.sync(server)
    other.write(task="another's")
    other.sync(server)
    road = BadRoad(server, lambda: "answer lost")
    with pytest.raises(LinkError):
        device.sync(server, road)
    device.restore(tmp_path / "image")
    parties = device.parties(server)
    late = read_answer(parties, road.late_answers[0])
    for _ in range(2):
        apply_answer(parties.db, parties.journal, parties.inbox, late, parties.server, late=True)
    assert [one.body["task"] for one in device.shown()] == ["another's"]
    device.sync(server)
    device.write(task="mine")
    device.sync(server)
    assert {one.body["task"] for one in device.shown()} == {"the clone's", "another's", "mine"}
