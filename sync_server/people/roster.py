"""Who is at the school: people are added once and told to the laptops by roster records."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import replace
from typing import Callable, List, Optional, Sequence, Tuple

from sync.kinds import ROSTER
from sync.people import Person
from sync_server.errors import SetupError
from sync_server.people.pictures import choose_picture
from sync_server.records.own_journal import OwnJournal
from sync_server.store.protocol import Transaction

MAX_NAME_CHARACTERS = 100


def tidy_name(name: str, what: str) -> str:
    """Return a name as it is kept: composed letters, single spaces.

    Args:
        name: As somebody typed it.
        what: What the name is of, for the error.

    Raises:
        SetupError: nothing is left of it, it is too long or holds control characters.
    """
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not tidy:
        raise SetupError(f"The name of a {what} is empty: give one.")
    if len(tidy) > MAX_NAME_CHARACTERS:
        raise SetupError(
            f"The name of a {what} has over {MAX_NAME_CHARACTERS} letters: shorten it."
        )
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in tidy):
        raise SetupError(f"The name of a {what} holds an unprintable character: type it again.")
    return tidy


def add_people(
    transaction: Transaction,
    journal: OwnJournal,
    class_name: str,
    names: Sequence[Tuple[str, str]],
    *,
    always_new: bool = False,
    new_id: Optional[Callable[[], str]] = None,
    school: str = "",
) -> Tuple[Person, ...]:
    """Return the people of a class who have these (role, name), adding those who are not there yet.

    Args:
        transaction: In which everything happens.
        journal: Where each new person becomes a roster record.
        class_name: Of all of them; tidy.
        names: Roles and tidy names; the same twice is one person unless ``always_new``.
        always_new: Add somebody even if a classmate has the same name.
        new_id: Makes ids; None for random ones.
        school: The server below whose people they are; empty: this one.
    """
    classmates: List[Person] = list(transaction.people_of_class(class_name, school))
    chosen: List[Person] = []
    for role, name in names:
        same = [p for p in classmates if (p.role, p.name) == (role, name)]
        if same and not always_new:
            person = same[0]
        else:
            person = _new_person((new_id or new_person_id)(), role, name, class_name, classmates)
            person = replace(person, school=school)
            tell_of(transaction, journal, person)
            classmates.append(person)
        if person not in chosen:
            chosen.append(person)
    return tuple(chosen)


def known_person(transaction: Transaction, person_id: str) -> Person:
    """Return the person of an id.

    Raises:
        SetupError: nobody has it.
    """
    person = transaction.person(person_id)
    if person is None:
        raise SetupError(f"Nobody here has the id {person_id}: keruen-server person list has them.")
    return person


def new_person_id() -> str:
    """Draw an id; none begins with a dash, which commands would take for an option."""
    while (drawn := secrets.token_urlsafe(6)).startswith("-"):
        pass
    return drawn


def tell_of(transaction: Transaction, journal: OwnJournal, person: Person) -> None:
    """Add a person, or change what is known of one, and write the record that tells of it."""
    journal.witness(transaction.person_told(person.id))
    # Its readers follow from the person's school, so the person comes first.
    transaction.add_person(person, journal.time)
    record = journal.append(person.id, ROSTER, roster_body(person))
    transaction.add_person(person, record.time)


def _new_person(
    person_id: str, role: str, name: str, class_name: str, classmates: Sequence[Person]
) -> Person:
    taken = {classmate.picture for classmate in classmates}
    picture = choose_picture(f"{class_name}\n{role}\n{name}", taken)
    return Person(person_id, name, role, class_name, picture)


def roster_body(person: Person) -> dict[str, str]:
    """Return the body of the record that tells of a person."""
    body = {
        "person": person.id,
        "name": person.name,
        "role": person.role,
        "class": person.class_name,
        "picture": person.picture,
    }
    if person.school:
        body["school"] = person.school
    return body
