"""The index of a backup: what it holds, under which name each file lies, and how private it is.

The file ``keruen-backup.json`` is one object: ``body``, the SHA-256 of its canonical JSON, and
where there is a passphrase an HMAC of it. It is replaced as a whole, so a backup is always the one
before or the new one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

from sync import fields
from sync.canonical import canonical_json
from sync.errors import MessageError
from sync_server.backups.locking import SALT_BYTES, Lock, index_proof
from sync_server.errors import BackupError, BackupLockedError, SetupError

NAME = "keruen-backup.json"
FORMAT = 1
MAX_INDEX_BYTES = 256 << 20
MAX_FILES = 2_000_000
DATABASE, IDENTITY = "server.db", "identity"
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_FOLDERS = ("trust", "repositories", "attachments")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True)
class Entry:
    """One file of a data folder.

    ``path`` is relative to the folder. ``sha256`` and ``size_bytes`` are those of what lies in the
    backup. ``plain_sha256`` is that of the file itself where it is sealed, and empty otherwise.
    """

    path: str
    size_bytes: int
    sha256: str
    plain_sha256: str = ""


@dataclass(frozen=True)
class Index:
    """What a backup holds. ``lock`` is None where it has no passphrase."""

    server: str
    made_ms: int
    files: Tuple[Entry, ...]
    lock: Optional[Lock] = None

    @property
    def names(self) -> Dict[str, int]:
        """Size by name of all objects that it needs."""
        return {one.sha256: one.size_bytes for one in self.files}

    def find(self, path: str) -> Optional[Entry]:
        """Return one file."""
        return next((one for one in self.files if one.path == path), None)

    def to_bytes(self, master: bytes = b"") -> bytes:
        """Return the file's content; ``master`` is the key of its passphrase."""
        body = {
            "format": FORMAT,
            "server": self.server,
            "made_ms": self.made_ms,
            "lock": None
            if self.lock is None
            else [fields.to_text(self.lock.salt), self.lock.log_n],
            "files": [[e.path, e.size_bytes, e.sha256, e.plain_sha256] for e in self.files],
        }
        packed = canonical_json(body)
        proof = index_proof(master, packed) if self.lock else ""
        value = {"body": body, "sha256": hashlib.sha256(packed).hexdigest(), "proof": proof}
        return json.dumps(value, ensure_ascii=False).encode("utf-8")


@dataclass(frozen=True)
class ReadIndex:
    """An index as it was found, and what shows whether a passphrase is its own."""

    index: Index
    body: bytes
    proof: str

    def check(self, master: bytes) -> None:
        """Prove that the key is the one with which the index was made.

        Raises:
            BackupLockedError: it is another one.
        """
        if not hmac.compare_digest(index_proof(master, self.body), self.proof):
            raise BackupLockedError("The passphrase is another one than that of this backup.")


def read_index(data: bytes, place: str) -> ReadIndex:
    """Read an index that may have been damaged, or written by anybody.

    Raises:
        BackupError: it is damaged.
        SetupError: it is of a newer version.
    """
    try:
        value = fields.parse_json_object(data, "index")
        body = fields.mapping(value.get("body"), "body")
        packed = canonical_json(body)
        if hashlib.sha256(packed).hexdigest() != value.get("sha256"):
            fields.malformed("body", "what its hash says")
        if body.get("format") != FORMAT:
            raise SetupError(f"{place} is of a newer Keruen: install that version.")
        proof = fields.text(value.get("proof"), "proof", 64, empty=True)
        return ReadIndex(_index(body), packed, proof)
    except MessageError as error:
        raise BackupError(f"{place} is damaged ({error}): take another backup.") from error


def _index(body: Dict[str, Any]) -> Index:
    rows = fields.listing(body.get("files"), "files", MAX_FILES)
    lock = None
    if body.get("lock") is not None:
        salt, log_n = _row(body["lock"], "lock", 2)
        lock = Lock(fields.binary(salt, "salt", SALT_BYTES), fields.integer(log_n, "log_n", 1, 63))
    return Index(
        fields.text(body.get("server"), "server", 64),
        fields.integer(body.get("made_ms"), "made_ms", 0),
        tuple(_entry(row) for row in rows),
        lock,
    )


def _entry(row: Any) -> Entry:
    path, size_bytes, sha256, plain = _row(row, "file", 4)
    named = fields.text(path, "path", 400)
    if not _allowed(named):
        fields.malformed("path", "a file of a data folder")
    for name, one in (("sha256", sha256), ("plain", plain or sha256)):
        if not isinstance(one, str) or not _SHA256.match(one):
            fields.malformed(name, "a SHA-256")
    return Entry(named, fields.integer(size_bytes, "size", 0), sha256, plain)


def _row(value: Any, name: str, length: int) -> List[Any]:
    row = fields.listing(value, name, length)
    return row if len(row) == length else fields.malformed(name, f"{length} items")


def _allowed(path: str) -> bool:
    """Tell whether a path is one that backups have: a stick may come from anybody."""
    if path in (DATABASE, IDENTITY):
        return True
    first, *rest = path.split("/")
    return first in _FOLDERS and bool(rest) and all(_PART.match(part) for part in rest)
