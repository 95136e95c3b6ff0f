"""What all parts of the laptop stand on: database, journal, membership and clock."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Mapping, Optional, Tuple

from client.laptop import membership as memberships
from client.laptop.database import Database
from client.laptop.errors import Fault
from client.laptop.membership import Membership
from client.laptop.people import Person, by_alphabet
from client.laptop.problems import failure
from sync.clock import Clock, SystemClock
from sync.identity import PublicIdentity
from sync.journals.inbox import Inbox
from sync.journals.journal import Journal
from sync.journals.lineage import Lineage

if TYPE_CHECKING:
    from sync.identity import Identity


class Store:
    """The folder of one laptop, opened. Journal and inbox are bound to the asking thread."""

    def __init__(self, folder: Path, database: Database, clock: Optional[Clock] = None) -> None:
        self.folder = folder
        self.database = database
        self.clock: Clock = clock or SystemClock()
        self._membership = memberships.load(folder)
        self.follow_branch()

    @property
    def membership(self) -> Optional[Membership]:
        """The school's word that this laptop belongs to it; None before the first try."""
        return self._membership

    def keep_membership(self, membership: Membership) -> None:
        """Put a new membership on the disk and use it."""
        memberships.save(self.folder, membership)
        self._membership = membership

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
        return Journal(self.database.connection, device, self.clock)

    def inbox(self) -> Inbox:
        """Give the records of others on this thread's connection."""
        return Inbox(self.database.connection)

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
        return tuple(sorted(people, key=lambda one: (one.is_teacher, by_alphabet(one))))

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


def as_json(value: object) -> str:
    """Write a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
