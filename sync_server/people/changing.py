"""What changes about a person: name, class, school. The id stays, and so does the work."""

from __future__ import annotations

from dataclasses import replace

from sync.people import Person
from sync_server.errors import SetupError
from sync_server.people.roster import known_person, tell_of, tidy_name
from sync_server.records.own_journal import OwnJournal
from sync_server.store.protocol import Transaction


def rename(transaction: Transaction, journal: OwnJournal, person_id: str, name: str) -> Person:
    """Give a person another name; their laptops and teachers hear of it.

    Raises:
        SetupError: nobody has this id, or it is no name.
    """
    known = known_person(transaction, person_id)
    return _told(transaction, journal, replace(known, name=tidy_name(name, known.role)))


def move(
    transaction: Transaction,
    journal: OwnJournal,
    person_id: str,
    class_name: str,
    school_id: str = "",
) -> Person:
    """Put a person into another class, and into another school below where one is named.

    Their earlier work goes along: the new class's teachers see it. The former school goes on taking
    in what its laptops still have of it, and passes it on.

    Raises:
        SetupError: nobody has this id, it is no class, or neither school is below this server.
    """
    known = known_person(transaction, person_id)
    moved = replace(known, class_name=tidy_name(class_name, "class"))
    if school_id and school_id != known.school:
        moved = replace(moved, school=school_id)
        _open_both(transaction, known, school_id)
    return _told(transaction, journal, moved)


def _open_both(transaction: Transaction, person: Person, school_id: str) -> None:
    """Let the work of who moves pass from the one school to the other."""
    former, school = transaction.school(person.school), transaction.school(school_id)
    if school is None:
        raise SetupError(f"No server {school_id} relays here: keruen-server status lists them.")
    if former is None:
        raise SetupError(
            f"{person.name} is not of a school below: a move is made at the server above both."
        )
    for via in (former.via, school.via):
        transaction.add_guest(person.id, via)


def _told(transaction: Transaction, journal: OwnJournal, person: Person) -> Person:
    if transaction.person(person.id) != person:
        tell_of(transaction, journal, person)
    return person
