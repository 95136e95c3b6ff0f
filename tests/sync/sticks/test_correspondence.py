"""Letters of one device to a server in memory; months of whole schools are in tests/simulation."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator, List

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.attachments.offer import GoOn, Offer, OfferRequest
from sync.clock import milliseconds
from sync.journals.station import Station
from sync.message import Kind
from sync.sticks import correspondence, questions
from sync.sticks.correspondence import (
    note_left,
    own_devices,
)
from sync.sticks.letter import Letter, LetterKind
from tests.support.examples import examples
from tests.support.letters import Correspondent, Pocket, spent, visit_server
from tests.support.model_post import answer_letter
from tests.support.model_server import ModelServer
from tests.support.sync_device import Device

FILE = "f" * 64


@pytest.fixture
def laptop(device: Device, server: ModelServer) -> Correspondent:
    return Correspondent(device, server)


@pytest.fixture
def teacher(tmp_path: Path, server: ModelServer) -> Iterator[Correspondent]:
    device = Device(tmp_path / "teacher.db", "teacher")
    server.enrol(device.identity.public)
    yield Correspondent(device, server)
    device.crash()


def kinds(up: bytes) -> list[int]:
    return [message[3] for message in Letter.from_bytes(up, LetterKind.UP).messages]


def test_a_laptop_that_never_branched_has_one_box(laptop: Correspondent) -> None:
    parties = laptop.device.parties(laptop.server)
    assert own_devices(parties, laptop.device.clock) == (parties.journal.device,)


def test_work_goes_by_letter_and_its_receipt_comes(laptop: Correspondent) -> None:
    records = [laptop.device.write() for _ in range(3)]
    journal = laptop.device.journal
    written = laptop.write()
    assert written.last_seq == 3 and written.own and kinds(written.up) == [1]
    assert journal.state(3).station is Station.SENT
    applied = laptop.apply(answer_letter(laptop.server, written.up))
    assert applied.ours and not applied.problems and not applied.branches
    assert [one.covered for one in applied.outcomes] == [True]
    assert journal.received_seq == 3
    assert laptop.server.arrivals == records


def test_a_letter_that_nobody_took_leaves_work_where_it_is(laptop: Correspondent) -> None:
    laptop.device.write()
    parties = laptop.device.parties(laptop.server)
    written = correspondence.write_letter(parties, {}, laptop.device.clock)
    assert laptop.device.journal.state(1).station is Station.SAVED
    note_left(parties, written)
    assert laptop.device.journal.state(1).station is Station.SENT


def test_a_letter_without_records_copies_nothing(laptop: Correspondent) -> None:
    written = laptop.write()
    assert written.own == b"" and written.own_name == "" and written.last_seq == 0
    assert kinds(written.up) == [Kind.EXCHANGE_REQUEST]


def test_a_long_journal_goes_in_one_letter(
    laptop: Correspondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "REQUEST_BYTES", 1000)
    for _ in range(20):
        laptop.device.write()
    written = laptop.write()
    assert len(kinds(written.up)) > 3 and written.last_seq == 20
    applied = laptop.apply(answer_letter(laptop.server, written.up))
    assert laptop.device.journal.received_seq == 20
    assert [one.problem for one in applied.outcomes] == [None] * len(kinds(written.up))


def test_what_a_letter_has_no_room_for_goes_with_the_next(
    laptop: Correspondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "REQUEST_BYTES", 1000)
    monkeypatch.setattr(questions, "MAX_REQUESTS", 2)
    for _ in range(12):
        laptop.device.write()
    for _ in range(4):
        laptop.correspond()
    assert laptop.device.journal.received_seq == 12


def test_a_reply_brings_all_that_there_is(
    laptop: Correspondent, teacher: Correspondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "ROOM_BYTES", 600)
    marks = [teacher.device.write(task=f"t{at}") for at in range(10)]
    teacher.correspond()
    applied = laptop.correspond()
    assert len(applied.outcomes) == 4
    assert [record for one in applied.outcomes for record in one.records] == marks
    assert laptop.device.inbox.cursor == "0.10"


def test_a_reply_again_and_in_any_order_changes_nothing(
    laptop: Correspondent, teacher: Correspondent
) -> None:
    replies = []
    for at in range(3):
        teacher.device.write(task=f"t{at}")
        teacher.correspond()
        laptop.device.write(task=f"own {at}")
        replies.append(answer_letter(laptop.server, laptop.write().up))
    for reply in (replies[2], replies[0], replies[1], replies[2]):
        assert not laptop.apply(reply).problems
    assert laptop.device.journal.received_seq == 3
    # Others' three, and its own three behind the same mark.
    assert laptop.device.inbox.cursor == "0.6"
    assert len(laptop.device.inbox.of_kind("submission")) == 3


def test_a_clones_reply_brings_records_but_no_mark(
    laptop: Correspondent, teacher: Correspondent, tmp_path: Path
) -> None:
    image = tmp_path / "image"
    laptop.device.image(image)
    clone = Device(tmp_path / "clone.db")
    clone.restore(image)
    teacher.device.write()
    teacher.correspond()
    reply = answer_letter(laptop.server, Correspondent(clone, laptop.server).write().up)
    applied = laptop.apply(reply)
    assert not applied.ours and len(applied.outcomes[0].records) == 1
    assert laptop.device.inbox.cursor == ""
    clone.crash()


def test_a_clone_that_was_later_branches_off_at_once(laptop: Correspondent, tmp_path: Path) -> None:
    laptop.device.write(task="both")
    laptop.correspond()
    image = tmp_path / "image"
    laptop.device.image(image)
    clone = Correspondent(Device(tmp_path / "clone.db"), laptop.server)
    clone.device.restore(image)
    first, second = laptop.device.write(task="here"), clone.device.write(task="there")
    laptop.correspond()
    applied = clone.correspond()
    assert (applied.branches, applied.carried) == (1, 1)
    assert applied.parties.journal.device == clone.device.journal.device != first.device
    # One letter holds the claim and the work; the receipt for it comes with the claim's answer.
    written = clone.write()
    assert kinds(written.up) == [1, 1]
    again = clone.apply(answer_letter(laptop.server, written.up))
    assert not again.problems and not again.branches
    assert clone.device.journal.waiting_count() == 0
    assert kinds(clone.write().up) == [1]
    tasks = [record.body["task"] for record in laptop.server.arrivals]
    assert sorted(tasks) == ["both", "here", "there"]
    assert second.body["task"] in [one.body["task"] for one in clone.device.shown()]
    clone.device.crash()


def test_a_branch_whose_claim_was_lost_claims_again(laptop: Correspondent, tmp_path: Path) -> None:
    image = tmp_path / "image"
    laptop.device.image(image)
    laptop.device.write(task="lost with the disk")
    laptop.correspond()
    laptop.device.restore(image)
    laptop.device.write(task="after")
    assert laptop.correspond().branches == 1
    for _ in range(3):
        assert kinds(laptop.write().up) == [1, 1]
    laptop.correspond()
    assert laptop.device.journal.waiting_count() == 0


def test_a_server_that_forgot_a_branch_hears_of_it_again(
    laptop: Correspondent, tmp_path: Path
) -> None:
    image = tmp_path / "image"
    laptop.device.image(image)
    laptop.device.write(task="first life")
    laptop.correspond()
    backup = laptop.server.backup()
    laptop.device.restore(image)
    laptop.device.write(task="second life")
    laptop.correspond()
    laptop.correspond()
    assert laptop.device.journal.waiting_count() == 0
    laptop.server.restore(backup)
    assert laptop.correspond().refused == 1
    for _ in range(3):
        laptop.correspond()
    tasks = [record.body["task"] for record in laptop.server.arrivals]
    assert tasks == ["first life", "second life"]
    assert laptop.device.journal.first_unsent_seq > laptop.device.journal.head.seq


def test_an_old_answer_to_a_claim_settles_no_new_doubt(
    laptop: Correspondent, tmp_path: Path
) -> None:
    image = tmp_path / "image"
    laptop.device.image(image)
    laptop.device.write(task="first life")
    laptop.correspond()
    backup = laptop.server.backup()
    laptop.device.restore(image)
    laptop.device.write(task="second life")
    laptop.correspond()
    claims = [answer_letter(laptop.server, laptop.write().up) for _ in range(2)]
    laptop.apply(claims[0])
    laptop.server.restore(backup)
    laptop.correspond()
    laptop.apply(claims[1])
    assert kinds(laptop.write().up) == [1, 1]


def test_an_offer_of_files_is_answered(laptop: Correspondent) -> None:
    offer = OfferRequest((Offer(FILE, 100, (bytes(32),)),), ("e" * 64,))
    written = laptop.write(offer=offer)
    assert kinds(written.up) == [Kind.EXCHANGE_REQUEST, Kind.OFFER]
    applied = laptop.apply(answer_letter(laptop.server, written.up))
    assert applied.files == ((FILE, 100, GoOn(0)),)
    assert applied.wanted == (("e" * 64, False),)


def test_a_forged_reply_loses_nothing(laptop: Correspondent) -> None:
    laptop.device.write()
    written = laptop.write()
    honest = answer_letter(laptop.server, written.up)
    (answer,) = honest.messages
    flipped = answer[:-1] + bytes((answer[-1] ^ 1,))
    for messages in ((b"",), (b"KX",), (flipped,), (b"", flipped), ()):
        forged = Letter(LetterKind.DOWN, messages, written.up_name)
        applied = laptop.apply(forged)
        assert applied.outcomes == () and applied.branches == 0
        assert spent(laptop, written.up_name, written.own_name) == set()
    laptop.apply(honest)
    assert laptop.device.journal.received_seq == 1


def _headed(kind: int) -> st.SearchStrategy[bytes]:
    return st.binary(max_size=200).map(lambda rest: b"KX\x01" + bytes((kind,)) + rest)


@given(
    messages=st.lists(
        st.binary(max_size=200) | st.sampled_from(list(range(10))).flatmap(_headed), max_size=5
    ),
    ours=st.booleans(),
)
@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_strangers_reply_changes_nothing(
    laptop: Correspondent, messages: List[bytes], ours: bool
) -> None:
    if not laptop.device.journal.head.seq:
        laptop.device.write()
    name = laptop.write().up_name if ours else "0" * 16
    before = laptop.device.journal.head, laptop.device.inbox.cursor
    applied = laptop.apply(Letter(LetterKind.DOWN, tuple(messages), name))
    assert (applied.outcomes, applied.branches, applied.files) == ((), 0, ())
    assert (laptop.device.journal.head, laptop.device.inbox.cursor) == before
    assert laptop.device.journal.received_seq == 0
    assert not spent(laptop, name)


def test_an_answer_to_another_letter_counts_where_it_belongs(
    laptop: Correspondent, teacher: Correspondent
) -> None:
    teacher.device.write()
    teacher.correspond()
    first, second = laptop.write(), laptop.write()
    answers = [answer_letter(laptop.server, one.up).messages for one in (first, second)]
    swapped = Letter(LetterKind.DOWN, answers[1], first.up_name)
    assert laptop.apply(swapped).outcomes[0].moved is False
    assert laptop.apply(Letter(LetterKind.DOWN, answers[0], first.up_name)).outcomes[0].moved


def test_one_stick_goes_round_until_nothing_is_new(
    laptop: Correspondent, teacher: Correspondent
) -> None:
    stick = Pocket()
    laptop.device.write(task="work")
    for at in range(4):
        for one in (laptop, teacher):
            one.visit(stick)
        visit_server(laptop.server, stick)
        if at < 2:
            teacher.device.write(task=f"mark {at}")
    for one in (laptop, teacher):
        one.visit(stick)
    assert stick.own == {}
    assert laptop.device.journal.received_seq == 1
    assert len(laptop.device.inbox.of_kind("submission")) == 2
    up = dict(stick.up)
    laptop.visit(stick)
    assert stick.up == up


def test_a_reply_of_days_ago_does_not_put_the_clock_back(laptop: Correspondent) -> None:
    """A laptop with a right clock marks work with the time that it is."""
    reply = answer_letter(laptop.server, laptop.write().up)
    now_ms = laptop.device.clock.now_ms() + 3 * 24 * 3600 * 1000
    laptop.device.clock.time_ms = now_ms
    laptop.apply(reply)
    assert milliseconds(laptop.device.write().time) == now_ms


def test_an_old_receipt_does_not_settle_what_the_server_asked_for_again(
    laptop: Correspondent,
) -> None:
    """Another disk's reply that nobody removes would else keep work from being sent again."""
    empty = laptop.server.backup()
    laptop.device.write()
    letters = [laptop.write() for _ in range(2)]
    replies = [answer_letter(laptop.server, one.up) for one in letters]
    laptop.apply(replies[0])
    laptop.server.restore(empty)
    laptop.correspond()
    assert laptop.device.journal.first_unsent_seq == 1
    strange = Letter(LetterKind.DOWN, replies[1].messages, "0" * 16)
    for old in (replies[1], strange):
        laptop.apply(old)
        assert laptop.device.journal.first_unsent_seq == 1
    laptop.correspond()
    assert laptop.device.journal.first_unsent_seq == 2
    assert len(laptop.server.arrivals) == 1
