"""Between two servers: what a relay says to its upstream, and the answer, as values and as bytes.

A *relay* is a server that passes on to another one, its *upstream*, all journals that it holds: its
own, its laptops', and those of the servers below it. It gets back what the upstream holds for the
relay's people that was written elsewhere. One request, one answer, in the same sealed and signed
messages as exchanges; anything may be lost, doubled, late or repeated, and either server may come
back from a backup.

Both sides compare what the upstream holds by one digest (``sync.heads``). Where it differs from
what the relay believes, the answer lists the upstream's heads, a page at a time: the relay sends
again what the upstream lost, and asks back for what it has lost itself.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Protocol, Sequence, Tuple

from sync import fields
from sync.batch import decode_batch, encode_batch
from sync.exchange import MAX_CURSOR_CHARACTERS, MAX_REFUSED, MAX_TIME_MS, publishers_from_json
from sync.heads import CHECK_BYTES, DIGEST_BYTES, HeadsReceipt
from sync.identity import SIGNATURE_BYTES, device_id_bytes
from sync.message import DIGEST_BYTES as REPLY_BYTES
from sync.record import Record

DEFAULT_ROOM_BYTES = 512 * 1024
DEFAULT_BUDGET_BYTES = 512 * 1024
MAX_RUNS = 5_000
MAX_WANTS = 500
PAGE_HEADS = 2_000
"""Heads in one answer."""

RunCode = Tuple[int, str]
RunSeq = Tuple[int, int]
RunSeqCode = Tuple[int, int, str]


class RelayExchanger(Protocol):
    """Whatever takes a relay's request message to its upstream and brings the answer message."""

    def relay(self, request: bytes) -> bytes:
        """Carry a request and return its answer.

        Raises:
            LinkError: the road failed; the request may or may not have arrived.
            RefusedError: the upstream answered with an error.
        """
        ...


@dataclass(frozen=True)
class Run:
    """Consecutive records of one journal.

    ``check`` is the beginning of the hash after the last of them (``CHECK_BYTES``), ``refused``
    the codes of those that the sender holds but did not accept, ``arrived_ms`` when the sender got
    those whose own time lies too far ahead to be believed; both by seq.
    """

    records: Tuple[Record, ...]
    check: bytes
    refused: Mapping[int, str] = field(default_factory=dict)
    arrived_ms: Mapping[int, int] = field(default_factory=dict)

    @property
    def device(self) -> str:
        """Whose journal it is."""
        return self.records[0].device

    @property
    def first_seq(self) -> int:
        """The number of the first record."""
        return self.records[0].seq


@dataclass(frozen=True)
class Want:
    """A relay asks for a journal of its own from ``seq`` on; ``check`` is its hash before that."""

    device: str
    seq: int
    check: bytes


@dataclass(frozen=True)
class HeadsPage:
    """How far the upstream holds the relay's journals: device, seq and the hash's beginning.

    Sorted by device id, from ``first`` to before ``following`` (empty: to the end).
    """

    heads: Tuple[Tuple[str, int, bytes], ...]
    first: str = ""
    following: str = ""


@dataclass(frozen=True)
class RelayRequest:
    """What a relay says. ``believed`` is the digest of what it believes the upstream to hold.

    ``cursor``, ``catalogues`` and ``room_bytes`` are as in an exchange. ``heads_from`` asks for a
    page of heads from a device id on.
    """

    believed: bytes
    runs: Tuple[Run, ...] = ()
    wants: Tuple[Want, ...] = ()
    cursor: str = ""
    catalogues: Mapping[str, int] = field(default_factory=dict)
    room_bytes: int = DEFAULT_ROOM_BYTES
    heads_from: Optional[str] = None

    def to_payload(self) -> bytes:
        """Return the UTF-8 JSON; what has its usual value is left out."""
        value: Dict[str, Any] = {"g": fields.to_text(self.believed), **_runs_to_json(self.runs)}
        if self.wants:
            value["v"] = [[w.device, w.seq, fields.to_text(w.check)] for w in self.wants]
        if self.cursor:
            value["u"] = self.cursor
        if self.catalogues:
            value["c"] = dict(self.catalogues)
        if self.room_bytes != DEFAULT_ROOM_BYTES:
            value["w"] = self.room_bytes
        if self.heads_from is not None:
            value["l"] = self.heads_from
        return _packed(value)

    @classmethod
    def from_payload(cls, payload: bytes) -> RelayRequest:
        """Read a payload; unknown fields are ignored.

        Raises:
            MessageError: ``message-malformed``.
        """
        value = fields.parse_json_object(payload, "relay")
        room = value.get("w", DEFAULT_ROOM_BYTES)
        return cls(
            believed=fields.binary(value.get("g"), "relay.g", DIGEST_BYTES),
            runs=_runs_from_json(value),
            wants=tuple(map(_want, fields.listing(value.get("v", []), "relay.v", MAX_WANTS))),
            cursor=_mark(value.get("u", ""), "relay.u"),
            catalogues=fields.numbers_by_text(value.get("c", {}), "relay.c"),
            room_bytes=fields.integer(room, "relay.w", high=1 << 30),
            heads_from=fields.text(value["l"], "relay.l", 22, empty=True) if "l" in value else None,
        )


@dataclass(frozen=True)
class RelayAnswer:
    """What the upstream says, after all that it took in is on its disk.

    ``receipt`` covers all journals of the relay. By the place of a run in the request: ``refused``
    records that are held but not accepted (and that the relay had accepted), ``resend`` from where
    the upstream lacks a journal, ``forked`` from where it holds another one, ``rejected`` runs of
    which nothing was taken. ``records`` were written elsewhere for the relay's people, with
    ``arrived_ms`` as in a run, by place. ``back`` are the runs that the relay asked for, ``apart``
    the journals that differ already before the seq from which it asked.
    """

    reply_to: bytes
    server_time_ms: int
    receipt: Optional[HeadsReceipt] = None
    refused: Tuple[RunSeqCode, ...] = ()
    resend: Tuple[RunSeq, ...] = ()
    forked: Tuple[RunSeq, ...] = ()
    rejected: Tuple[RunCode, ...] = ()
    page: Optional[HeadsPage] = None
    records: Tuple[Record, ...] = ()
    arrived_ms: Mapping[int, int] = field(default_factory=dict)
    since: str = ""
    cursor: str = ""
    more: bool = False
    back: Tuple[Run, ...] = ()
    apart: Tuple[str, ...] = ()
    catalogues: Mapping[str, int] = field(default_factory=dict)
    publishers: Optional[Mapping[str, bytes]] = None

    def to_payload(self) -> bytes:
        """Return the UTF-8 JSON; what has its usual value is left out."""
        publishers = self.publishers
        value: Dict[str, Any] = {
            "s": _receipt_to_json(self.receipt),
            "x": [list(item) for item in self.refused],
            "y": [list(item) for item in self.resend],
            "z": [list(item) for item in self.forked],
            "e": [list(item) for item in self.rejected],
            "h": _page_to_json(self.page),
            "r": encode_batch(self.records),
            "a": [list(item) for item in self.arrived_ms.items()],
            "u": [self.since, self.cursor] if self.cursor or self.since else None,
            "m": self.more,
            "b": _runs_to_json(self.back),
            "d": list(self.apart),
            "c": dict(self.catalogues),
        }
        sent = {key: item for key, item in value.items() if item}
        if publishers is not None:
            sent["k"] = {name: fields.to_text(key) for name, key in publishers.items()}
        return _packed({"q": fields.to_text(self.reply_to), "t": self.server_time_ms, **sent})

    @classmethod
    def from_payload(cls, payload: bytes) -> RelayAnswer:
        """Read a payload; unknown fields are ignored.

        Raises:
            MessageError: ``message-malformed``.
        """
        value = fields.parse_json_object(payload, "answer")
        marks = fields.listing(value.get("u", ["", ""]), "answer.u", 2)
        if len(marks) != 2:
            fields.malformed("answer.u", "two marks")
        since, cursor = (_mark(mark, "answer.u") for mark in marks)
        return cls(
            reply_to=fields.binary(value.get("q"), "answer.q", REPLY_BYTES),
            server_time_ms=_time_ms(value.get("t"), "answer.t"),
            receipt=_receipt_from_json(value["s"]) if "s" in value else None,
            refused=_triples(value.get("x", []), "answer.x"),
            resend=_pairs(value.get("y", []), "answer.y"),
            forked=_pairs(value.get("z", []), "answer.z"),
            rejected=_coded(value.get("e", []), "answer.e"),
            page=_page_from_json(value["h"]) if "h" in value else None,
            records=decode_batch(value.get("r", {})),
            arrived_ms=dict(_pairs(value.get("a", []), "answer.a")),
            since=since,
            cursor=cursor,
            more=fields.boolean(value.get("m", False), "answer.m"),
            back=_runs_from_json(fields.mapping(value.get("b", {}), "answer.b")),
            apart=tuple(
                _device(item, "answer.d")
                for item in fields.listing(value.get("d", []), "answer.d", MAX_WANTS)
            ),
            catalogues=fields.numbers_by_text(value.get("c", {}), "answer.c"),
            publishers=publishers_from_json(value["k"], "answer.k") if "k" in value else None,
        )


def _mark(value: Any, name: str) -> str:
    return fields.text(value, name, MAX_CURSOR_CHARACTERS, empty=True)


def _packed(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _runs_to_json(runs: Sequence[Run]) -> Dict[str, Any]:
    if not runs:
        return {}
    value: Dict[str, Any] = {
        "r": encode_batch([record for run in runs for record in run.records]),
        "n": fields.to_text(b"".join(run.check for run in runs)),
        "x": [[at, *item] for at, run in enumerate(runs) for item in run.refused.items()],
        "a": [[at, *item] for at, run in enumerate(runs) for item in run.arrived_ms.items()],
    }
    return {key: item for key, item in value.items() if item}


def _runs_from_json(value: Mapping[str, Any]) -> Tuple[Run, ...]:
    records = decode_batch(value.get("r", {}))
    groups = [tuple(group) for _, group in itertools.groupby(records, lambda one: one.device)]
    if not groups:
        return ()
    if len(groups) > MAX_RUNS or len({group[0].device for group in groups}) != len(groups):
        fields.malformed("runs", f"at most {MAX_RUNS} runs, one of each journal")
    for group in groups:
        _device(group[0].device, "runs")
        if any(record.seq != group[0].seq + at for at, record in enumerate(group)):
            fields.malformed("runs", "consecutive records")
    checks = fields.binary(value.get("n"), "runs.n", CHECK_BYTES * len(groups))
    refused: List[Dict[int, str]] = [{} for _ in groups]
    arrived: List[Dict[int, int]] = [{} for _ in groups]
    for at, seq, code in _triples(value.get("x", []), "runs.x"):
        _place(refused, at)[seq] = code
    for item in fields.listing(value.get("a", []), "runs.a", MAX_REFUSED):
        at, seq, time_ms = _row(item, "runs.a", 3)
        _place(arrived, fields.integer(at, "runs.a"))[fields.integer(seq, "runs.a", 1)] = _time_ms(
            time_ms, "runs.a"
        )
    return tuple(
        Run(group, checks[CHECK_BYTES * at : CHECK_BYTES * (at + 1)], refused[at], arrived[at])
        for at, group in enumerate(groups)
    )


def _place(items: List[Any], at: int) -> Any:
    if at >= len(items):
        fields.malformed("runs", "the place of a run")
    return items[at]


def _want(value: Any) -> Want:
    device, seq, check = _row(value, "relay.v", 3)
    return Want(
        _device(device, "relay.v"),
        fields.integer(seq, "relay.v.seq", low=1),
        fields.binary(check, "relay.v.check", CHECK_BYTES),
    )


def _page_to_json(page: Optional[HeadsPage]) -> Any:
    if page is None:
        return None
    checks = b"".join(check for _, _, check in page.heads)
    return [
        page.first,
        page.following,
        [device for device, _, _ in page.heads],
        [seq for _, seq, _ in page.heads],
        fields.to_text(checks),
    ]


def _page_from_json(value: Any) -> HeadsPage:
    first, following, names, seqs, checks = _row(value, "answer.h", 5)
    devices = [_device(item, "answer.h") for item in fields.listing(names, "answer.h", PAGE_HEADS)]
    numbers = [fields.integer(item, "answer.h") for item in fields.listing(seqs, "answer.h")]
    if len(numbers) != len(devices):
        fields.malformed("answer.h", "as many numbers as devices")
    raw = fields.binary(checks, "answer.h", CHECK_BYTES * len(devices)) if devices else b""
    at_each = range(0, len(raw), CHECK_BYTES)
    return HeadsPage(
        tuple(zip(devices, numbers, (raw[at : at + CHECK_BYTES] for at in at_each))),
        fields.text(first, "answer.h", 22, empty=True),
        fields.text(following, "answer.h", 22, empty=True),
    )


def _receipt_to_json(receipt: Optional[HeadsReceipt]) -> Any:
    if receipt is None:
        return None
    texts = fields.to_text(receipt.digest), fields.to_text(receipt.signature)
    return [texts[0], receipt.time_ms, texts[1]]


def _receipt_from_json(value: Any) -> HeadsReceipt:
    digest, time_ms, signature = _row(value, "answer.s", 3)
    return HeadsReceipt(
        fields.binary(digest, "answer.s.digest", DIGEST_BYTES),
        _time_ms(time_ms, "answer.s.time"),
        fields.binary(signature, "answer.s.signature", SIGNATURE_BYTES),
    )


def _row(value: Any, name: str, count: int) -> List[Any]:
    items = fields.listing(value, name, 20)
    if len(items) < count:
        fields.malformed(name, f"rows of {count}")
    return items[:count]


def _pairs(value: Any, name: str) -> Tuple[RunSeq, ...]:
    rows = [_row(item, name, 2) for item in fields.listing(value, name, MAX_REFUSED)]
    return tuple((fields.integer(at, name), fields.integer(seq, name)) for at, seq in rows)


def _coded(value: Any, name: str) -> Tuple[RunCode, ...]:
    rows = [_row(item, name, 2) for item in fields.listing(value, name, MAX_REFUSED)]
    return tuple((fields.integer(at, name), fields.text(code, name, 64)) for at, code in rows)


def _triples(value: Any, name: str) -> Tuple[RunSeqCode, ...]:
    rows = [_row(item, name, 3) for item in fields.listing(value, name, MAX_REFUSED)]
    return tuple(
        (fields.integer(at, name), fields.integer(seq, name, 1), fields.text(code, name, 64))
        for at, seq, code in rows
    )


def _device(value: Any, name: str) -> str:
    device = fields.text(value, name, 22)
    device_id_bytes(device)
    return device


def _time_ms(value: Any, name: str) -> int:
    return fields.integer(value, name, high=MAX_TIME_MS)
