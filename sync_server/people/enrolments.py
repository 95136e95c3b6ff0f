"""Enrolment: a laptop with a code becomes a device with people."""

from __future__ import annotations

from typing import Tuple

from sync.clock import Clock
from sync.enrolment import (
    CodeKeys,
    EnrolmentAnswer,
    EnrolmentRequest,
    enrolment_code_id,
    make_enrolment_answer,
    open_enrolment_request,
)
from sync.errors import EnrolmentError
from sync.identity import Identity, PublicIdentity
from sync.people import Person
from sync_server.devices.lost import is_lost
from sync_server.relay.announcements import admit_relay
from sync_server.settings import SCHOOL
from sync_server.store.model import Code, Device
from sync_server.store.protocol import Store, Transaction


class EnrolmentService:
    """Answers enrolment requests out of a store. Thread-safe where the store is."""

    def __init__(self, store: Store, identity: Identity, clock: Clock) -> None:
        self._store = store
        self._identity = identity
        self._clock = clock

    def enrol(self, data: bytes) -> bytes:
        """Take an enrolment request and return its answer; the same laptop may ask again.

        Raises:
            sync.errors.MessageError: it does not have the form of a request.
            sync.errors.EnrolmentError: ``enrolment-code-unknown`` (never given out, or withdrawn),
                ``enrolment-unreadable`` (made by somebody who knows only the code's id),
                ``enrolment-code-used`` (by as many laptops as it is good for, or by a lost one),
                ``enrolment-code-other`` (a server with a laptop's code, or a laptop with a
                server's) or ``device-elsewhere`` (it came through a relay already).
        """
        code_id = enrolment_code_id(data)
        with self._store.transaction() as transaction:
            code = transaction.code(code_id)
            if code is None or code.withdrawn:
                raise EnrolmentError("enrolment-code-unknown")
            keys = CodeKeys(code.id, code.request_key, code.answer_key)
            request = open_enrolment_request(keys, data)
            self._admit(transaction, code, request)
            answer = self._answer(transaction, request.device.device_id)
        return make_enrolment_answer(keys, data, answer)

    def _admit(self, transaction: Transaction, code: Code, request: EnrolmentRequest) -> None:
        device_id = request.device.device_id
        if request.is_server != code.relay or device_id == self._identity.public.device_id:
            raise EnrolmentError("enrolment-code-other")
        if is_lost(transaction, device_id):
            # Who has the laptop may have the card too.
            raise EnrolmentError("enrolment-code-used")
        used_by = transaction.code_devices(code.id)
        if device_id in used_by:
            return
        if len(used_by) >= code.laptops:
            raise EnrolmentError("enrolment-code-used")
        now_ms = self._clock.now_ms()
        if code.relay:
            self._admit_relay(transaction, request, now_ms)
            transaction.use_code(code.id, device_id)
            return
        if transaction.relayed(device_id) is not None:
            raise EnrolmentError("device-elsewhere", device_id)
        transaction.add_device(Device(request.device, request.laptop, now_ms))
        transaction.touch_device(device_id, now_ms)
        transaction.grant(device_id, code.person_ids)
        transaction.use_code(code.id, device_id)

    def _admit_relay(
        self, transaction: Transaction, request: EnrolmentRequest, now_ms: int
    ) -> None:
        known = transaction.school(request.device.device_id)
        above = {upstream.id for upstream in transaction.upstreams()}
        if (known is not None and known.parent) or request.device.device_id in above:
            # It is reached through another server already: two ways would be a circle.
            raise EnrolmentError("device-elsewhere", request.device.device_id)
        admit_relay(transaction, request.device, request.laptop, now_ms)

    def _answer(self, transaction: Transaction, device_id: str) -> EnrolmentAnswer:
        people = transaction.granted(device_id)
        return introduce(transaction, self._identity.public, people, self._clock.now_ms())


def introduce(
    transaction: Transaction, server: PublicIdentity, people: Tuple[Person, ...], now_ms: int
) -> EnrolmentAnswer:
    """Return what a laptop should know of a server, and of the people who may use the laptop."""
    return EnrolmentAnswer(
        server=server,
        school=transaction.setting(SCHOOL) or "",
        people=people,
        publishers={p.key_id: p.public_key for p in transaction.publishers() if p.public_key},
        server_time_ms=now_ms,
    )
