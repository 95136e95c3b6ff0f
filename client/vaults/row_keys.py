"""Keys of rows: what lies in the database is readable to those whom it concerns, and to no others.

A row is locked under a *row key*, which is kept once for each of its readers: wrapped by their own
key, or sealed to them where their vault is closed. One row key serves many rows of the same
readers, so that neither a pupil's draft nor a hundred marks at once cost public-key cryptography
each. A locked row is bytes; a row that nobody has a vault for is text, as it always was.

    byte    0      1, the form
    bytes   1-8    which row key
    bytes   9-     nonce, ciphertext, tag (``keys.lock``), bound to what the row is
"""

from __future__ import annotations

import secrets
import sqlite3
from typing import Callable, Dict, FrozenSet, List, NamedTuple, Optional, Set, Tuple, Union

from client.laptop.errors import LaptopError
from client.vaults.keys import (
    LOCK_OVERHEAD_BYTES,
    OpenVault,
    lock,
    new_data_key,
    seal_for,
    unlocked,
)

ID_BYTES = 8
OVERHEAD_BYTES = 1 + ID_BYTES + LOCK_OVERHEAD_BYTES
TABLE = """
CREATE TABLE row_keys (
    key BLOB NOT NULL,
    person TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    sealed INTEGER NOT NULL,
    PRIMARY KEY (key, person)
) WITHOUT ROWID
"""
"""``sealed`` is 1 while the key waits for its reader to come back."""
MAX_ROWS = 10_000
"""So many rows are locked under one key: 2**32 is where random nonces become a risk."""
_FORM = b"\x01"

Stored = Union[str, bytes]
PublicKeys = Callable[[str], Optional[bytes]]
Readers = FrozenSet[str]


class _RowKey(NamedTuple):
    id: bytes
    key: bytes


class RowKeys:
    """Locks and unlocks rows for the people of one laptop.

    Bound to no thread: every call takes the connection whose transaction it joins.
    """

    def __init__(self, public_key: PublicKeys) -> None:
        """``public_key`` gives what is sealed to a person with; None for who has no vault here."""
        self._public_key = public_key
        self._vault: Optional[OpenVault] = None
        self._known: Dict[bytes, bytes] = {}
        self._others: Set[bytes] = set()
        self._current: Dict[Readers, _RowKey] = {}
        self._used: Dict[bytes, int] = {}

    @property
    def person(self) -> str:
        """Whose rows can be read now; empty while everybody is away."""
        return self._vault.person if self._vault else ""

    def sit_down(self, connection: sqlite3.Connection, vault: OpenVault) -> int:
        """Read a person's rows from now on, and nobody else's; return how many keys they have.

        What was sealed to them while they were away is wrapped by their own key here, once.
        """
        self.get_up()
        self._vault = vault
        rows = connection.execute(
            "SELECT key, wrapped, sealed FROM row_keys WHERE person = ?", (vault.person,)
        ).fetchall()
        rewrapped = []
        for name, wrapped, sealed in rows:
            key = self._opened(vault, name, wrapped, bool(sealed))
            if key is None:
                continue
            self._known[name] = key
            if sealed:
                again = vault.lock(key, _bound(name))
                rewrapped.append((again, name, vault.person))
        connection.executemany(
            "UPDATE row_keys SET wrapped = ?, sealed = 0 WHERE key = ? AND person = ?", rewrapped
        )
        return len(self._known)

    def get_up(self) -> None:
        """Forget every key: what is locked stays so until its reader sits down again."""
        self._vault = None
        self._known.clear()
        self._others.clear()
        self.finish()

    def finish(self) -> None:
        """Begin new keys for what is locked next."""
        self._current.clear()
        self._used.clear()

    def lock(
        self, connection: sqlite3.Connection, readers: Readers, text: str, bound_to: str
    ) -> Stored:
        """Return what to store for a text that concerns ``readers``.

        Those who have no vault here are left out; where that is all of them, the text stays text.
        """
        with_vault = frozenset(one for one in readers if self._public_key(one) is not None)
        if not with_vault:
            return text
        current = self._current.get(with_vault)
        if current is None or self._used[current.id] >= MAX_ROWS or not _kept(connection, current):
            current = self._begin(connection, with_vault)
        self._used[current.id] += 1
        locked = lock(current.key, text.encode("utf-8"), bound_to.encode("utf-8"))
        return _FORM + current.id + locked

    def unlock(
        self, connection: sqlite3.Connection, stored: Stored, bound_to: str
    ) -> Optional[str]:
        """Return a stored text; None where it concerns only people who are away, or is damaged."""
        if isinstance(stored, str):
            return stored
        key = self._known_or_found(connection, stored[1 : 1 + ID_BYTES])
        if key is None or stored[:1] != _FORM:
            return None
        plain = unlocked(key, stored[1 + ID_BYTES :], bound_to.encode("utf-8"))
        return None if plain is None else plain.decode("utf-8", "replace")

    @staticmethod
    def readers(connection: sqlite3.Connection, stored: Stored) -> Readers:
        """Return who can read a stored text; nobody in particular where it is in clear."""
        if isinstance(stored, str):
            return frozenset()
        rows = connection.execute(
            "SELECT person FROM row_keys WHERE key = ?", (stored[1 : 1 + ID_BYTES],)
        )
        return frozenset(str(person) for (person,) in rows)

    def is_mine(self, connection: sqlite3.Connection, stored: Stored) -> bool:
        """Tell whether a stored text is of somebody who sits here, damaged or not."""
        if isinstance(stored, str):
            return True
        return self._known_or_found(connection, stored[1 : 1 + ID_BYTES]) is not None

    def _known_or_found(self, connection: sqlite3.Connection, name: bytes) -> Optional[bytes]:
        """Return a row key of who sits here; another programme may have made it meanwhile."""
        key = self._known.get(name)
        if key is not None or self._vault is None or name in self._others:
            return key
        row = connection.execute(
            "SELECT wrapped, sealed FROM row_keys WHERE key = ? AND person = ?",
            (name, self._vault.person),
        ).fetchone()
        key = self._opened(self._vault, name, row[0], bool(row[1])) if row else None
        if key is None:
            self._others.add(name)
        else:
            self._known[name] = key
        return key

    def _begin(self, connection: sqlite3.Connection, readers: Readers) -> _RowKey:
        """Make a row key and keep it for each reader, in the caller's transaction."""
        new = _RowKey(secrets.token_bytes(ID_BYTES), new_data_key())
        rows: List[Tuple[bytes, str, bytes, int]] = []
        for person in sorted(readers):
            here = self._vault is not None and self._vault.person == person
            rows.append((new.id, person, self._wrapped(person, new, here), int(not here)))
            if here:
                self._known[new.id] = new.key
        connection.executemany("INSERT INTO row_keys VALUES (?, ?, ?, ?)", rows)
        self._current[readers] = new
        self._used[new.id] = 0
        return new

    def _wrapped(self, person: str, new: _RowKey, here: bool) -> bytes:
        if here and self._vault is not None:
            return self._vault.lock(new.key, _bound(new.id))
        public = self._public_key(person)
        assert public is not None  # noqa: S101 - only readers with a vault come here
        return seal_for(public, new.key, _bound(new.id))

    @staticmethod
    def _opened(vault: OpenVault, name: bytes, wrapped: bytes, sealed: bool) -> Optional[bytes]:
        try:
            return (vault.unseal if sealed else vault.unlock)(wrapped, _bound(name))
        except LaptopError:
            # A damaged key costs its rows, and no others.
            return None


def _kept(connection: sqlite3.Connection, key: _RowKey) -> bool:
    """Tell whether a key is in the database: the transaction that made it may have been undone."""
    row = connection.execute("SELECT 1 FROM row_keys WHERE key = ? LIMIT 1", (key.id,)).fetchone()
    return row is not None


def _bound(name: bytes) -> str:
    return "row key " + name.hex()
