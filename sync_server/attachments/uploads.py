"""Attached files on the server's disk: whole ones by name, and what has come of others.

::

    attachments/<first two digits>/<name>          whole, verified, read-only from then on
    attachments/parts/<device>/<name>.offer        what the device said of it: size and hashes
    attachments/parts/<device>/<name>.part         a beginning of it

A part belongs to the device that sends it, so nobody can spoil another's. Every 64 KiB is compared
with its hash as soon as it is whole; a part file's length is all that there is to know of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Iterable, Iterator, Optional, Tuple

from content.storage import replace_durably, sync_folder
from sync.attachments.attachment import SEGMENT_BYTES, piece_count
from sync.attachments.offer import HASH_BYTES, Offer
from sync.errors import AttachmentError, LinkError
from sync.identity import device_id_bytes

PARTS = "parts"
MAX_PARTS = 64
"""Files of one device that may be under way at once."""
PART_LIFE_S = 60 * 24 * 3600
"""How long a part may lie untouched: a summer without a link."""
RESERVE_BYTES = 256 << 20
"""What attached files leave free on the disk, for the records."""


class AttachmentFiles:
    """The folder of attached files."""

    def __init__(self, folder: Path, reserve_bytes: int = RESERVE_BYTES) -> None:
        self.folder = folder
        self._reserve_bytes = reserve_bytes

    def path(self, sha256: str) -> Path:
        """Return where a whole file lies, or would."""
        return self.folder / sha256[:2] / sha256

    def part_path(self, device: str, sha256: str) -> Path:
        """Return where lies what has come of a file from a device, or a server."""
        return self._place(device, sha256).with_suffix(".part")

    def names(self) -> Iterator[Tuple[str, int]]:
        """Yield name and size of every whole file."""
        if not self.folder.is_dir():
            return
        for shelf in self.folder.iterdir():
            if shelf.name == PARTS or not shelf.is_dir():
                continue
            for path in shelf.iterdir():
                if len(path.name) == 64:
                    yield path.name, path.stat().st_size

    def has_room(self, size_bytes: int) -> bool:
        """Tell whether so much more fits on the disk."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.folder).free >= size_bytes + self._reserve_bytes

    def begin(self, device: str, offer: Offer) -> Optional[int]:
        """Take an offer and return from where on it is wanted; None where too many are under way.

        What came of an earlier offer of the same file counts, unless that was another one.
        """
        known = self.offer(device, offer.sha256)
        place = self._place(device, offer.sha256)
        if known != offer:
            place.parent.mkdir(parents=True, exist_ok=True)
            if known is None and len(list(place.parent.glob("*.offer"))) >= MAX_PARTS:
                return None
            place.with_suffix(".part").unlink(missing_ok=True)
            _write_offer(place.with_suffix(".offer"), offer)
        with Part(place.with_suffix(".part"), offer) as part:
            return part.position_bytes

    def offer(self, device: str, sha256: str) -> Optional[Offer]:
        """Return what a device said of a file that is under way."""
        try:
            data = self._place(device, sha256).with_suffix(".offer").read_bytes()
            size_bytes, joined = json.loads(data)
            pieces = bytes.fromhex(joined)
            if len(pieces) != HASH_BYTES * piece_count(size_bytes):
                return None
        except (OSError, ValueError, TypeError):
            return None
        starts = range(0, len(pieces), HASH_BYTES)
        return Offer(sha256, size_bytes, tuple(pieces[at : at + HASH_BYTES] for at in starts))

    def part(self, device: str, sha256: str) -> Optional[Part]:
        """Open what has come of a file, to go on with it; None where nothing was offered."""
        offer = self.offer(device, sha256)
        return Part(self.part_path(device, sha256), offer) if offer else None

    def keep(self, device: str, part: Part) -> None:
        """Verify a complete part as a whole and give it its place; lasting when this returns.

        Raises:
            AttachmentError: ``attachment-damaged``: the offer was for another file; it is dropped.
            LinkError: ``link-altered``: a piece went bad on the disk; the part ends before it.
            OSError: the disk failed.
        """
        sha256 = part.offer.sha256
        try:
            part.verify()
        except AttachmentError:
            self.drop(device, sha256)
            raise
        part.close()
        final = self.path(sha256)
        final.parent.mkdir(parents=True, exist_ok=True)
        part.path.replace(final)
        sync_folder(final.parent)
        sync_folder(self.folder)
        self.drop(device, sha256)

    def put(self, sha256: str, parts: Iterable[bytes]) -> None:
        """Give a file that comes whole its place, verified on its way; lasting on return.

        Raises:
            AttachmentError: ``attachment-damaged``: it is another one, and nothing is kept.
            OSError: the disk failed.
        """
        replace_durably(self.path(sha256), _verified(parts, sha256), self.folder / PARTS / "whole")
        sync_folder(self.folder)

    def drop(self, device: str, sha256: str) -> None:
        """Forget what has come of a file."""
        place = self._place(device, sha256)
        for ending in (".part", ".offer"):
            place.with_suffix(ending).unlink(missing_ok=True)

    def sweep(self, now_s: float) -> int:
        """Remove parts that nobody went on with for long; return how many."""
        count = 0
        for path in (self.folder / PARTS).glob("*/*"):
            if now_s - path.stat().st_mtime > PART_LIFE_S:
                path.unlink(missing_ok=True)
                count += path.suffix == ".offer"
        return count

    def _place(self, device: str, sha256: str) -> Path:
        return self.folder / PARTS / device_id_bytes(device).hex() / sha256


def _verified(parts: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
        yield part
    if whole.hexdigest() != sha256:
        raise AttachmentError("attachment-damaged", sha256)


def _write_offer(path: Path, offer: Offer) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps([offer.size_bytes, b"".join(offer.piece_sha256).hex()]))
    beside.replace(path)


class Part:
    """A beginning of a file, being added to. Use as a context manager.

    ``position_bytes`` is where the next byte belongs.
    """

    def __init__(self, path: Path, offer: Offer) -> None:
        self.path = path
        self.offer = offer
        # Without a buffer of Python's: what failed to be written must not be written later.
        self._file = path.open("r+b" if path.exists() else "x+b", buffering=0)
        try:
            self._resume()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Part:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; what is in it stays."""
        self._file.close()

    @property
    def complete(self) -> bool:
        """Whether all has come; ``AttachmentFiles.keep`` then verifies it."""
        return self.position_bytes == self.offer.size_bytes

    def _resume(self) -> None:
        """Go to the end; of the piece that is not whole, the beginning is hashed again."""
        size_bytes = os.fstat(self._file.fileno()).st_size
        if size_bytes > self.offer.size_bytes:
            self._file.truncate(0)
            size_bytes = 0
        self.position_bytes = size_bytes
        self._file.seek(size_bytes - size_bytes % SEGMENT_BYTES)
        self._piece = hashlib.sha256(
            b"" if size_bytes == self.offer.size_bytes else self._file.read(SEGMENT_BYTES)
        )
        self._file.seek(size_bytes)

    def write(self, data: bytes) -> None:
        """Add bytes that came.

        Raises:
            LinkError: ``link-altered`` when they complete a piece that is not the one offered: it
                is dropped, and ``position_bytes`` is its start again.
            AttachmentError: ``attachment-too-large`` when they are more than was offered.
            OSError: the disk failed; what was whole before stays.
        """
        view = memoryview(data)
        if self.position_bytes + len(view) > self.offer.size_bytes:
            raise AttachmentError("attachment-too-large", self.offer.sha256)
        while view:
            start = self.position_bytes - self.position_bytes % SEGMENT_BYTES
            end = min(start + SEGMENT_BYTES, self.offer.size_bytes)
            step = view[: end - self.position_bytes]
            self._write_all(step)
            self._piece.update(step)
            self.position_bytes += len(step)
            view = view[len(step) :]
            if self.position_bytes == end:
                self._finish_piece(start)

    def _write_all(self, step: memoryview) -> None:
        left = step
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            self._cut(self.position_bytes)
            raise

    def _finish_piece(self, start: int) -> None:
        good = self._piece.digest() == self.offer.piece_sha256[start // SEGMENT_BYTES]
        self._piece = hashlib.sha256()
        if not good:
            self._cut(start)
            raise LinkError("link-altered", f"{self.offer.sha256} from {start}")

    def _cut(self, position_bytes: int) -> None:
        self._file.seek(position_bytes)
        self._file.truncate()
        self.position_bytes = position_bytes

    def sync(self) -> None:
        """Put what came on the disk."""
        os.fsync(self._file.fileno())

    def verify(self) -> None:
        """Read all of it again from the disk and compare with the name.

        Raises:
            AttachmentError, LinkError: as ``AttachmentFiles.keep`` says.
        """
        self.sync()
        self._file.seek(0)
        whole = hashlib.sha256()
        for index, wanted in enumerate(self.offer.piece_sha256):
            piece = self._file.read(SEGMENT_BYTES)
            if hashlib.sha256(piece).digest() != wanted:
                self._cut(index * SEGMENT_BYTES)
                raise LinkError("link-altered", f"{self.offer.sha256}, piece {index}")
            whole.update(piece)
        if whole.hexdigest() != self.offer.sha256:
            raise AttachmentError("attachment-damaged", self.offer.sha256)
