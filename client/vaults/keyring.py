"""Who sits at a laptop: one person at a time, whose rows can be read while they do."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path
from typing import Callable, Dict, Optional, Tuple

from client.laptop.errors import Fault, LaptopError
from client.laptop.problems import failure
from client.vaults.cabinet import Cabinet, vault_paths
from client.vaults.keys import OpenVault
from client.vaults.locked_bodies import LockedBodies, People, Prepare
from client.vaults.travelling import Rules

_Stamp = Tuple[Tuple[int, int], ...]
AskRules = Callable[[], Rules]


class Keyring:
    """The vaults in one laptop's folder, and whose is open. May be called from any thread."""

    def __init__(
        self,
        folder: Path,
        people: People,
        rules: AskRules,
        prepare: Prepare,
    ) -> None:
        """Use the vaults below a folder; ``prepare`` as ``LockedBodies`` takes it."""
        self._folder = folder
        self._rules = rules
        self._guard = threading.RLock()
        self._sitting = ""
        self._known: Dict[str, Tuple[_Stamp, str, Optional[bytes]]] = {}
        self._one: Optional[Cabinet] = None
        self._made_for: Optional[Rules] = None
        self.bodies = LockedBodies(people, self.public_key, prepare)

    @property
    def cabinet(self) -> Cabinet:
        """The vaults' files, under the rules that the school has now."""
        with self._guard:
            rules = self._rules()
            if self._one is None or rules != self._made_for:
                self._one = Cabinet(self._folder, policy=rules.policy, schools=rules.schools)
                self._made_for = rules
            return self._one

    @property
    def rules(self) -> Rules:
        """What the school demands of secrets, and its recovery keys."""
        return self._rules()

    @property
    def sitting(self) -> str:
        """The id of who sits here; empty for nobody."""
        return self._sitting

    def kind(self, person: str) -> str:
        """Tell what opens a person's vault: a PIN, a password or pictures; empty: they have none.

        One that is damaged is there all the same: its person is not let in without it. Raises
        LaptopError ``vault-damaged``, ``vault-newer`` then.
        """
        found = self._seen(person)[1]
        if not found and self.has(person):
            self.cabinet.file(person)
        return found

    def has(self, person: str) -> bool:
        """Tell whether a person has a vault here, whole or not."""
        return bool(self._stamp(person))

    def public_key(self, person: str) -> Optional[bytes]:
        """Return what is sealed to a person with; None for who has no vault here."""
        return self._seen(person)[2]

    def can_read(self, person: str) -> bool:
        """Tell whether a person's own rows can be read and written now."""
        return not self.has(person) or self.bodies.person == person

    def check(self, person: str) -> None:
        """Raise LaptopError ``vault-closed`` where a person's rows cannot be read now."""
        if not self.can_read(person):
            raise failure("vault-closed", Fault.YOUR_DATA, person)

    def wait_s(self, person: str) -> float:
        """Return how long a person must wait until the next try."""
        return self.cabinet.wait_s(person)

    def sit_down_open(self, person: str) -> None:
        """Let somebody sit down who has no vault. Raises LaptopError ``vault-closed``."""
        if self.has(person):
            raise failure("vault-closed", Fault.YOUR_DATA, person)
        self._leave()
        self._sitting = person

    def seat(self, db: sqlite3.Connection, vault: OpenVault) -> None:
        """Let somebody sit down whose vault was opened; joins the connection's transaction."""
        self._leave()
        self.bodies.sit_down(db, vault)
        self._sitting = vault.person

    def get_up(self) -> None:
        """Lock: forget whoever sits here, and their keys."""
        self._leave()

    def _leave(self) -> None:
        self.bodies.get_up()
        self._sitting = ""

    def _seen(self, person: str) -> Tuple[_Stamp, str, Optional[bytes]]:
        """Return what a person's vault tells in clear, read anew where its file changed."""
        stamp = self._stamp(person)
        with self._guard:
            seen = self._known.get(person)
            if seen is None or seen[0] != stamp:
                seen = stamp, "", None
                if stamp:
                    with contextlib.suppress(LaptopError):
                        file = self.cabinet.file(person)
                        seen = stamp, file.own.kind, file.public
                self._known[person] = seen
            return seen

    def _stamp(self, person: str) -> _Stamp:
        found = []
        for path in vault_paths(self._folder, person):
            with contextlib.suppress(OSError):
                state = path.stat()
                found.append((state.st_mtime_ns, state.st_size))
        return tuple(found)
