"""People who leave the school, and come back: told in the roster, never forgotten here.

What they handed in is still taken from laptops and stays on the server. Their laptops let go of
their data once the school holds all of it and thirty days have passed.
"""

from __future__ import annotations

from sync.kinds import ROSTER
from sync.people import Person
from sync_server.people.roster import known_person, roster_body, tell_of
from sync_server.records.own_journal import OwnJournal
from sync_server.store.protocol import Transaction

LEFT = "left"
"""The field of a roster record that says it."""


def tell_of_leaving(transaction: Transaction, journal: OwnJournal, person_id: str) -> Person:
    """Tell laptops that a person is at the school no more.

    Raises:
        SetupError: nobody has this id.
    """
    person = known_person(transaction, person_id)
    record = journal.append(person.id, ROSTER, {**roster_body(person), LEFT: True})
    transaction.add_person(person, record.time)
    return person


def tell_of_return(transaction: Transaction, journal: OwnJournal, person_id: str) -> Person:
    """Tell laptops that a person is at the school after all.

    Raises:
        SetupError: nobody has this id.
    """
    person = known_person(transaction, person_id)
    tell_of(transaction, journal, person)
    return person
