"""The SQLite store's half about a school: people, devices, codes, publishers and settings."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, Mapping, Optional, Sequence, Tuple

from sync.identity import PublicIdentity
from sync.people import Person
from sync_server.records.routing import (
    SEEN_BY_TEACHERS,
    STUDENT,
    TEACHER,
    person_reader,
    teachers_reader,
)
from sync_server.store.model import Code, Device, Publisher

_PERSON = "p.id, p.name, p.role, p.class_name, p.picture, p.school"
_DEVICE = "signing, sealing, name, enrolled_ms, epoch, last_contact_ms"
_CODE = "id, request_key, answer_key, person_ids, laptops, created_ms, withdrawn, relay"


class SchoolTables:
    """Reads and writes people, devices, codes, publishers and settings in an open transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def _all(self, sql: str, *values: Any) -> Sequence[Tuple[Any, ...]]:
        return self._connection.execute(sql, values).fetchall()

    def _first(self, sql: str, *values: Any) -> Optional[Tuple[Any, ...]]:
        row: Optional[Tuple[Any, ...]] = self._connection.execute(sql, values).fetchone()
        return row

    def _run(self, sql: str, *values: Any) -> int:
        return self._connection.execute(sql, values).rowcount

    def setting(self, name: str) -> Optional[str]:
        """See :class:`Transaction`."""
        row = self._first("SELECT value FROM settings WHERE name = ?", name)
        return row[0] if row else None

    def set_setting(self, name: str, value: str) -> None:
        """See :class:`Transaction`."""
        self._run("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", name, value)

    def add_person(self, person: Person, told: int = 0) -> bool:
        """See :class:`Transaction`."""
        before = self.person(person.id)
        changed = self._run(
            "INSERT INTO people (id, name, role, class_name, picture, school, told)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role,"
            " class_name = excluded.class_name, picture = excluded.picture,"
            " school = excluded.school, told = excluded.told WHERE excluded.told >= told",
            person.id,
            person.name,
            person.role,
            person.class_name,
            person.picture,
            person.school,
            told,
        )
        if changed and before is not None and _place(before) != _place(person):
            self._follow(person)
        return changed > 0

    def person_told(self, person_id: str) -> int:
        """See :class:`Transaction`."""
        row = self._first("SELECT told FROM people WHERE id = ?", person_id)
        return int(row[0]) if row else 0

    def _follow(self, person: Person) -> None:
        """Show a person's work at the place where they are now."""
        if person.role == STUDENT:
            marks = ",".join("?" * len(SEEN_BY_TEACHERS))
            self._run(
                "INSERT OR IGNORE INTO audience (reader, serial) SELECT ?, a.serial FROM audience a"
                " JOIN records r ON r.serial = a.serial"
                f" WHERE a.reader = ? AND r.kind IN ({marks})",
                teachers_reader(person.class_name, person.school),
                person_reader(person.id),
                *SEEN_BY_TEACHERS,
            )
        self._run(
            "UPDATE devices SET epoch = epoch + 1 WHERE id IN (SELECT g.device FROM grants g"
            " JOIN people p ON p.id = g.person WHERE p.id = ?"
            " OR (p.role = ? AND p.class_name = ? AND p.school = ?))",
            person.id,
            TEACHER,
            person.class_name,
            person.school,
        )

    def person(self, person_id: str) -> Optional[Person]:
        """See :class:`Transaction`."""
        row = self._first(f"SELECT {_PERSON} FROM people p WHERE p.id = ?", person_id)
        return Person(*row) if row else None

    def people_of_class(self, class_name: str, school: str = "") -> Tuple[Person, ...]:
        """See :class:`Transaction`."""
        rows = self._all(
            f"SELECT {_PERSON} FROM people p WHERE p.class_name = ? AND p.school = ?"
            " ORDER BY p.rowid",
            class_name,
            school,
        )
        return tuple(Person(*row) for row in rows)

    def add_device(self, device: Device) -> None:
        """See :class:`Transaction`."""
        self._run(
            f"INSERT INTO devices (id, {_DEVICE}) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name",
            device.id,
            device.identity.signing,
            device.identity.sealing,
            device.name,
            device.enrolled_ms,
            device.epoch,
            device.last_contact_ms,
        )

    def device(self, device_id: str) -> Optional[Device]:
        """See :class:`Transaction`."""
        row = self._first(f"SELECT {_DEVICE} FROM devices WHERE id = ?", device_id)
        return _device(row) if row else None

    def devices(self) -> Tuple[Device, ...]:
        """See :class:`Transaction`."""
        rows = self._all(f"SELECT {_DEVICE} FROM devices ORDER BY rowid")
        return tuple(_device(row) for row in rows)

    def touch_device(self, device_id: str, time_ms: int) -> None:
        """See :class:`Transaction`."""
        self._run("UPDATE devices SET last_contact_ms = ? WHERE id = ?", time_ms, device_id)

    def grant(self, device_id: str, person_ids: Sequence[str]) -> bool:
        """See :class:`Transaction`."""
        had_somebody = self._first("SELECT 1 FROM grants WHERE device = ?", device_id) is not None
        added = sum(
            self._run(
                "INSERT OR IGNORE INTO grants (device, person) VALUES (?, ?)", device_id, person
            )
            for person in person_ids
        )
        if added and had_somebody:
            self._run("UPDATE devices SET epoch = epoch + 1 WHERE id = ?", device_id)
        return added > 0

    def revoke(self, device_id: str, person_id: str) -> None:
        """See :class:`Transaction`."""
        gone = self._run("DELETE FROM grants WHERE device = ? AND person = ?", device_id, person_id)
        if gone:
            self._run("UPDATE devices SET epoch = epoch + 1 WHERE id = ?", device_id)

    def granted(self, device_id: str) -> Tuple[Person, ...]:
        """See :class:`Transaction`."""
        rows = self._all(
            f"SELECT {_PERSON} FROM grants g JOIN people p ON p.id = g.person"
            " WHERE g.device = ? ORDER BY g.rowid",
            device_id,
        )
        return tuple(Person(*row) for row in rows)

    def add_code(self, code: Code) -> None:
        """See :class:`Transaction`."""
        self._run(
            f"INSERT INTO codes ({_CODE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            code.id,
            code.request_key,
            code.answer_key,
            json.dumps(code.person_ids),
            code.laptops,
            code.created_ms,
            int(code.withdrawn),
            int(code.relay),
        )

    def code(self, code_id: bytes) -> Optional[Code]:
        """See :class:`Transaction`."""
        row = self._first(f"SELECT {_CODE} FROM codes WHERE id = ?", code_id)
        return _code(row) if row else None

    def codes(self) -> Tuple[Code, ...]:
        """See :class:`Transaction`."""
        return tuple(_code(row) for row in self._all(f"SELECT {_CODE} FROM codes ORDER BY rowid"))

    def withdraw_code(self, code_id: bytes) -> None:
        """See :class:`Transaction`."""
        self._run("UPDATE codes SET withdrawn = 1 WHERE id = ?", code_id)

    def use_code(self, code_id: bytes, device_id: str) -> None:
        """See :class:`Transaction`."""
        self._run(
            "INSERT OR IGNORE INTO code_uses (code, device) VALUES (?, ?)", code_id, device_id
        )

    def code_devices(self, code_id: bytes) -> Tuple[str, ...]:
        """See :class:`Transaction`."""
        rows = self._all("SELECT device FROM code_uses WHERE code = ? ORDER BY rowid", code_id)
        return tuple(row[0] for row in rows)

    def trust_publisher(self, key_id: str, public_key: bytes) -> None:
        """See :class:`Transaction`."""
        self._run(
            "INSERT INTO publishers (key_id, public_key, serial) VALUES (?, ?, 0)"
            " ON CONFLICT (key_id) DO UPDATE SET public_key = excluded.public_key",
            key_id,
            public_key,
        )

    def distrust_publisher(self, key_id: str) -> None:
        """See :class:`Transaction`."""
        self._run("DELETE FROM publishers WHERE key_id = ?", key_id)

    def set_catalogue_serial(self, key_id: str, serial: int) -> None:
        """See :class:`Transaction`."""
        self._run("UPDATE publishers SET serial = ? WHERE key_id = ?", serial, key_id)

    def publishers(self) -> Tuple[Publisher, ...]:
        """See :class:`Transaction`."""
        rows = self._all("SELECT key_id, public_key, serial FROM publishers ORDER BY key_id")
        return tuple(Publisher(*row) for row in rows)

    def counts(self) -> Mapping[str, int]:
        """See :class:`Transaction`."""
        return {
            "devices": self._count("devices"),
            "people": self._count("people"),
            "classes": self._count("(SELECT DISTINCT school, class_name FROM people)"),
            "records": self._count("records"),
            "refused": self._count("refused"),
        }

    def _count(self, table: str) -> int:
        row = self._first(f"SELECT count(*) FROM {table}")
        return int(row[0]) if row else 0


def _place(person: Person) -> Tuple[str, str]:
    return person.school, person.class_name


def _device(row: Tuple[Any, ...]) -> Device:
    signing, sealing, name, enrolled_ms, epoch, last_contact_ms = row
    identity = PublicIdentity(signing, sealing)
    return Device(identity, name, enrolled_ms, epoch, last_contact_ms)


def _code(row: Tuple[Any, ...]) -> Code:
    code_id, request_key, answer_key, person_ids, laptops, created_ms, withdrawn, relay = row
    people = tuple(json.loads(person_ids))
    keys = code_id, request_key, answer_key
    return Code(*keys, people, laptops, created_ms, bool(withdrawn), bool(relay))
