from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.backups.index import Entry, Index, read_index
from sync_server.backups.locking import Lock, file_key, master_key
from sync_server.errors import BackupError, BackupLockedError, SetupError

HASH = "ab" * 32
FILES = (
    Entry("server.db", 10, HASH, "cd" * 32),
    Entry("trust/state", 1, HASH),
    Entry(f"repositories/{'0' * 32}/objects/ab/{HASH}", 9, HASH),
)
INDEX = Index("server-id", 123, FILES, Lock(b"s" * 16, 14))
MASTER = master_key("a", Lock(b"s" * 16, 14))


def test_it_is_read_as_it_was_written() -> None:
    found = read_index(INDEX.to_bytes(MASTER), "here")
    assert found.index == INDEX
    found.check(MASTER)
    assert INDEX.names == {HASH: 9}
    with pytest.raises(BackupLockedError):
        found.check(master_key("b", Lock(b"s" * 16, 14)))


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_no_flipped_byte_is_believed(at: int, mask: int) -> None:
    data = bytearray(INDEX.to_bytes(MASTER))
    data[at % len(data)] ^= mask
    try:
        found = read_index(bytes(data), "here")
        # What is not read, such as the case of a name nobody asks for, may be anything.
        assert found.index == INDEX
        found.check(MASTER)
    except BackupError:
        pass


@pytest.mark.parametrize(
    "path",
    [
        "../identity",
        "trust/../../x",
        "/etc/passwd",
        "trust",
        "trust//x",
        "attachments/.x/y",
        "C:/x",
        "trust\\x",
        "server.db-wal",
        "repositories/a/CON:x",
        "identity/x",
        "",
    ],
)
def test_a_path_leads_nowhere_else(path: str) -> None:
    data = Index("s", 1, (Entry(path, 1, HASH),)).to_bytes()
    with pytest.raises(BackupError, match="damaged"):
        read_index(data, "here")


@pytest.mark.parametrize(
    "change",
    [
        {"files": [["identity", 1, HASH]]},
        {"files": [["identity", -1, HASH, ""]]},
        {"files": [["identity", 1, "AB" * 32, ""]]},
        {"files": [["identity", 1, HASH, "x"]]},
        {"files": "x"},
        {"lock": ["c2FsdA", 14]},
        {"lock": [1]},
        {"server": 5},
        {"made_ms": "now"},
    ],
)
def test_a_strangers_values_are_told(change: Any) -> None:
    import hashlib

    from sync.canonical import canonical_json

    body = {**json.loads(INDEX.to_bytes(MASTER))["body"], **change}
    digest = hashlib.sha256(canonical_json(body)).hexdigest()
    data = json.dumps({"body": body, "sha256": digest, "proof": ""}).encode()
    with pytest.raises(BackupError):
        read_index(data, "here")


def test_a_newer_backup_is_told_as_such() -> None:
    import hashlib

    from sync.canonical import canonical_json

    body = {**json.loads(INDEX.to_bytes(MASTER))["body"], "format": 2}
    digest = hashlib.sha256(canonical_json(body)).hexdigest()
    with pytest.raises(SetupError, match="newer"):
        read_index(json.dumps({"body": body, "sha256": digest, "proof": ""}).encode(), "here")


def test_each_file_has_a_key_of_its_own() -> None:
    assert len({file_key(MASTER, HASH), file_key(MASTER, "cd" * 32), MASTER}) == 3


@pytest.mark.parametrize("log_n", [1, 13, 19, 40])
def test_a_lock_that_asks_for_too_little_or_too_much_is_refused(log_n: int) -> None:
    with pytest.raises(BackupError, match="changed"):
        master_key("a", Lock(b"s" * 16, log_n))
