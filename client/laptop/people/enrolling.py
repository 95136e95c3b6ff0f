"""Joining a school by a code that a child can type."""

from __future__ import annotations

import platform
from dataclasses import replace
from typing import TYPE_CHECKING, Callable, Dict, Protocol, Tuple

from client.laptop.errors import Fault
from client.laptop.machine.reporting import report
from client.laptop.people.membership import Membership
from client.laptop.people.people import Person
from client.laptop.problems import as_laptop_error, failure
from client.laptop.store import Store
from sync.errors import Fault as SyncFault
from sync.errors import SyncError

if TYPE_CHECKING:
    from sync.enrolment import EnrolmentAnswer


class Enroller(Protocol):
    """A road that carries an enrolment and its answer."""

    def enrol(self, request: bytes) -> bytes:
        """Carry it; raises sync.errors.LinkError or RefusedError."""
        ...


def enrol(
    store: Store, reach: Callable[[str], Enroller], address: str, code: str, laptop_name: str
) -> None:
    """Ask the school at an address to take this laptop in.

    A laptop that belongs to a school already may use a further code of that same school: the code's
    people come in addition. Raises LaptopError with the sentence to show.
    """
    from sync.enrolment import (
        EnrolmentCode,
        EnrolmentRequest,
        code_keys,
        make_enrolment_request,
        open_enrolment_answer,
    )
    from sync.identity import PublicIdentity

    try:
        keys = code_keys(EnrolmentCode.parse(code))
        own = own_keys(store)
        device = PublicIdentity.from_bytes(own.device)
        request = make_enrolment_request(keys, EnrolmentRequest(device, name_of(laptop_name)))
        reply = reach(address).enrol(request)
        answer = open_enrolment_answer(keys, request, reply)
    except SyncError as error:
        if error.fault is SyncFault.LINK:
            raise failure("enrol-link", Fault.LINK, str(error)) from error
        raise as_laptop_error(error, address) from error
    join(store, own, address, answer)


def own_keys(store: Store) -> Membership:
    """Give the keys this laptop has, or makes: they are on the disk before anybody sees them.

    If the answer is lost, the school knows this laptop by these keys when the code comes again.
    """
    from sync.identity import Identity

    if store.membership is None:
        identity = Identity.generate()
        store.keep_membership(Membership(identity.to_bytes(), identity.public.to_bytes()))
    assert store.membership is not None  # noqa: S101 - kept the line before
    return store.membership


def name_of(laptop_name: str) -> str:
    """Give the name by which the school will know this laptop."""
    return (laptop_name.strip() or platform.node() or "laptop")[:100]


def check_school(own: Membership, answer: EnrolmentAnswer) -> None:
    """Raise LaptopError ``already-enrolled`` for another school than the one joined before."""
    if own.enrolled and own.server != answer.server.to_bytes():
        school = own.school
        raise failure("already-enrolled", Fault.YOUR_DATA, school, school=school)


def join(
    store: Store, own: Membership, address: str, answer: EnrolmentAnswer, *, aged: bool = False
) -> None:
    """Keep what a school says of itself and of the people of this laptop.

    An answer that is ``aged`` came by stick, perhaps after days: its time is not that of now.

    Raises LaptopError ``already-enrolled``.
    """
    check_school(own, answer)
    server = answer.server.to_bytes()
    store.keep_membership(
        replace(
            own,
            address=address,
            server=server,
            school=answer.school,
            people=_with_news(own, answer),
            publishers={**own.publishers, **answer.publishers},
        )
    )
    with store.database.transaction():
        journal = store.journal()
        clock = journal.clock()
        refer = clock.refer_aged if aged else clock.refer
        refer(answer.server_time_ms)
        journal.keep_clock(clock)
    report(store)


def _with_news(own: Membership, answer: EnrolmentAnswer) -> Tuple[Person, ...]:
    people: Dict[str, Person] = {one.id: one for one in own.people}
    for one in answer.people:
        people[one.id] = Person(one.id, one.name, one.role, one.class_name, one.picture)
    return tuple(people.values())
