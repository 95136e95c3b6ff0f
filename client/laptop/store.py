"""What all parts of the laptop stand on: database, journal, membership and clock."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Dict, Mapping, Optional, Tuple

from client.laptop.errors import Fault
from client.laptop.people import membership as memberships
from client.laptop.people.calling import short_names
from client.laptop.people.membership import Membership
from client.laptop.people.people import Person, by_alphabet
from client.laptop.problems import failure
from client.laptop.storage.database import Database
from client.vaults.keyring import Keyring
from client.vaults.locked_bodies import LockedBodies
from client.vaults.travelling import Rules, rules_of
from sync.clock import Clock, SystemClock
from sync.identity import PublicIdentity
from sync.journals.inbox import Inbox
from sync.journals.journal import Journal
from sync.journals.lineage import Lineage
from sync.kinds import SCHOOL_RULES

if TYPE_CHECKING:
    from sync.identity import Identity

NAME = "whole name"
"""What locked names are bound to."""


class Store:
    """The folder of one laptop, opened. Journal and inbox are bound to the asking thread."""

    def __init__(self, folder: Path, database: Database, clock: Optional[Clock] = None) -> None:
        self.folder = folder
        self.database = database
        self.clock: Clock = clock or SystemClock()
        self._membership = memberships.load(folder)
        self.keyring = Keyring(folder, self._granted, self._rules, self._prepare)
        self.follow_branch()

    @property
    def membership(self) -> Optional[Membership]:
        """The school's word that this laptop belongs to it; None before the first try."""
        return self._membership

    @property
    def bodies(self) -> LockedBodies:
        """How what belongs to people lies in the database."""
        return self.keyring.bodies

    def keep_membership(self, membership: Membership) -> None:
        """Put a new membership on the disk and use it.

        Whoever has a vault is called there as on the first screen; their whole name is locked.
        """
        membership = replace(membership, people=self._called(membership.people))
        memberships.save(self.folder, membership)
        self._membership = membership

    def _called(self, people: Tuple[Person, ...]) -> Tuple[Person, ...]:
        if not any(self.keyring.has(one.id) for one in people):
            return people
        called = []
        with self.database.transaction() as connection:
            for person, short in zip(people, short_names(people)):
                if not self.keyring.has(person.id) or person.name == short:
                    called.append(person)
                    continue
                name = self.bodies.lock_text(connection, person.id, person.name, NAME)
                row = person.id, name
                connection.execute("INSERT OR REPLACE INTO names VALUES (?, ?)", row)
                called.append(replace(person, name=short))
        return tuple(called)

    def _granted(self) -> Tuple[Person, ...]:
        return self._membership.people if self._membership else ()

    def _rules(self) -> Rules:
        return rules_of(self.inbox().of_kind(SCHOOL_RULES))

    def prepare_all(self, journal: Journal) -> None:
        """Put all that waits in a journal and can be read now, and not always, into requests."""
        from sync.exchanges.outbox import Outbox

        connection = self.database.connection
        parties = self.identity(), self.server()
        Outbox(connection).prepare_all(journal, *parties, serials(connection))

    def _prepare(self, connection: sqlite3.Connection, journal: Journal) -> None:
        """Put what a journal gained into a request, while it can be read."""
        from sync.exchanges.outbox import Outbox

        identity: Optional[Identity] = self.identity()
        if identity is not None and identity.public.device_id != journal.device:
            # The journal that a branch goes on in, before it is this laptop's.
            identity = Lineage(connection, self.clock, self.bodies).keys_of(journal.device)
        if identity is not None:
            Outbox(connection).prepare(journal, identity, self.server(), serials(connection))

    def follow_branch(self) -> None:
        """Use the identity that the journal goes on under since it branched off (law 8)."""
        if self._membership is None:
            return
        lineage = Lineage(self.database.connection, self.clock)
        device = PublicIdentity.from_bytes(self._membership.device)
        if lineage.adopted_device() in (None, device.device_id):
            return
        identity = lineage.adopted()
        if identity is not None:
            self.keep_membership(
                replace(
                    self._membership,
                    secret=identity.to_bytes(),
                    device=identity.public.to_bytes(),
                )
            )

    def enrolled(self) -> Membership:
        """Give the membership; raises LaptopError ``not-enrolled`` when there is none."""
        if self._membership is None or not self._membership.enrolled:
            raise failure("not-enrolled", Fault.YOUR_DATA)
        return self._membership

    def journal(self) -> Journal:
        """Give this laptop's journal on this thread's connection."""
        device = PublicIdentity.from_bytes(self.enrolled().device)
        return Journal(self.database.connection, device, self.clock, self.bodies)

    def inbox(self) -> Inbox:
        """Give the records of others on this thread's connection."""
        return Inbox(self.database.connection, self.bodies)

    def identity(self) -> Identity:
        """Load this laptop's secret keys (and the cryptography library)."""
        from sync.identity import Identity

        return Identity.from_bytes(self.enrolled().secret)

    def server(self) -> PublicIdentity:
        """Give the keys of the school's server."""
        return PublicIdentity.from_bytes(self.enrolled().server)

    def now_ms(self) -> int:
        """Tell the time, corrected by what the server's last answer taught us."""
        if self._membership is None or not self._membership.enrolled:
            return self.clock.now_ms()
        return self.journal().clock().now_ms()

    def people(self) -> Tuple[Person, ...]:
        """List the people whom the school granted to this laptop, students first."""
        if self._membership is None:
            return ()
        people = self._membership.people
        if self.bodies.person:
            people = self._named(people)
        return tuple(sorted(people, key=lambda one: (one.is_teacher, by_alphabet(one))))

    def _named(self, people: Tuple[Person, ...]) -> Tuple[Person, ...]:
        """Give people by their whole names, where they can be read."""
        connection = self.database.connection
        names = {}
        for person, stored in connection.execute("SELECT person, name FROM names").fetchall():
            name = self.bodies.unlock_text(connection, stored, NAME)
            if name:
                names[person] = name
        return tuple(replace(one, name=names.get(one.id, one.name)) for one in people)

    def present(self, person_id: str) -> Person:
        """Find somebody whose own things can be read and written now.

        Raises LaptopError ``no-such-person``, or ``vault-closed`` while they are away.
        """
        self.keyring.check(person_id)
        return self.person(person_id)

    def person(self, person_id: str) -> Person:
        """Find one of them; raises LaptopError ``no-such-person``."""
        for person in self.people():
            if person.id == person_id:
                return person
        raise failure("no-such-person", Fault.YOUR_DATA, person_id)

    def setting(self, name: str, default: str = "") -> str:
        """Look a setting up."""
        row = self.database.connection.execute(
            "SELECT value FROM settings WHERE name = ?", (name,)
        ).fetchone()
        return str(row[0]) if row else default

    def keep_settings(self, values: Mapping[str, str]) -> None:
        """Keep settings, all or none."""
        with self.database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO settings VALUES (?, ?)", list(values.items())
            )


def serials(connection: sqlite3.Connection) -> Dict[str, int]:
    """Give the serial of each publisher's catalogue that was read here."""
    return dict(connection.execute("SELECT key_id, catalogue_serial FROM publishers").fetchall())


def as_json(value: object) -> str:
    """Write a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
