"""What servers say in their own journals: who is at a school, its laptops, and servers below it.

A server's own journal is all that another server must know of it, and all that it needs itself to
be whole again after a restore: reading the records again in their order brings it all back.
"""

from __future__ import annotations

from typing import Any, Dict

from sync import fields
from sync.identity import KEY_BYTES, PublicIdentity
from sync.journals.branch import ORIGIN
from sync.kinds import LAPTOP, ROSTER, SCHOOL
from sync.people import Person
from sync.record import Record
from sync_server.people.roster import roster_body, tell_of
from sync_server.records.own_journal import OwnJournal
from sync_server.store.model import Device, RelayedDevice, School
from sync_server.store.protocol import Transaction

SAID_BY_SERVERS = (ROSTER, LAPTOP, SCHOOL)


def keys_of(record: Record) -> PublicIdentity:
    """Return the keys that a laptop's or school's record names.

    Raises:
        MessageError: they are no keys.
    """
    return PublicIdentity.from_bytes(fields.binary(record.body["keys"], "keys", 2 * KEY_BYTES))


def school_of(record: Record) -> str:
    """Return the id of the server whose person a roster record is about."""
    return str(record.body.get("school") or record.device)


def person_of(record: Record, own_id: str) -> Person:
    """Return the person that a roster record tells of, as the server ``own_id`` keeps them."""
    body, school = record.body, school_of(record)
    return Person(
        body["person"],
        body["name"],
        body["role"],
        body["class"],
        body["picture"],
        "" if school == own_id else school,
    )


def tell_of_new(transaction: Transaction, journal: OwnJournal, own_id: str) -> None:
    """Write down whom and what the own journal does not tell of yet, or not as it is now.

    That is everybody at this school, also those of whom another server told, and every laptop and
    server enrolled here.
    """
    told: Dict[str, Any] = {
        record.person: {name: item for name, item in record.body.items() if name != ORIGIN}
        for record in transaction.own_words(own_id, SAID_BY_SERVERS)
    }
    for person in transaction.people_of_school(""):
        if told.get(person.id) != roster_body(person):
            tell_of(transaction, journal, person)
    for device in transaction.devices():
        body = _laptop_body(transaction, device)
        if told.get(device.id) != body:
            journal.append(device.id, LAPTOP, body)
    for school in transaction.schools():
        body = {"keys": fields.to_text(school.identity.to_bytes()), "name": school.name}
        if not school.parent and told.get(school.id) != body:
            journal.append(school.id, SCHOOL, body)


def _laptop_body(transaction: Transaction, device: Device) -> Dict[str, Any]:
    return {
        "keys": fields.to_text(device.identity.to_bytes()),
        "name": device.name,
        "people": [person.id for person in transaction.granted(device.id)],
        "parent": transaction.branch_parent(device.id) or "",
    }


def learn_from_below(transaction: Transaction, record: Record, via: str, own_id: str) -> None:
    """Keep what a server below says; its record was accepted."""
    if record.kind == ROSTER:
        transaction.add_person(person_of(record, own_id), record.time)
        return
    keys, name = keys_of(record), record.body["name"]
    server = record.device if record.kind == LAPTOP else keys.device_id
    raw = keys.to_bytes()
    transaction.add_relayed(RelayedDevice(keys.device_id, via, server, raw, name))
    if record.kind == SCHOOL:
        transaction.add_school(School(keys, name, via, record.device))
        return
    parent = transaction.relayed(record.body["parent"])
    if parent is not None and parent.via == via:
        transaction.add_branch(keys.device_id, parent.id)


def learn_own(transaction: Transaction, record: Record, own_id: str, now_ms: int) -> None:
    """Know again what this server itself said before it came back from a backup."""
    if record.kind == ROSTER:
        transaction.add_person(person_of(record, own_id), record.time)
        return
    keys, name = keys_of(record), record.body["name"]
    if record.kind == SCHOOL:
        admit_relay(transaction, keys, name, now_ms)
        return
    if transaction.device(keys.device_id) is None:
        transaction.add_device(Device(keys, name, now_ms))
    known = [one for one in record.body["people"] if transaction.person(one) is not None]
    for person in transaction.granted(keys.device_id):
        if person.id not in known:
            transaction.revoke(keys.device_id, person.id)
    transaction.grant(keys.device_id, known)
    if record.body["parent"]:
        transaction.add_branch(keys.device_id, record.body["parent"])


def admit_relay(transaction: Transaction, keys: PublicIdentity, name: str, now_ms: int) -> None:
    """Let a server relay to this one."""
    relay = keys.device_id
    transaction.add_school(School(keys, name, relay, "", now_ms))
    transaction.add_relayed(RelayedDevice(relay, relay, relay, keys.to_bytes(), name))


def learn_from_above(transaction: Transaction, record: Record, own_id: str) -> None:
    """Keep what a server above says of people here; its record was accepted."""
    transaction.add_person(person_of(record, own_id), record.time)
