"""Payloads as a school makes them, drawn from a seed: what a dictionary learns from."""

from __future__ import annotations

import json
from random import Random
from typing import List

from sync.clock import hybrid_time
from sync.dictionaries.acts import Act
from sync.exchanges.exchange import ExchangeAnswer, ExchangeRequest
from sync.identity import device_id_text
from sync.journals.receipt import Receipt
from sync.people import person_to_json
from sync.record import Head, Record

START_MS = 1_788_000_000_000


def payloads(count: int, seed: int) -> List[bytes]:
    """Return ``count`` payloads of requests, answers and enrolments; the same for the same seed."""
    school = _School(Random(seed))  # noqa: S311 (shapes, not secrets)
    makers = (school.request, school.answer, school.request, school.answer, school.enrolment)
    return [makers[at % len(makers)]() for at in range(count)]


class _School:
    """Draws what devices and their server would say."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._act = Act(random)
        self._now_ms = START_MS

    def request(self) -> bytes:
        records = self._records(self._act.device(), self._random.choice((0, 0, 1, 1, 1, 2, 4)))
        device, seq = self._act.device(), self._random.randrange(1, 900)
        catalogues = {self._hex(32): self._random.randrange(1, 60)}
        if not records:
            request = ExchangeRequest(
                device, Head(seq, self._bytes(32)), seq + 1, (), self._cursor(), catalogues
            )
            return request.to_payload()
        return ExchangeRequest(
            records[0].device,
            Head(records[-1].seq, self._bytes(32)),
            records[0].seq,
            records,
            self._cursor(),
            catalogues if self._random.random() < 0.7 else {},
        ).to_payload()

    def answer(self) -> bytes:
        records = [
            record
            for _ in range(self._random.choice((0, 0, 0, 1, 1, 2, 4)))
            for record in self._records(self._act.device(), 1)
        ]
        return ExchangeAnswer(
            reply_to=self._bytes(8),
            server_time_ms=self._time_ms(),
            receipt=self._receipt() if self._random.random() < 0.7 else None,
            records=tuple(records),
            since=self._cursor() if records else "",
            cursor=self._cursor() if records else "",
            more=self._random.random() < 0.1,
            catalogues={self._hex(32): 3} if self._random.random() < 0.2 else {},
            publishers={self._hex(32): self._bytes(32)} if self._random.random() < 0.1 else None,
        ).to_payload()

    def enrolment(self) -> bytes:
        people = [person_to_json(self._act.person()) for _ in range(self._random.randrange(1, 12))]
        value = {
            "q": device_id_text(self._bytes(8)),
            "i": device_id_text(self._bytes(64)),
            "n": self._random.choice(("№ 12 орта мектеп", "Ауыл мектебі", "Школа № 5")),
            "p": people,
            "k": {self._hex(32): device_id_text(self._bytes(32))},
            "t": self._time_ms(),
        }
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")

    def _records(self, device: str, acts: int) -> tuple[Record, ...]:
        said = [one for _ in range(acts) for one in self._act.draw()]
        first_seq, records = self._random.randrange(1, 900), []
        now_ms = self._time_ms()
        for seq, one in enumerate(said, first_seq):
            now_ms += one.pause_ms
            time = hybrid_time(now_ms, 0)
            records.append(Record(device, seq, time, one.person, one.kind, one.body))
        return tuple(records)

    def _receipt(self) -> Receipt:
        seq = self._random.randrange(1, 900)
        known = b"" if self._random.random() < 0.8 else self._bytes(32)
        return Receipt("", seq, known, self._now_ms, self._bytes(64))

    def _cursor(self) -> str:
        serial = self._random.randrange(1, 90_000)
        return f"{self._random.randrange(1, 4)}.{serial}.{self._hex(4)}"

    def _time_ms(self) -> int:
        self._now_ms += self._random.randrange(1, 90_000_000)
        return self._now_ms

    def _hex(self, digits: int) -> str:
        return f"{self._random.getrandbits(4 * digits):0{digits}x}"

    def _bytes(self, count: int) -> bytes:
        return self._random.getrandbits(8 * count).to_bytes(count, "big")
