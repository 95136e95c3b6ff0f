"""People of one school below who work at another too: a boarding school, a resource centre."""

from __future__ import annotations

from typing import Tuple

from sync.clock import Clock
from sync.people import Person
from sync_server.errors import SetupError
from sync_server.people.roster import tell_of
from sync_server.records.own_journal import OwnJournal
from sync_server.store.model import School
from sync_server.store.protocol import Store


def invite(
    store: Store, own_id: str, clock: Clock, person_id: str, school_id: str
) -> Tuple[Person, School]:
    """Let a school below speak for a person of another one. Again changes nothing.

    The person's earlier work goes there too, and what they do there goes to their own school.

    Raises:
        SetupError: there is no such person or school, or the person is of that school.
    """
    with store.transaction() as transaction:
        person, school = transaction.person(person_id), transaction.school(school_id)
        if school is None:
            raise SetupError(f"No server {school_id} relays here: keruen-server status lists them.")
        if person is None or not person.school:
            raise SetupError(f"{person_id} is nobody of a school below.")
        if person.school == school_id:
            raise SetupError(f"{person.name} is of that school anyway.")
        transaction.add_guest(person.id, school.via)
        tell_of(transaction, OwnJournal(transaction, own_id, clock), person)
    return person, school
