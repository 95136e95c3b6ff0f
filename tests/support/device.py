"""A laptop without a programme: keys, a journal and an inbox, for tests below the client."""

from __future__ import annotations

import dataclasses
import sqlite3
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

from sync.clock import Clock, SystemClock
from sync.database import open_database
from sync.enrolment import (
    EnrolmentAnswer,
    EnrolmentCode,
    EnrolmentRequest,
    code_keys,
    make_enrolment_request,
    open_enrolment_answer,
)
from sync.exchanges.dialogue import Outcome, Parties, exchange_all, exchange_once, plan_request
from sync.exchanges.exchange import ExchangeAnswer, ExchangeRequest
from sync.identity import Identity, PublicIdentity
from sync.journals.inbox import Inbox
from sync.journals.journal import Journal
from sync.kinds import MARK, PROGRESS, SUBMISSION
from sync.message import Kind, make_message, open_message
from sync.record import Record


class TestDevice:
    """One device; ``road`` is anything with ``exchange`` and ``enrol``."""

    __test__ = False

    def __init__(
        self,
        path: Optional[Path] = None,
        clock: Optional[Clock] = None,
        identity: Optional[Identity] = None,
        server: Optional[PublicIdentity] = None,
    ) -> None:
        self.identity = identity or Identity.generate()
        self.db: sqlite3.Connection = open_database(path) if path else _in_memory()
        self.journal = Journal(self.db, self.identity.public, clock or SystemClock())
        self.inbox = Inbox(self.db)
        self.server = server
        self.people: Tuple[Any, ...] = ()

    @property
    def id(self) -> str:
        return self.identity.public.device_id

    def close(self) -> None:
        self.db.close()

    def enrol(self, road: Any, code: str, name: str = "Laptop 1") -> EnrolmentAnswer:
        keys = code_keys(EnrolmentCode.parse(code))
        request = make_enrolment_request(keys, EnrolmentRequest(self.identity.public, name))
        answer = open_enrolment_answer(keys, request, road.enrol(request))
        self.server, self.people = answer.server, answer.people
        return answer

    def person(self, name: str) -> str:
        """The id of somebody who may use this device."""
        return next(person.id for person in self.people if person.name == name)

    def write(self, person: str, kind: str, body: Mapping[str, Any]) -> Record:
        return self.journal.append(person, kind, body)

    def hand_in(self, person: str, answer: str = "5", task: str = "check") -> Record:
        return self.write(person, SUBMISSION, submission(answer, task))

    def mark(self, teacher: str, student: str, work: Record, points: float = 3) -> Record:
        body = {
            "student": student,
            "device": work.device,
            "seq": work.seq,
            "points": points,
            "of": 5,
            "comment": "Жарайсың",
        }
        return self.write(teacher, MARK, body)

    def watch(self, person: str, position_s: int) -> Record:
        body = {"pack": "algebra-7-linear", "lesson": "meaning", "position_s": position_s}
        return self.write(person, PROGRESS, {**body, "seen": False})

    def exchange(self, road: Any, **options: Any) -> Outcome:
        return exchange_once(self._parties(), road, {}, **options)

    def exchange_all(self, road: Any, **options: Any) -> Tuple[Outcome, ...]:
        return exchange_all(self._parties(), road, {}, **options)

    def request(self, catalogues: Optional[Dict[str, int]] = None) -> ExchangeRequest:
        return plan_request(self.journal, self.inbox.cursor, catalogues or {})

    def seal(self, request: ExchangeRequest) -> bytes:
        """A request as a message, whatever it says."""
        assert self.server is not None
        payload = request.to_payload()
        return make_message(Kind.EXCHANGE_REQUEST, payload, self.identity, self.server)

    def open(self, answer: bytes) -> ExchangeAnswer:
        assert self.server is not None
        known = {self.server.device_id: self.server}
        opened = open_message(answer, Kind.EXCHANGE_ANSWER, self.identity, known.get)
        found = ExchangeAnswer.from_payload(opened.payload, self.id)
        receipt = found.receipt and self.journal.whole(found.receipt)
        return dataclasses.replace(found, receipt=receipt)

    def _parties(self) -> Parties:
        assert self.server is not None, "enrol first"
        return Parties(self.db, self.identity, self.server, self.journal, self.inbox)


def submission(answer: str = "5", task: str = "check") -> Dict[str, Any]:
    """The body of a submission."""
    return {
        "pack": "algebra-7-linear",
        "version": "1",
        "lesson": "meaning",
        "task": task,
        "answers": {"root": answer},
        "points": 1,
        "of": 2,
        "waiting": 1,
        "language": "kk",
    }


def _in_memory() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)
