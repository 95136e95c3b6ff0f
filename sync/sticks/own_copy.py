"""A laptop's letters to itself: the records of its up letter, for when its disk was set back.

Restore software may take away what a laptop wrote and left on a stick. The own letter brings it
back: what continues this disk's journal is appended to it as it was; what does not (something else
was written since) is carried over to a branch, so that it counts, once, whoever else has it.

A message of an own letter (kind 9) is sealed to and signed by the laptop itself. Its payload has
``b``, the chain's hash before the first record, and ``r``, consecutive records as a batch.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import List, NamedTuple, Sequence, Tuple

from sync import fields
from sync.clock import Clock
from sync.database import transaction
from sync.errors import MessageError, RecordError
from sync.exchanges.batch import decode_batch, encode_batch
from sync.exchanges.dialogue import Parties
from sync.identity import Identity
from sync.journals.journal import Journal
from sync.journals.lineage import Lineage
from sync.message import Kind, make_message, open_message
from sync.record import HASH_BYTES, NO_HASH, Record, record_hash
from sync.sticks.branching import branch_off
from sync.sticks.letter import Letter, LetterKind


@dataclass(frozen=True)
class Recovered:
    """What an own letter brought back, and the parties as they are now.

    ``records`` are those that this disk did not have, as they were written. ``branches`` is 1 where
    the journal branched off for them. ``spent`` tells that the server is known to hold all of the
    letter.
    """

    parties: Parties
    records: Tuple[Record, ...] = ()
    branches: int = 0
    spent: bool = False


class _Run(NamedTuple):
    """Consecutive records of one journal, and the chain's hash before and after each."""

    device: str
    records: Tuple[Record, ...]
    hashes: Tuple[bytes, ...]


def make_own_letter(parties: Parties, runs: Sequence[Sequence[Record]]) -> bytes:
    """Return the letter with runs of consecutive records of the journal; empty for none."""
    messages = [_message(parties, run) for run in runs if run]
    return Letter(LetterKind.OWN, tuple(messages)).to_bytes() if messages else b""


def _message(parties: Parties, run: Sequence[Record]) -> bytes:
    before = parties.journal.hash_at(run[0].seq - 1) or NO_HASH
    value = {"b": fields.to_text(before), "r": encode_batch(run, parties.journal.device)}
    payload = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    identity = parties.identity
    return make_message(Kind.JOURNAL_COPY, payload, identity, identity.public)


def recover(parties: Parties, letter: Letter, clock: Clock) -> Recovered:
    """Take from an own letter what this disk does not have. Doing it again changes nothing.

    To be called before anything else is written on a visit, with the own letters in the boxes of
    ``correspondence.own_devices``.

    Raises:
        MessageError: it is not a letter that these keys wrote; nothing is changed.
    """
    lineage = Lineage(parties.db, clock, parties.journal.bodies)
    keys = _keys(parties, lineage)
    runs = [_opened(message, keys) for message in letter.messages]
    back: List[Record] = []
    branches = 0
    with transaction(parties.db):
        for run in runs:
            appended, strays = _compared(parties, run, clock)
            for record in appended:
                _take_back(parties.journal, record)
            back += appended
            strays = [record for record in strays if not parties.inbox.holds(record)]
            if strays and run.device == parties.journal.device:
                # What the school has of our number was not written here: the next would clash.
                held_seq = parties.journal.first_unsent_seq - 1
                parties, _ = branch_off(parties, clock, held_seq)
                branches += 1
            back += lineage.carry_back(strays, parties.journal)
        spent = all(_is_received(parties, run, clock) for run in runs)
    return Recovered(parties, tuple(back), branches, spent)


def _take_back(journal: Journal, record: Record) -> None:
    """Write a record that this journal had before its disk was set back, as it was."""
    journal.carry(record)
    clock = journal.clock()
    clock.last = max(clock.last, record.written_time)
    journal.keep_clock(clock)


def _keys(parties: Parties, lineage: Lineage) -> List[Identity]:
    """Return all keys that wrote here, those that write now first."""
    former = [lineage.identity_of(device) for device in lineage.devices()]
    return [parties.identity, *(one for one in former if one is not None)]


def _opened(message: bytes, keys: Sequence[Identity]) -> _Run:
    """Open one message with whichever keys it was sealed to."""
    for at, identity in enumerate(keys):
        known = {identity.public.device_id: identity.public}
        try:
            opened = open_message(message, Kind.JOURNAL_COPY, identity, known.get)
        except MessageError as error:
            if error.code == "message-unreadable" and at + 1 < len(keys):
                continue
            raise
        return _run(opened.payload, identity.public.device_id)
    raise MessageError("message-unreadable")


def _run(payload: bytes, device: str) -> _Run:
    value = fields.parse_json_object(payload, "copy")
    records = decode_batch(value.get("r", {}), device)
    if any(record.seq != records[0].seq + at for at, record in enumerate(records)):
        fields.malformed("copy.r", "consecutive records")
    hashes = [fields.binary(value.get("b"), "copy.b", HASH_BYTES)]
    try:
        for record in records:
            hashes.append(record_hash(hashes[-1], record))
    except RecordError as error:
        raise MessageError("message-malformed", error.detail) from error
    return _Run(device, records, tuple(hashes))


def _compared(parties: Parties, run: _Run, clock: Clock) -> Tuple[List[Record], List[Record]]:
    """Return what continues the journal that is written here, and what is another branch's."""
    journal = Journal.of_device(parties.db, run.device, clock)
    writing = run.device == parties.journal.device
    head = journal.head
    end_seq, end_hash = head.seq, head.hash
    appended: List[Record] = []
    strays: List[Record] = []
    for record, before, after in zip(run.records, run.hashes, run.hashes[1:]):
        if journal.hash_at(record.seq) == after:
            continue
        if writing and not strays and (record.seq, before) == (end_seq + 1, end_hash):
            appended.append(record)
            end_seq, end_hash = record.seq, after
        else:
            strays.append(record)
    return appended, strays


def _is_received(parties: Parties, run: _Run, clock: Clock) -> bool:
    """Tell whether receipts cover all of a run, here or as a branch carried it on."""
    if run.device != parties.journal.device:
        return parties.journal.waiting_count() == 0
    journal = Journal.of_device(parties.db, run.device, clock)
    return not run.records or run.records[-1].seq < journal.first_unsent_seq
