"""Sitting down at a laptop and getting up again: one person at a time."""

from __future__ import annotations

import contextlib
import sqlite3

from client.laptop.attaching.attachments import Attachments
from client.laptop.errors import Fault, LaptopError
from client.laptop.people.locking_up import empty_log, lock_up, share, tidy_up
from client.laptop.people.vault_records import fetch_vault, tell_vault
from client.laptop.people.visiting import Visits
from client.laptop.problems import failure
from client.laptop.store import Store
from client.vaults.keys import OpenVault
from client.vaults.recovery import RecoveryCode
from client.vaults.secrets import Policy, Secret
from sync.errors import SyncError
from sync.journals.lineage import Lineage


class Vaults:
    """The vaults of the people of one laptop.

    What opens or makes one takes up to a second, so that guessing takes years: it belongs on the
    executor. While a person's vault is closed, their works, drafts, marks and messages can neither
    be read nor written by anybody; they are sent and received all the same.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keyring = store.keyring

    @property
    def sitting(self) -> str:
        """The id of who sits here; empty for nobody."""
        return self._keyring.sitting

    @property
    def policy(self) -> Policy:
        """What the school demands of secrets."""
        return self._keyring.rules.policy

    def kind(self, person: str) -> str:
        """Tell what opens a person's vault: "pin", "password" or "pictures"; "" for no vault.

        One that is damaged or lost is written anew from what was told of it. Raises LaptopError
        ``vault-damaged`` or ``vault-newer``: it is there, but opens with nothing.
        """
        try:
            found = self._keyring.kind(person)
        except LaptopError as error:
            if error.code != "vault-damaged" or not fetch_vault(self._store, person):
                raise
            return self._keyring.kind(person)
        if not found and self.sitting != person and fetch_vault(self._store, person):
            return self._keyring.kind(person)
        return found

    def can_read(self, person: str) -> bool:
        """Tell whether a person's own things can be read and written now."""
        return self._keyring.can_read(person)

    def wait_s(self, person: str) -> float:
        """Return how long a person must wait until the next try."""
        return self._keyring.wait_s(person)

    def create(self, person: str, secret: Secret) -> None:
        """Make a person's vault, lock what is there of theirs, and let them sit down.

        Raises LaptopError ``no-such-person``, ``vault-there``, ``secret-short``, ``secret-long`` or
        ``secret-simple``.
        """
        self._store.person(person)
        self._sit_down(self._keyring.cabinet.create(person, secret))

    def open(self, person: str, secret: Secret) -> None:
        """Let a person sit down who knows what opens their vault.

        Raises LaptopError ``secret-wrong``, ``vault-wait``, ``vault-missing`` or ``vault-damaged``.
        """
        self._store.person(person)
        self._sit_down(self._keyring.cabinet.open(person, secret))

    def change(self, person: str, old: Secret, new: Secret) -> None:
        """Give a person another secret; raises as `open` and `create` do."""
        self._sit_down(self._keyring.cabinet.change(person, old, new))

    def reset(self, person: str, code: str, new: Secret) -> None:
        """Give a person another secret with the school's recovery code, and let them sit down.

        Raises LaptopError ``recovery-length``, ``recovery-mistyped``, ``recovery-other``, and for
        the new secret as `create` does.
        """
        private = RecoveryCode.parse(code).private_key()
        self._sit_down(self._keyring.cabinet.reset(person, private, new))

    def sit_down_open(self, person: str) -> None:
        """Let somebody sit down who has no vault; who sits there already stays.

        Raises LaptopError ``vault-closed``.
        """
        self._store.person(person)
        if self._keyring.has(person):
            raise failure("vault-closed", Fault.YOUR_DATA, person)
        if self.sitting != person:
            self._rise()
            self._keyring.sit_down_open(person)

    def get_up(self) -> None:
        """Lock: nobody's things can be read any more, and no copy in clear stays."""
        self._rise()

    def _rise(self) -> None:
        person = self.sitting
        self._keyring.get_up()
        self._put_away()
        if person and not Visits(self._store).see_off(person) and not self._keyring.has(person):
            with contextlib.suppress(LaptopError, SyncError, sqlite3.Error):
                fetch_vault(self._store, person)

    def _sit_down(self, vault: OpenVault) -> None:
        store, person = self._store, vault.person
        if self.sitting and self.sitting != person:
            self._rise()
        try:
            with store.database.transaction() as connection:
                self._keyring.seat(connection, vault)
                fresh = lock_up(store, connection, person, vault.public)
                share(store, connection, person)
                self._settle()
        except BaseException:
            self._keyring.get_up()
            raise
        # Whoever sits here by now stays, whatever becomes of these: a later sitting does them.
        with contextlib.suppress(LaptopError, SyncError, sqlite3.Error, OSError):
            if fresh:
                tidy_up(store)
            self._tell(person)

    def _settle(self) -> None:
        """Do what waited for this person: carry their records to the journal that writes now."""
        store = self._store
        if store.membership is None or not store.membership.enrolled:
            return
        journal = store.journal()
        Lineage(store.database.connection, store.clock, store.bodies).sweep(journal)
        store.prepare_all(journal)

    def _tell(self, person: str) -> None:
        membership = self._store.membership
        if membership is not None and membership.enrolled:
            tell_vault(self._store, person)

    def _put_away(self) -> None:
        """Leave nothing in clear: copies opened for other programmes, and the log."""
        store = self._store
        Attachments(store).clear_opened()
        with contextlib.suppress(sqlite3.Error):
            # Whoever sat here before may have had rows in clear.
            empty_log(store)
