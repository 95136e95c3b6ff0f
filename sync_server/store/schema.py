"""The tables of a server's SQLite file, and the steps from one version of them to the next."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Callable, Sequence

from sync_server.store.sqlite_attachments import attachment_tables
from sync_server.store.sqlite_letters import letter_tables
from sync_server.store.sqlite_nights import night_tables

if TYPE_CHECKING:
    from sqlite_utils import Database


def _first_tables(db: Database) -> None:
    db.create_table("settings", {"name": str, "value": str}, pk="name")
    db.create_table(
        "people",
        {"id": str, "name": str, "role": str, "class_name": str, "picture": str},
        pk="id",
        not_null={"name", "role", "class_name", "picture"},
    )
    db.table("people").create_index(["class_name"])
    db.create_table(
        "devices",
        {
            "id": str,
            "signing": bytes,
            "sealing": bytes,
            "name": str,
            "enrolled_ms": int,
            "epoch": int,
            "last_contact_ms": int,
        },
        pk="id",
        not_null={"signing", "sealing", "name", "enrolled_ms", "epoch"},
    )
    db.create_table(
        "grants",
        {"device": str, "person": str},
        pk=("device", "person"),
        foreign_keys=[("device", "devices", "id"), ("person", "people", "id")],
    )
    db.create_table(
        "codes",
        {
            "id": bytes,
            "request_key": bytes,
            "answer_key": bytes,
            "person_ids": str,
            "laptops": int,
            "created_ms": int,
            "withdrawn": int,
        },
        pk="id",
    )
    db.create_table("code_uses", {"code": bytes, "device": str}, pk=("code", "device"))
    db.create_table("publishers", {"key_id": str, "public_key": bytes, "serial": int}, pk="key_id")
    _journal_tables(db)


def _journal_tables(db: Database) -> None:
    db.create_table(
        "journals", {"device": str, "seq": int, "hash": bytes, "time_ms": int}, pk="device"
    )
    db.create_table(
        "records",
        {
            "serial": int,
            "device": str,
            "seq": int,
            "time": int,
            "person": str,
            "kind": str,
            "body": str,
            "hash": bytes,
            "arrived_ms": int,
        },
        pk="serial",
        not_null={"device", "seq", "time", "person", "kind", "body", "hash", "arrived_ms"},
    )
    db.table("records").create_index(["device", "seq"], unique=True)
    db.create_table(
        "refused",
        {
            "device": str,
            "seq": int,
            "hash": bytes,
            "code": str,
            "content": bytes,
            "time_ms": int,
            "chained": int,
        },
        pk=("device", "seq", "hash"),
    )
    # One key of two columns and nothing else: without a row id the table is its own index.
    db.conn.execute(
        "CREATE TABLE audience (reader TEXT NOT NULL, serial INTEGER NOT NULL,"
        " PRIMARY KEY (reader, serial)) WITHOUT ROWID"
    )


def _branches(db: Database) -> None:
    db.create_table("branches", {"child": str, "parent": str}, pk="child", not_null={"parent"})
    db.table("branches").create_index(["parent"])
    db.create_table("carried", {"fact": bytes}, pk="fact")


def _relays(db: Database) -> None:
    db.table("people").add_column("school", str, not_null_default="")
    db.table("people").add_column("told", int, not_null_default=0)
    db.table("codes").add_column("relay", int, not_null_default=0)
    db.create_table(
        "schools",
        {
            "id": str,
            "signing": bytes,
            "sealing": bytes,
            "name": str,
            "parent": str,
            "via": str,
            "enrolled_ms": int,
            "last_contact_ms": int,
        },
        pk="id",
        not_null={"signing", "sealing", "name", "parent", "via", "enrolled_ms"},
    )
    db.create_table(
        "relayed",
        {"device": str, "via": str, "server": str, "keys": bytes, "name": str},
        pk="device",
        not_null={"via", "server", "keys", "name"},
    )
    db.table("relayed").create_index(["via"])
    db.create_table("guests", {"person": str, "relay": str}, pk=("person", "relay"))
    db.create_table(
        "upstreams",
        {
            "id": str,
            "signing": bytes,
            "sealing": bytes,
            "address": str,
            "name": str,
            "cursor": str,
            "receipt": bytes,
            "receipt_ms": int,
            "last_contact_ms": int,
        },
        pk="id",
        not_null={"signing", "sealing", "address", "name", "cursor"},
    )
    db.create_table(
        "upstream_heads",
        {"upstream": str, "device": str, "seq": int, "hash": bytes, "code": str},
        pk=("upstream", "device"),
        not_null={"seq", "hash", "code"},
    )
    db.create_table(
        "upstream_refused",
        {"upstream": str, "device": str, "seq": int, "code": str},
        pk=("upstream", "device", "seq"),
    )


def _attachments(db: Database) -> None:
    attachment_tables(db.conn)


def _arrivals(db: Database) -> None:
    db.table("records").add_column("arrivals", bytes)


def _letters_and_nights(db: Database) -> None:
    letter_tables(db.conn)
    night_tables(db.conn)


STEPS: Sequence[Callable[[Database], None]] = (
    _first_tables,
    _branches,
    _relays,
    _attachments,
    _arrivals,
    _letters_and_nights,
)
"""Step N brings a file of version N to version N + 1; steps are only ever added."""


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Take the steps that a file still lacks; the caller has begun a transaction."""
    missing = STEPS[version_of(connection) :]
    if not missing:
        return
    # Seven megabytes and a tenth of a second that only a new file and a new version need.
    from sqlite_utils import Database

    db = Database(connection)
    for step in missing:
        step(db)
    connection.execute(f"PRAGMA user_version = {len(STEPS)}")


def version_of(connection: sqlite3.Connection) -> int:
    """Return how many steps a file has taken; 0 is a file without tables."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
