"""A relay and its upstream meet: by a code, as laptops and their server do."""

from __future__ import annotations

from typing import Protocol

from sync.clock import Clock
from sync.enrolment import (
    EnrolmentCode,
    EnrolmentRequest,
    code_keys,
    make_enrolment_request,
    open_enrolment_answer,
)
from sync.identity import Identity
from sync_server.errors import SetupError
from sync_server.relay.mirroring import adopt_publishers
from sync_server.settings import SCHOOL
from sync_server.store.model import Upstream
from sync_server.store.protocol import Store


class EnrolmentRoad(Protocol):
    """Whatever takes an enrolment request to a server and brings the answer."""

    def enrol(self, request: bytes) -> bytes:
        """Carry a request and return its answer.

        Raises:
            LinkError: the road failed.
            EnrolmentError: the server refused.
        """
        ...


def enrol_upstream(
    store: Store,
    identity: Identity,
    clock: Clock,
    road: EnrolmentRoad,
    code: EnrolmentCode,
    address: str,
) -> Upstream:
    """Become a relay of the server at ``address``, which gave out ``code``. Again is the same.

    Raises:
        LinkError: the road failed.
        SyncError: the server refused, or its answer is not its own.
        SetupError: it is this server itself, or one below it.
    """
    with store.transaction() as transaction:
        school = transaction.setting(SCHOOL) or ""
    keys = code_keys(code)
    request = make_enrolment_request(keys, EnrolmentRequest(identity.public, school, True))
    answer = open_enrolment_answer(keys, request, road.enrol(request))
    upstream = Upstream(answer.server, address, answer.school, last_contact_ms=clock.now_ms())
    with store.transaction() as transaction:
        if upstream.id == identity.public.device_id or transaction.school(upstream.id) is not None:
            raise SetupError(f"{answer.school} is this server, or relays to it: choose another.")
        transaction.add_upstream(upstream)
    adopt_publishers(store, upstream.id, answer.publishers)
    return upstream
