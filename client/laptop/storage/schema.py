"""The laptop's own tables in keruen.db. The journal and the inbox bring theirs (package sync)."""

from __future__ import annotations

from client.vaults.row_keys import TABLE as ROW_KEYS

_FIRST = """
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE drafts (
    person TEXT NOT NULL,
    pack TEXT NOT NULL,
    lesson TEXT NOT NULL,
    task TEXT NOT NULL,
    answers TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    PRIMARY KEY (person, pack, lesson, task)
);
CREATE TABLE progress (
    person TEXT NOT NULL,
    pack TEXT NOT NULL,
    lesson TEXT NOT NULL,
    position_s REAL NOT NULL,
    seen INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    PRIMARY KEY (person, pack, lesson)
);
CREATE TABLE publishers (
    key_id TEXT PRIMARY KEY,
    catalogue_serial INTEGER NOT NULL
);
CREATE TABLE wanted (
    publisher TEXT NOT NULL,
    pack TEXT NOT NULL,
    version INTEGER NOT NULL,
    manifest_sha256 TEXT NOT NULL,
    manifest_size_bytes INTEGER NOT NULL,
    place INTEGER NOT NULL,
    complete INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (publisher, pack)
);
CREATE TABLE packs (
    pack TEXT PRIMARY KEY,
    version INTEGER NOT NULL
);
CREATE TABLE lessons (
    pack TEXT NOT NULL,
    place INTEGER NOT NULL,
    lesson TEXT NOT NULL,
    video_ready INTEGER NOT NULL,
    card TEXT NOT NULL,
    tasks TEXT NOT NULL,
    PRIMARY KEY (pack, place)
);
CREATE TABLE set_aside (
    subject TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    fault TEXT NOT NULL,
    detail TEXT NOT NULL
);
"""
"""``card`` and ``answers`` are JSON; ``tasks`` is JSON {task id: title} for lists of works."""

_ATTACHMENTS = """
CREATE TABLE attachments (
    name TEXT PRIMARY KEY,
    key BLOB NOT NULL,
    size_bytes INTEGER NOT NULL,
    pieces BLOB NOT NULL,
    media_type TEXT NOT NULL,
    title TEXT NOT NULL,
    added_ms INTEGER NOT NULL,
    handed_in INTEGER NOT NULL DEFAULT 0,
    receipt BLOB
);
"""
"""``name`` is the SHA-256 of the sealed file in hex, ``pieces`` those of each 64 KiB, joined."""

_ATTEMPTS = "ALTER TABLE drafts ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1;"
"""The attempt that a draft belongs to, from 1: it says which variant of the task was answered."""

_VAULTS = f"""{ROW_KEYS};
CREATE TABLE names (
    person TEXT PRIMARY KEY,
    name TEXT NOT NULL
);
CREATE TABLE named_files (
    name TEXT PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    device TEXT NOT NULL,
    seq INTEGER NOT NULL,
    marked INTEGER NOT NULL DEFAULT 0
);
"""
"""``names`` are the full names of people with a vault, who are called by less on the first screen;
``named_files`` are the files that others' works name, which may be locked."""

STEPS = (_FIRST, _ATTACHMENTS, _ATTEMPTS, _VAULTS)
"""Step N brings a file of version N to version N + 1; steps are only ever added."""
SCHEMA_VERSION = len(STEPS)

KEPT_TABLES = (
    "settings",
    "drafts",
    "progress",
    "publishers",
    "wanted",
    "set_aside",
    "attachments",
    "row_keys",
    "names",
    "named_files",
)
"""What cannot be derived again; the index of lessons is read from the packs anew."""
