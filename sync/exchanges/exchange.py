"""The exchange: what a device asks and what a server answers, as values and as bytes.

Both sides speak ``Exchanger``: one request message in, one answer message out. A road, a server in
memory and a test's lossy line are all exchangers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Protocol, Tuple

from sync import fields
from sync.errors import MessageError
from sync.exchanges.batch import decode_batch, encode_batch
from sync.identity import SIGNATURE_BYTES
from sync.journals.branch import Claim, claim_from_json, claim_to_json
from sync.journals.receipt import Receipt
from sync.message import DIGEST_BYTES
from sync.record import HASH_BYTES, Head, Record

MAX_CURSOR_CHARACTERS = 64
MAX_TIME_MS = (1 << 47) - 1
MAX_REFUSED = 20_000
MAX_MISSING = 100
NAME_START_BYTES = 8
DEFAULT_ROOM_BYTES = 64 * 1024
DEFAULT_BUDGET_BYTES = 64 * 1024
KEY_BYTES = 32
STATED_HASH_BYTES = 8
"""How much of its head's hash a device states: enough to tell journals apart. Whether a record is
what it says is a question of signatures, not of this."""


class Exchanger(Protocol):
    """Whatever takes a request message and brings the answer message."""

    def exchange(self, request: bytes) -> bytes:
        """Carry a request and return its answer.

        Raises:
            LinkError: the road failed; the request may or may not have arrived.
            RefusedError: the server answered with an error.
        """
        ...


@dataclass(frozen=True)
class ExchangeRequest:
    """What a device says: how far its journal goes, what is new in it, and what it knows already.

    ``device_head`` has the beginning of its hash (``STATED_HASH_BYTES``) where it came over a road.
    ``records`` are consecutive from ``first_seq``, which is also the device's word that it holds a
    receipt for everything before. ``cursor`` is the server's own mark from the last answer,
    ``catalogues`` the serial of each publisher's catalogue that is here, ``room_bytes`` how large
    an answer may be (before compression). A request with a ``claim`` is about that alone.
    """

    device: str
    device_head: Head
    first_seq: int = 1
    records: Tuple[Record, ...] = ()
    cursor: str = ""
    catalogues: Mapping[str, int] = field(default_factory=dict)
    room_bytes: int = DEFAULT_ROOM_BYTES
    claim: Optional[Claim] = None

    def to_payload(self) -> bytes:
        """Return the UTF-8 JSON; what has its usual value is left out."""
        head = self.device_head
        value: Dict[str, Any] = {
            "h": [head.seq, fields.to_text(head.hash[:STATED_HASH_BYTES])],
            "f": self.first_seq,
            "u": self.cursor,
            "c": dict(self.catalogues),
            "w": self.room_bytes,
            "r": encode_batch(self.records, self.device),
            "b": claim_to_json(self.claim),
        }
        usual = {
            "f": head.seq + 1,
            "u": "",
            "c": {},
            "w": DEFAULT_ROOM_BYTES,
            "r": {},
            "b": None,
        }
        if head == Head():
            usual["h"] = value["h"]
        return _packed(value, usual)

    @classmethod
    def from_payload(cls, payload: bytes, device: str) -> ExchangeRequest:
        """Read a payload that ``device`` signed; unknown fields are ignored.

        Raises:
            MessageError: ``message-malformed``.
        """
        value = fields.parse_json_object(payload, "request")
        head = _head_from_json(value["h"]) if "h" in value else Head()
        first_seq = fields.integer(value.get("f", head.seq + 1), "request.f", low=1)
        records = decode_batch(value.get("r", {}), device)
        if any(record.seq != first_seq + at for at, record in enumerate(records)):
            fields.malformed("request.r", "consecutive records")
        if first_seq + len(records) > head.seq + 1:
            fields.malformed("request.h", "the head of these records")
        return cls(
            device=device,
            device_head=head,
            first_seq=first_seq,
            records=records,
            cursor=_cursor(value.get("u", ""), "request.u"),
            catalogues=fields.numbers_by_text(value.get("c", {}), "request.c"),
            room_bytes=fields.integer(
                value.get("w", DEFAULT_ROOM_BYTES), "request.w", high=1 << 30
            ),
            claim=claim_from_json(value["b"]) if "b" in value else None,
        )


@dataclass(frozen=True)
class ExchangeAnswer:
    """What a server says, after all that it received is on its disk.

    ``receipt`` is absent where the request showed that the device holds it, and has no hash where
    the device's journal has the same (``Journal.whole`` puts it in). ``records`` are
    others', meant for this device, from the mark ``since`` (the request's cursor) to the mark
    ``cursor``; both are empty where nothing moved; ``more`` says that room was too small.
    ``catalogues`` has only serials other than the request's, ``publishers`` the trusted publishers'
    keys by key id where the device should learn them (None: as before). ``refused`` are the records
    that are held but not accepted. ``resend_from`` asks for a journal again from there: the server
    lost what followed. ``missing`` are beginnings of the names of attached files: those that
    records of this device named before and that the server has not.
    """

    reply_to: bytes
    server_time_ms: int
    receipt: Optional[Receipt] = None
    records: Tuple[Record, ...] = ()
    since: str = ""
    cursor: str = ""
    more: bool = False
    catalogues: Mapping[str, int] = field(default_factory=dict)
    publishers: Optional[Mapping[str, bytes]] = None
    refused: Tuple[Tuple[int, str], ...] = ()
    resend_from: Optional[int] = None
    shared_seq: Optional[int] = None
    missing: Tuple[bytes, ...] = ()

    def to_payload(self) -> bytes:
        """Return the UTF-8 JSON; what has its usual value is left out."""
        publishers = self.publishers
        value: Dict[str, Any] = {
            "q": fields.to_text(self.reply_to),
            "t": self.server_time_ms,
            "g": _receipt_to_json(self.receipt, self.server_time_ms) if self.receipt else None,
            "r": encode_batch(self.records),
            "u": [self.since, self.cursor],
            "m": self.more,
            "c": dict(self.catalogues),
            "k": None
            if publishers is None
            else {name: fields.to_text(key) for name, key in publishers.items()},
            "x": [list(item) for item in self.refused],
            "y": self.resend_from,
            "b": self.shared_seq,
            "a": [fields.to_text(start) for start in self.missing],
        }
        usual: Dict[str, Any] = {
            "a": [],
            "g": None,
            "r": {},
            "m": False,
            "c": {},
            "k": None,
            "x": [],
            "y": None,
            "b": None,
        }
        usual["u"] = ["", ""]
        return _packed(value, usual)

    @classmethod
    def from_payload(cls, payload: bytes, device: str) -> ExchangeAnswer:
        """Read a payload meant for ``device``; unknown fields are ignored.

        Raises:
            MessageError: ``message-malformed``.
        """
        value = fields.parse_json_object(payload, "answer")
        since, cursor = _marks(value.get("u", ["", ""]))
        resend_from = value.get("y")
        time_ms = _time_ms(value.get("t"), "answer.t")
        receipt = _former_receipt(value["s"], device) if "s" in value else None
        return cls(
            reply_to=fields.binary(value.get("q"), "answer.q", DIGEST_BYTES),
            server_time_ms=time_ms,
            receipt=_receipt_from_json(value["g"], device, time_ms) if "g" in value else receipt,
            records=decode_batch(value.get("r", {}), told=True),
            since=since,
            cursor=cursor,
            more=fields.boolean(value.get("m", False), "answer.m"),
            catalogues=fields.numbers_by_text(value.get("c", {}), "answer.c"),
            publishers=publishers_from_json(value["k"], "answer.k") if "k" in value else None,
            refused=_refused(value.get("x", [])),
            resend_from=None
            if resend_from is None
            else fields.integer(resend_from, "answer.y", low=1),
            shared_seq=fields.integer(value["b"], "answer.b") if "b" in value else None,
            missing=name_starts(value.get("a", []), "answer.a"),
        )


def publishers_from_json(value: Any, name: str) -> Dict[str, bytes]:
    """Read public keys by key id.

    Raises:
        MessageError: ``message-malformed``.
    """
    entries = fields.mapping(value, name)
    if len(entries) > 1000:
        fields.malformed(name, "at most 1000 keys")
    return {
        fields.text(key_id, name, 64): fields.binary(key, f"{name}.{key_id}", KEY_BYTES)
        for key_id, key in entries.items()
    }


def check_reply(answer: ExchangeAnswer, request_digest: bytes) -> None:
    """Refuse an answer to another request than the one just made.

    Raises:
        MessageError: ``message-misdirected``.
    """
    if answer.reply_to != request_digest:
        raise MessageError("message-misdirected", answer.reply_to.hex())


def _packed(value: Mapping[str, Any], usual: Mapping[str, Any]) -> bytes:
    sent = {key: item for key, item in value.items() if key not in usual or item != usual[key]}
    return json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _head_from_json(value: Any) -> Head:
    items = fields.listing(value, "request.h", 2)
    if len(items) != 2:
        fields.malformed("request.h", "a number and a hash")
    # At first the whole hash was stated.
    whole = len(fields.text(items[1], "request.h.hash", 64)) > 2 * STATED_HASH_BYTES
    return Head(
        fields.integer(items[0], "request.h.seq"),
        fields.binary(items[1], "request.h.hash", HASH_BYTES if whole else STATED_HASH_BYTES),
    )


def states(head: Head, known_hash: bytes) -> bool:
    """Tell whether a head that came over a road is one with this hash."""
    return known_hash[: len(head.hash)] == head.hash


def _receipt_to_json(receipt: Receipt, now_ms: int) -> Any:
    items = [receipt.seq, now_ms - receipt.time_ms, fields.to_text(receipt.signature)]
    return [*items, fields.to_text(receipt.hash)] if receipt.hash else items


def _receipt_from_json(value: Any, device: str, now_ms: int) -> Receipt:
    items = fields.listing(value, "answer.g", 10)
    if len(items) < 3:
        fields.malformed("answer.g", "a receipt")
    return Receipt(
        device,
        fields.integer(items[0], "answer.g.seq"),
        fields.binary(items[3], "answer.g.hash", HASH_BYTES) if len(items) > 3 else b"",
        now_ms - fields.integer(items[1], "answer.g.age", now_ms - MAX_TIME_MS, now_ms),
        fields.binary(items[2], "answer.g.signature", SIGNATURE_BYTES),
    )


def _former_receipt(value: Any, device: str) -> Receipt:
    """Read a receipt as it was written at first: with its time and always with its hash."""
    items = fields.listing(value, "answer.s", 10)
    if len(items) < 4:
        fields.malformed("answer.s", "a receipt")
    return Receipt(
        device,
        fields.integer(items[0], "answer.s.seq"),
        fields.binary(items[1], "answer.s.hash", HASH_BYTES),
        _time_ms(items[2], "answer.s.time"),
        fields.binary(items[3], "answer.s.signature", SIGNATURE_BYTES),
    )


def _refused(value: Any) -> Tuple[Tuple[int, str], ...]:
    refused = []
    for item in fields.listing(value, "answer.x", MAX_REFUSED):
        pair = fields.listing(item, "answer.x", 2)
        if len(pair) != 2:
            fields.malformed("answer.x", "pairs of a number and a code")
        refused.append(
            (
                fields.integer(pair[0], "answer.x.seq", low=1),
                fields.text(pair[1], "answer.x.code", 64),
            )
        )
    return tuple(refused)


def name_starts(value: Any, name: str) -> Tuple[bytes, ...]:
    """Read the beginnings of files' names.

    Raises:
        MessageError: ``message-malformed``.
    """
    starts = fields.listing(value, name, MAX_MISSING)
    return tuple(fields.binary(start, name, NAME_START_BYTES) for start in starts)


def _marks(value: Any) -> Tuple[str, str]:
    items = fields.listing(value, "answer.u", 2)
    if len(items) != 2:
        fields.malformed("answer.u", "two marks")
    return _cursor(items[0], "answer.u.since"), _cursor(items[1], "answer.u.cursor")


def _cursor(value: Any, name: str) -> str:
    return fields.text(value, name, MAX_CURSOR_CHARACTERS, empty=True)


def _time_ms(value: Any, name: str) -> int:
    return fields.integer(value, name, high=MAX_TIME_MS)
