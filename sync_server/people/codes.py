"""Giving out enrolment codes, and taking them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence, Tuple

from sync.clock import Clock
from sync.enrolment import EnrolmentCode, code_keys
from sync.people import Person
from sync_server.errors import SetupError
from sync_server.people.roster import add_people, tidy_name
from sync_server.records.own_journal import OwnJournal
from sync_server.records.routing import STUDENT, TEACHER
from sync_server.store.model import Code
from sync_server.store.protocol import Store, Transaction

MAX_LAPTOPS = 1000


@dataclass(frozen=True)
class Wish:
    """For whom a code is wanted; no names at all mean everybody whom the class has already.

    ``always_new`` adds people even where a classmate has the same name. ``school`` is the id of the
    server below whose people they are; empty for this server's own.
    """

    class_name: str
    students: Tuple[str, ...] = ()
    teachers: Tuple[str, ...] = ()
    laptops: int = 1
    always_new: bool = False
    school: str = ""


@dataclass(frozen=True)
class IssuedCode:
    """A code to be typed on as many laptops as it is good for, and who can then use them."""

    code: EnrolmentCode
    id: str
    people: Tuple[Person, ...]
    laptops: int


def issue_code(store: Store, own_device_id: str, clock: Clock, wish: Wish) -> IssuedCode:
    """Add the people who are not there yet, and give out a new code for all of them.

    Args:
        store: The school's.
        own_device_id: The server's, which writes the roster records.
        clock: For the time of both.
        wish: Names as somebody typed them.

    Raises:
        SetupError: a name is no name, nobody is meant, or a number is out of bounds.
    """
    with store.transaction() as transaction:
        people = _wished(transaction, own_device_id, clock, wish)
        return _issued(transaction, clock, people, wish.laptops)


def issue_codes_for(
    store: Store, own_device_id: str, clock: Clock, wish: Wish
) -> Tuple[IssuedCode, ...]:
    """Give out a code of their own to each person; otherwise as ``issue_code``."""
    with store.transaction() as transaction:
        people = _wished(transaction, own_device_id, clock, wish)
        return tuple(_issued(transaction, clock, (one,), wish.laptops) for one in people)


def _wished(
    transaction: Transaction, own_device_id: str, clock: Clock, wish: Wish
) -> Tuple[Person, ...]:
    if not 1 <= wish.laptops <= MAX_LAPTOPS:
        raise SetupError(f"A code is good for 1 to {MAX_LAPTOPS} laptops, not {wish.laptops}.")
    class_name = tidy_name(wish.class_name, "class")
    names = [(STUDENT, tidy_name(name, "student")) for name in wish.students]
    names += [(TEACHER, tidy_name(name, "teacher")) for name in wish.teachers]
    journal = OwnJournal(transaction, own_device_id, clock)
    _check_school(transaction, wish, names)
    people = add_people(
        transaction,
        journal,
        class_name,
        names,
        always_new=wish.always_new,
        school=wish.school,
    )
    people = people if names else transaction.people_of_class(class_name, wish.school)
    if not people:
        raise SetupError(
            f"Nobody is in class {class_name} yet: name people with --student or --teacher."
        )
    return people


def _issued(
    transaction: Transaction, clock: Clock, people: Tuple[Person, ...], laptops: int
) -> IssuedCode:
    code = EnrolmentCode.generate()
    keys = code_keys(code)
    ids = tuple(person.id for person in people)
    new = Code(*keys, person_ids=ids, laptops=laptops, created_ms=clock.now_ms())
    transaction.add_code(new)
    return IssuedCode(code, keys.code_id.hex(), people, laptops)


def _check_school(transaction: Transaction, wish: Wish, names: Sequence[Tuple[str, str]]) -> None:
    """Refuse people of a school that this server does not know, or may not add people to."""
    if not wish.school or transaction.school(wish.school) is not None:
        return
    guests = {(one.role, one.name) for one in transaction.people_of_school(wish.school)}
    if not guests:
        raise SetupError(
            f"No server {wish.school} relays to this one: keruen-server status lists them."
        )
    for role, name in names:
        if (role, name) not in guests or wish.always_new:
            raise SetupError(f"{name} is no guest here: ask the server above for it.")


def issue_relay_code(store: Store, clock: Clock) -> IssuedCode:
    """Give out a code with which one server may relay to this one."""
    code = EnrolmentCode.generate()
    keys = code_keys(code)
    with store.transaction() as transaction:
        new = Code(*keys, person_ids=(), laptops=1, created_ms=clock.now_ms(), relay=True)
        transaction.add_code(new)
    return IssuedCode(code, keys.code_id.hex(), (), 1)


def withdraw_code(store: Store, code_id: str) -> Code:
    """Let no further laptop enrol with a code; those that did stay enrolled.

    Args:
        store: The school's.
        code_id: 16 hex digits, as given out with the code and listed by ``status``.

    Raises:
        SetupError: there is no such code.
    """
    with store.transaction() as transaction:
        code = _find(transaction, code_id)
        transaction.withdraw_code(code.id)
    return code


def _find(transaction: Transaction, code_id: str) -> Code:
    try:
        code = transaction.code(bytes.fromhex(code_id))
    except ValueError:
        code = None
    if code is None:
        raise SetupError(
            f"There is no code with the id {code_id}: keruen-server status lists the ids."
        )
    return code
