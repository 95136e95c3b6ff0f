"""What an upstream answers a relay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Tuple

from sync import fields
from sync.exchanges.batch import decode_batch, encode_batch
from sync.exchanges.exchange import name_starts, publishers_from_json
from sync.identity import SIGNATURE_BYTES
from sync.message import DIGEST_BYTES as REPLY_BYTES
from sync.record import Record
from sync.relaying.heads import DIGEST_BYTES, HeadsReceipt
from sync.relaying.page import HeadsPage, page_from_json, page_to_json
from sync.relaying.request import packed
from sync.relaying.rows import (
    RunCode,
    RunSeq,
    RunSeqCode,
    coded,
    device,
    mark,
    pairs,
    row,
    time_ms,
    triples,
)
from sync.relaying.run import Run, runs_from_json, runs_to_json
from sync.relaying.want import MAX_WANTS


@dataclass(frozen=True)
class RelayAnswer:
    """What the upstream says, after all that it took in is on its disk.

    ``receipt`` covers all journals of the relay. By the place of a run in the request: ``refused``
    records that are held but not accepted (and that the relay had accepted), ``resend`` from where
    the upstream lacks a journal, ``forked`` from where it holds another one, ``rejected`` runs of
    which nothing was taken. ``records`` were written elsewhere for the relay's people.
    ``back`` are the runs that the relay asked for, ``apart``
    the journals that differ already before the seq from which it asked. ``missing`` are
    beginnings of the names of attached files that the relay's journals name and the upstream lacks.
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
    since: str = ""
    cursor: str = ""
    more: bool = False
    back: Tuple[Run, ...] = ()
    apart: Tuple[str, ...] = ()
    catalogues: Mapping[str, int] = field(default_factory=dict)
    publishers: Optional[Mapping[str, bytes]] = None
    missing: Tuple[bytes, ...] = ()

    def to_payload(self) -> bytes:
        """Return the UTF-8 JSON; what has its usual value is left out."""
        publishers = self.publishers
        value: Dict[str, Any] = {
            "s": _receipt_to_json(self.receipt),
            "x": [list(item) for item in self.refused],
            "y": [list(item) for item in self.resend],
            "z": [list(item) for item in self.forked],
            "e": [list(item) for item in self.rejected],
            "h": page_to_json(self.page),
            "r": encode_batch(self.records),
            "u": [self.since, self.cursor] if self.cursor or self.since else None,
            "m": self.more,
            "b": runs_to_json(self.back),
            "d": list(self.apart),
            "c": dict(self.catalogues),
            "f": [fields.to_text(start) for start in self.missing],
        }
        sent = {key: item for key, item in value.items() if item}
        if publishers is not None:
            sent["k"] = {name: fields.to_text(key) for name, key in publishers.items()}
        return packed({"q": fields.to_text(self.reply_to), "t": self.server_time_ms, **sent})

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
        since, cursor = (mark(one, "answer.u") for one in marks)
        return cls(
            reply_to=fields.binary(value.get("q"), "answer.q", REPLY_BYTES),
            server_time_ms=time_ms(value.get("t"), "answer.t"),
            receipt=_receipt_from_json(value["s"]) if "s" in value else None,
            refused=triples(value.get("x", []), "answer.x"),
            resend=pairs(value.get("y", []), "answer.y"),
            forked=pairs(value.get("z", []), "answer.z"),
            rejected=coded(value.get("e", []), "answer.e"),
            page=page_from_json(value["h"]) if "h" in value else None,
            records=decode_batch(value.get("r", {})),
            since=since,
            cursor=cursor,
            more=fields.boolean(value.get("m", False), "answer.m"),
            back=runs_from_json(fields.mapping(value.get("b", {}), "answer.b")),
            apart=tuple(
                device(item, "answer.d")
                for item in fields.listing(value.get("d", []), "answer.d", MAX_WANTS)
            ),
            catalogues=fields.numbers_by_text(value.get("c", {}), "answer.c"),
            publishers=publishers_from_json(value["k"], "answer.k") if "k" in value else None,
            missing=name_starts(value.get("f", []), "answer.f"),
        )


def _receipt_to_json(receipt: Optional[HeadsReceipt]) -> Any:
    if receipt is None:
        return None
    texts = fields.to_text(receipt.digest), fields.to_text(receipt.signature)
    return [texts[0], receipt.time_ms, texts[1]]


def _receipt_from_json(value: Any) -> HeadsReceipt:
    digest, signed_ms, signature = row(value, "answer.s", 3)
    return HeadsReceipt(
        fields.binary(digest, "answer.s.digest", DIGEST_BYTES),
        time_ms(signed_ms, "answer.s.time"),
        fields.binary(signature, "answer.s.signature", SIGNATURE_BYTES),
    )
