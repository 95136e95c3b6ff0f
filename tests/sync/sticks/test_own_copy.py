"""What a stick gives back to a laptop whose disk was set back."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Iterator, List

import pytest

from sync.errors import MessageError
from sync.journals.branch import fact_digest
from sync.message import Kind, make_message
from sync.record import Record
from sync.sticks.letter import Letter, LetterKind
from tests.support.letters import Correspondent, Pocket, visit_server
from tests.support.model_post import answer_letter
from tests.support.model_server import ModelServer
from tests.support.records import identity
from tests.support.sync_device import Device


@pytest.fixture
def laptop(device: Device, server: ModelServer) -> Correspondent:
    return Correspondent(device, server)


@pytest.fixture
def image(laptop: Correspondent, tmp_path: Path) -> Path:
    """The laptop's disk with one record that was received."""
    laptop.device.write(task="before")
    laptop.correspond()
    laptop.device.image(tmp_path / "image")
    return tmp_path / "image"


@pytest.fixture
def clone(laptop: Correspondent, image: Path, tmp_path: Path) -> Iterator[Correspondent]:
    device = Device(tmp_path / "clone.db")
    device.restore(image)
    yield Correspondent(device, laptop.server)
    device.crash()


def write(laptop: Correspondent, *tasks: str) -> List[Record]:
    return [laptop.device.write(task=task) for task in tasks]


def tasks_at(server: ModelServer) -> List[str]:
    assert len(server.arrivals) == len(set(map(fact_digest, server.arrivals)))
    return sorted(record.body["task"] for record in server.arrivals)


def settle(laptop: Correspondent) -> None:
    for _ in range(3):
        laptop.correspond()
    assert laptop.device.journal.waiting_count() == 0


def test_what_was_left_on_a_stick_comes_back_as_it_was(laptop: Correspondent, image: Path) -> None:
    lost = write(laptop, "one", "two")
    own = laptop.write().own
    head = laptop.device.journal.head
    laptop.device.restore(image)
    recovered = laptop.recover(own)
    assert list(recovered.records) == lost
    assert (recovered.branches, recovered.spent) == (0, False)
    assert laptop.device.journal.head == head
    assert laptop.device.write().time > lost[-1].time
    assert laptop.recover(own).records == ()
    settle(laptop)
    assert laptop.recover(own).spent


def test_a_copy_of_what_is_here_says_nothing(laptop: Correspondent) -> None:
    write(laptop, "one")
    own = laptop.write().own
    before = laptop.device.db.total_changes
    assert laptop.recover(own).records == ()
    assert laptop.device.db.total_changes == before


def test_what_was_written_since_counts_beside_what_comes_back(
    laptop: Correspondent, image: Path
) -> None:
    write(laptop, "one", "two")
    own = laptop.write().own
    laptop.device.restore(image)
    write(laptop, "since")
    recovered = laptop.recover(own)
    assert recovered.branches == 1
    assert [one.body["task"] for one in recovered.records] == ["one", "two"]
    settle(laptop)
    assert tasks_at(laptop.server) == ["before", "one", "since", "two"]
    shown = {record.body["task"] for record in laptop.device.shown()}
    assert shown == {"before", "one", "since", "two"}


def test_both_letters_of_a_laptop_that_was_set_back_come_late(
    laptop: Correspondent, image: Path
) -> None:
    """The server has heard of the new records first: the old letter is refused, its copy counts."""
    write(laptop, "one", "two")
    old = laptop.write()
    laptop.device.restore(image)
    write(laptop, "since")
    laptop.correspond()
    answer_letter(laptop.server, old.up)
    assert tasks_at(laptop.server) == ["before", "since"]
    laptop.recover(old.own)
    settle(laptop)
    assert tasks_at(laptop.server) == ["before", "one", "since", "two"]


def test_a_copy_beyond_a_gap_is_carried_over(laptop: Correspondent, image: Path) -> None:
    write(laptop, "one")
    laptop.correspond()
    write(laptop, "two")
    own = laptop.write().own
    laptop.device.restore(image)
    recovered = laptop.recover(own)
    assert [one.body["task"] for one in recovered.records] == ["two"]
    assert recovered.branches == 1
    settle(laptop)
    assert tasks_at(laptop.server) == ["before", "one", "two"]


def test_a_second_copy_goes_on_where_the_first_ended(laptop: Correspondent, image: Path) -> None:
    write(laptop, "one")
    first = laptop.write().own
    write(laptop, "two")
    second = laptop.write().own
    laptop.device.restore(image)
    assert len(laptop.recover(first).records) == 1
    recovered = laptop.recover(second)
    assert [one.body["task"] for one in recovered.records] == ["two"]
    assert laptop.device.journal.head.seq == 3


def test_a_clones_copy_counts_once(laptop: Correspondent, clone: Correspondent) -> None:
    write(laptop, "here")
    write(clone, "there")
    own = laptop.write().own
    assert clone.recover(own).branches == 1
    settle(laptop)
    settle(clone)
    assert tasks_at(laptop.server) == ["before", "here", "there"]


def test_what_the_school_told_of_already_is_not_carried_over(
    laptop: Correspondent, clone: Correspondent
) -> None:
    write(laptop, "here")
    settle(laptop)
    write(clone, "there")
    settle(clone)
    # The laptop goes on under the keys that its clone once had as well.
    stick = Pocket()
    write(laptop, "later")
    laptop.visit(stick)
    visit_server(laptop.server, stick)
    settle(clone)
    length = clone.device.journal.head.seq
    (own,) = stick.own.values()
    assert clone.recover(own).records == ()
    assert clone.device.journal.head.seq == length


def test_a_carried_copy_does_not_hide_what_the_server_lost(
    laptop: Correspondent, image: Path
) -> None:
    """Two facts have one name: what was written here is carried over all the same."""
    backup = laptop.server.backup()
    write(laptop, "one")
    own = laptop.write().own
    laptop.device.restore(image)
    write(laptop, "since")
    settle(laptop)
    assert laptop.recover(own).branches == 1
    laptop.correspond()
    laptop.server.restore(backup)
    for _ in range(5):
        laptop.correspond()
    assert laptop.device.journal.waiting_count() == 0
    assert tasks_at(laptop.server) == ["before", "one", "since"]


def test_a_former_journals_copy_is_known_by_its_branch(laptop: Correspondent, image: Path) -> None:
    write(laptop, "lost")
    laptop.correspond()
    laptop.device.restore(image)
    write(laptop, "after")
    own = laptop.write().own
    laptop.correspond()
    recovered = laptop.recover(own)
    assert (recovered.records, recovered.spent) == ((), False)
    settle(laptop)
    assert laptop.recover(own).spent


def damaged(own: bytes) -> List[Letter]:
    """Copies that these keys did not write, or did not write so."""
    whole = Letter.from_bytes(own, LetterKind.OWN)
    (message,) = whole.messages
    flipped = message[:-1] + bytes((message[-1] ^ 1,))
    me, stranger = identity("laptop"), identity("stranger")
    payloads = [b"{}", b'{"b":"AAAA","r":{}}', b"[]"]
    forged = [make_message(Kind.JOURNAL_COPY, one, me, me.public) for one in payloads]
    forged.append(make_message(Kind.JOURNAL_COPY, b"{}", stranger, me.public))
    forged.append(make_message(Kind.EXCHANGE_REQUEST, b"{}", me, me.public))
    return [dataclasses.replace(whole, messages=(message, one)) for one in (flipped, b"", *forged)]


def test_a_copy_that_is_none_changes_nothing(laptop: Correspondent, image: Path) -> None:
    write(laptop, "one")
    letters = damaged(laptop.write().own)
    laptop.device.restore(image)
    for letter in letters:
        with pytest.raises(MessageError):
            laptop.recover(letter.to_bytes())
    assert laptop.device.journal.head.seq == 1
