"""Files attached to work on this laptop: sealed at once, kept until the server says it has them.

A file lies in the folder ``attachments`` under its name, the hash of what was sealed, so the same
file attached twice is there once and is sent once. It leaves the disk when it was taken back before
handing in; after that, only a receipt of the server lets it go, and only when room is needed.
"""

from __future__ import annotations

import contextlib
import io
import os
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Dict, Iterable, List, Mapping, Optional, Tuple

from client.laptop.attaching.file_types import (
    FILES,
    PHOTO_TYPE,
    PHOTOS,
    ending_of,
    is_picture,
    may_be_attached,
    safe_name,
)
from client.laptop.errors import Fault
from client.laptop.problems import as_laptop_error, failure, problem_of
from client.laptop.schoolwork import drafts
from client.laptop.store import Store
from sync import fields
from sync.errors import SyncError
from sync.journals.bodies import Stored
from sync.kinds import SUBMISSION

if TYPE_CHECKING:
    from sync.attachments.attachment import Attachment, SealedFile

FOLDER = "attachments"
OPENED = "opened"
ORPHAN_S = 24 * 3600
"""What a crash left behind is swept after a day: until then, somebody may be at work on it."""
LOW_BYTES = 256 << 20
"""A disk with less room is nearly full."""
KEY_BYTES = 32
"""A file's key in clear; a locked one is longer."""
MAX_FILES = 10
"""In one answer; the record may name twice as many."""


@dataclass(frozen=True)
class AttachedFile:
    """A file as a screen knows it.

    ``name`` stands in the answer. ``here`` says whether it lies on this laptop, ``held`` whether
    the server has said that it has it.
    """

    name: str
    media_type: str
    title: str
    size_bytes: int
    here: bool
    held: bool = False

    @property
    def is_picture(self) -> bool:
        """Whether a screen can show it."""
        return is_picture(self.media_type)


class Attachments:
    """The attached files of one laptop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._folder = store.folder / FOLDER

    def put(self, path: Path) -> AttachedFile:
        """Seal a copy of a file for an answer. It is on the disk when this returns.

        Raises LaptopError ``attachment-kind``, ``photo-unreadable``, ``attachment-empty``,
        ``attachment-too-large``, ``attachment-changed``, ``attachment-unreadable`` or
        ``disk-full``.
        """
        if not may_be_attached(path.name):
            raise failure("attachment-kind", Fault.YOUR_DATA, path.name, path.name)
        photo = ending_of(path.name) in PHOTOS
        try:
            with _source(path, photo) as source:
                media_type = PHOTO_TYPE if photo else FILES[ending_of(path.name)]
                return self._sealed(source, media_type, path.name[:200])
        except SyncError as error:
            raise as_laptop_error(error, path.name) from error
        except OSError as error:
            if problem_of(error).code == "disk-full":
                raise as_laptop_error(error, path.name) from error
            raise failure(
                "attachment-unreadable", Fault.YOUR_DATA, str(error), path.name
            ) from error

    def make_room(self, low_bytes: int = LOW_BYTES) -> None:
        """Let go of files that the server has, the oldest first, while the disk is nearly full."""
        import shutil

        rows = self._rows(
            "SELECT name FROM attachments WHERE receipt IS NOT NULL ORDER BY added_ms"
        )
        for (sha256,) in rows:
            if shutil.disk_usage(str(self._store.folder)).free >= low_bytes:
                return
            with contextlib.suppress(FileNotFoundError):
                self.path(sha256).unlink()

    def _sealed(self, source: BinaryIO, media_type: str, title: str) -> AttachedFile:
        from sync.attachments.attachment import seal_file
        from sync.disk import sync_folder

        self._folder.mkdir(exist_ok=True)
        self.make_room()
        aside = self._folder / f"{os.getpid()}-{time.monotonic_ns()}.sealing"
        try:
            with aside.open("xb") as target:
                sealed = seal_file(source, target, self._store.server())
                target.flush()
                os.fsync(target.fileno())
            aside.replace(self.path(sealed.sha256))
            sync_folder(self._folder)
        except BaseException:
            with contextlib.suppress(OSError):
                aside.unlink()
            raise
        self._note(sealed, media_type, title)
        found = self.find(_text(sealed.sha256))
        assert found is not None  # noqa: S101 - it was just noted
        return found

    def _note(self, sealed: SealedFile, media_type: str, title: str) -> None:
        name, person = sealed.sha256, self._store.bodies.person
        with self._store.database.transaction() as connection:
            query = "SELECT title FROM attachments WHERE name = ?"
            row = connection.execute(query, (name,)).fetchone()
            before = row[0] if row is not None else ""
            in_clear = row is not None and isinstance(before, str)
            if self._store.bodies.readers(connection, before) - {person} or (in_clear and person):
                # The very same file may be in another's draft: 2 says that nobody takes it back.
                change = "UPDATE attachments SET handed_in = 2 WHERE name = ? AND handed_in = 0"
                connection.execute(change, (name,))
            if in_clear:
                return
            key, called = self._locked(person, name, sealed.key, title, before)
            connection.execute(
                "INSERT INTO attachments"
                " (name, key, size_bytes, pieces, media_type, title, added_ms)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET key = excluded.key, title = excluded.title",
                (
                    name,
                    key,
                    sealed.size_bytes,
                    b"".join(sealed.piece_sha256),
                    media_type,
                    called,
                    self._store.now_ms(),
                ),
            )

    def _locked(
        self, person: str, name: str, key: bytes, title: str, before: Stored = ""
    ) -> Tuple[bytes, Stored]:
        """Return what to keep as a file's key and title, for a person and who had them before."""
        db, bodies = self._store.database.connection, self._store.bodies
        stored = bodies.lock_text(db, person, key.hex(), _key_of(name), before)
        called = bodies.lock_text(db, person, title, _title_of(name), before)
        return key if isinstance(stored, str) else stored, called

    def lock_up(self, person: str, answers: Mapping[str, Any]) -> None:
        """Lock keys and titles of the files in answers, in the caller's transaction."""
        db = self._store.database.connection
        for name in map(_hex, self._named(answers)):
            query = "SELECT key, title FROM attachments WHERE name = ?"
            key, title = db.execute(query, (name,)).fetchone()
            if isinstance(title, str) and len(key) == KEY_BYTES:
                locked = self._locked(person, name, key, title)
                change = "UPDATE attachments SET key = ?, title = ? WHERE name = ?"
                db.execute(change, (*locked, name))

    def path(self, sha256: str) -> Path:
        """Tell where a sealed file lies, or would."""
        return self._folder / sha256

    def find(self, name: str) -> Optional[AttachedFile]:
        """Look up a file that was attached on this laptop."""
        row = self._store.database.connection.execute(
            "SELECT name, media_type, title, size_bytes, receipt FROM attachments WHERE name = ?",
            (_hex(name),),
        ).fetchone()
        if row is None:
            return None
        sha256, media_type, title, size_bytes, receipt = row
        here, title = self.path(sha256).exists(), self.title_of(title, sha256)
        return AttachedFile(name, media_type, title, size_bytes, here, receipt is not None)

    def title_of(self, stored: Stored, sha256: str) -> str:
        """Tell what a file was called; empty while that cannot be read."""
        connection = self._store.database.connection
        return self._store.bodies.unlock_text(connection, stored, _title_of(sha256)) or ""

    def take_back(self, name: str) -> None:
        """Forget a file that is in no draft any more and was never handed in."""
        with self._store.database.transaction() as connection:
            if drafts.names_file(connection, name, self._store.bodies):
                return
            gone = connection.execute(
                "DELETE FROM attachments WHERE name = ? AND handed_in = 0", (_hex(name),)
            ).rowcount
        if gone:
            with contextlib.suppress(FileNotFoundError):
                self.path(_hex(name)).unlink()

    def for_record(self, answers: Mapping[str, Any]) -> Dict[str, Any]:
        """Give what a submission's body says of the files in its answers; nothing for none."""
        from sync.attachments.attachment import FIELD

        rows = [self._attachment(name).to_json() for name in self._named(answers)]
        return {FIELD: rows} if rows else {}

    def _named(self, answers: Mapping[str, Any]) -> List[str]:
        lists = [answer for answer in answers.values() if isinstance(answer, (list, tuple))]
        names = dict.fromkeys(name for answer in lists for name in answer if _is_name(name))
        return [name for name in names if self.find(name) is not None]

    def _attachment(self, name: str) -> Attachment:
        from sync.attachments.attachment import Attachment

        row = self._store.database.connection.execute(
            "SELECT name, key, size_bytes, media_type, title FROM attachments WHERE name = ?",
            (_hex(name),),
        ).fetchone()
        sha256, stored, size_bytes, media_type, title = row
        key = self._key(stored, sha256)
        return Attachment(sha256, key, size_bytes, media_type, self.title_of(title, sha256))

    def _key(self, stored: bytes, sha256: str) -> bytes:
        """Return a file's key. Raises LaptopError ``vault-closed`` while it is locked."""
        if len(stored) == KEY_BYTES:
            return stored
        connection = self._store.database.connection
        text = self._store.bodies.unlock_text(connection, stored, _key_of(sha256))
        if text is None:
            raise failure("vault-closed", Fault.YOUR_DATA, sha256)
        return bytes.fromhex(text)

    def handed_in(self, connection: sqlite3.Connection, answers: Mapping[str, Any]) -> None:
        """Note, in the transaction that writes the record, that its files are to be sent."""
        connection.executemany(
            "UPDATE attachments SET handed_in = 1 WHERE name = ?",
            [(_hex(name),) for name in self._named(answers)],
        )

    def of_record(self, body: Mapping[str, Any]) -> Tuple[AttachedFile, ...]:
        """List the files that a work's record names, whoever wrote it."""
        return tuple(
            AttachedFile(
                _text(one.sha256),
                one.media_type,
                one.title,
                one.size_bytes,
                self.path(one.sha256).exists(),
            )
            for one in named_by(body)
        )

    def read(self, body: Mapping[str, Any], name: str) -> bytes:
        """Open a file that a record names and return what was attached.

        Raises LaptopError ``attachment-missing``, ``attachment-damaged``, or ``photo-unreadable``
        for a picture that should not be shown.
        """
        target = io.BytesIO()
        attachment = self._open(body, name, target)
        if not is_picture(attachment.media_type):
            return target.getvalue()
        from client.laptop.attaching.photo import check_photo

        return check_photo(target.getvalue())

    def read_own(self, name: str) -> bytes:
        """Open a file that was attached on this laptop; raises as `read` does."""
        return self.read(self.for_record({"": [name]}), name)

    def export(self, body: Mapping[str, Any], name: str) -> Path:
        """Put an opened file where another programme can open it; raises as `read` does.

        It is gone when the laptop is opened next. Raises LaptopError ``attachment-kind`` for one
        that nobody should open.
        """
        attachment = _in_body(body, name)
        plain_name = safe_name(attachment.title, attachment.media_type) if attachment else ""
        if not plain_name:
            raise failure("attachment-kind", Fault.THEIR_DATA, name)
        folder = self._store.folder / OPENED / _hex(name)[:16]
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / plain_name
        if is_picture(attachment.media_type if attachment else ""):
            path.write_bytes(self.read(body, name))
            return path
        with path.open("wb") as target:
            self._open(body, name, target)
        return path

    def _open(self, body: Mapping[str, Any], name: str, target: BinaryIO) -> Attachment:
        from sync.attachments.attachment import open_segments

        attachment = _in_body(body, name)
        if attachment is None or not self.path(attachment.sha256).exists():
            raise failure("attachment-missing", Fault.LINK, name)
        try:
            with self.path(attachment.sha256).open("rb") as source:
                for data in open_segments(source, attachment.key, attachment.size_bytes):
                    target.write(data)
        except SyncError as error:
            raise as_laptop_error(error, attachment.title) from error
        return attachment

    def clear_opened(self) -> None:
        """Remove the copies that were opened for other programmes."""
        folder = self._store.folder / OPENED
        if folder.exists():
            import shutil

            shutil.rmtree(str(folder), ignore_errors=True)

    def sweep(self, now_s: Optional[float] = None) -> None:
        """Remove what a crash or a draft thrown away left behind."""
        if not self._folder.is_dir():
            return
        old_s = (time.time() if now_s is None else now_s) - ORPHAN_S
        known = {row[0] for row in self._rows("SELECT name FROM attachments")}
        named = known | set(self._named_by_others())
        for path in self._folder.iterdir():
            with contextlib.suppress(OSError):
                if path.name.partition(".")[0] not in named and path.stat().st_mtime < old_s:
                    path.unlink()

    def _named_by_others(self) -> Iterable[str]:
        for (name,) in self._rows("SELECT name FROM named_files"):
            yield name
        for record in self._store.inbox().of_kind(SUBMISSION):
            for one in named_by(record.body):
                yield one.sha256

    def _rows(self, query: str) -> List[Tuple[Any, ...]]:
        return self._store.database.connection.execute(query).fetchall()


def named_by(body: Mapping[str, Any]) -> Tuple[Attachment, ...]:
    """Give the files that a body names; none where the disk or its writer spoilt the list."""
    from sync.attachments.attachment import attachments_of

    try:
        return attachments_of(body)
    except SyncError:
        return ()


def _in_body(body: Mapping[str, Any], name: str) -> Optional[Attachment]:
    return next((one for one in named_by(body) if _text(one.sha256) == name), None)


def _source(path: Path, photo: bool) -> BinaryIO:
    if not photo:
        return path.open("rb")
    from client.laptop.attaching.photo import prepare_photo

    return io.BytesIO(prepare_photo(path))


def _key_of(sha256: str) -> str:
    return f"key of file {sha256}"


def _title_of(sha256: str) -> str:
    return f"title of file {sha256}"


def _is_name(value: object) -> bool:
    return isinstance(value, str) and len(value) == 43


def _text(sha256: str) -> str:
    return fields.to_text(bytes.fromhex(sha256))


def _hex(name: str) -> str:
    try:
        return fields.binary(name, "name", 32).hex()
    except SyncError:
        return ""
