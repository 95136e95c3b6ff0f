"""The disk: writes that are whole or absent after a crash, and hashing in constant memory."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable, Iterable, Iterator, Optional, Tuple

from content.errors import MissingError, StorageError, TooLargeError
from content.manifest import PIECE_BYTES
from content.plain_file import open_plain

DRAFT = "new-"
"""How the names of files begin that have not got their own one yet."""
Count = Callable[[int], None]
"""Called with how many bytes more are done; what it raises stops the work (``Step.add``)."""


@contextlib.contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn the system's errors into StorageError naming ``path``."""
    try:
        yield
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise StorageError(
            f"{path}: the disk refused ({reason}); nothing was changed."
        ) from problem


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable; Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, parts: Iterable[bytes]) -> None:
    """Write a new file and flush it to the disk."""
    with path.open("wb") as file:
        for part in parts:
            file.write(part)
        file.flush()
        os.fsync(file.fileno())


def replace_durably(path: Path, parts: Iterable[bytes], staging: Path) -> None:
    """Put ``parts`` at ``path`` by way of a file in ``staging``: old or new, never torn."""
    staging.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=staging, prefix=DRAFT)
    os.close(handle)
    temporary = Path(name)
    try:
        write_durably(temporary, parts)
        # mkstemp makes the file private, but a web server must read it. A stick knows no rights.
        with contextlib.suppress(OSError):
            temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
    sync_folder(path.parent)


def take_over(source: Path, target: Path, staging: Path, count: Optional[Count] = None) -> bool:
    """Have the file ``source`` at ``target`` too: a link where the disk has them, else a copy.

    What was at ``target`` is gone. ``count`` hears the bytes of a copy. Tells whether it is a link,
    which takes no room. Raises OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    # What is there may itself be a link to a file that must stay as it is.
    with contextlib.suppress(FileNotFoundError):
        os.unlink(target)  # noqa: PTH108 - no step that a crash could tell from the next
    try:
        os.link(source, target)
    except OSError:
        replace_durably(target, pieces_of(source, count), staging)
        return False
    return True


def read_bounded(path: Path, limit_bytes: int) -> bytes:
    """A whole file of at most ``limit_bytes``; raises MissingError, TooLargeError, StorageError."""
    try:
        with storage_errors(path), open_plain(path) as file:
            data = file.read(limit_bytes + 1)
    except StorageError as problem:
        if isinstance(problem.__cause__, (FileNotFoundError, NotADirectoryError)):
            raise MissingError(f"{path} is missing.") from None
        raise
    if len(data) > limit_bytes:
        raise TooLargeError(f"{path} is larger than the {limit_bytes} bytes allowed.")
    return data


def pieces_of(
    path: Path, count: Optional[Count] = None, piece_bytes: int = PIECE_BYTES
) -> Iterator[bytes]:
    """The file's bytes, so many at a time; ``count`` hears of each that was taken."""
    with open_plain(path) as file:
        while True:
            piece = file.read(piece_bytes)
            if not piece:
                return
            yield piece
            if count:
                count(len(piece))


def hash_file(path: Path, count: Optional[Count] = None) -> Tuple[str, int, Tuple[bytes, ...]]:
    """SHA-256 in hex, size in bytes, and the SHA-256 of every 1 MiB piece."""
    whole = hashlib.sha256()
    size_bytes = 0
    pieces = []
    # Both hashes of a piece at once: hashlib lets other threads run meanwhile.
    with ThreadPoolExecutor(1) as threads:
        for piece in pieces_of(path, count):
            beside = threads.submit(_digest, piece)
            whole.update(piece)
            pieces.append(beside.result())
            size_bytes += len(piece)
    return whole.hexdigest(), size_bytes, tuple(pieces)


def _digest(piece: bytes) -> bytes:
    return hashlib.sha256(piece).digest()


def sha256_of_file(path: Path, count: Optional[Count] = None) -> str:
    """SHA-256 in hex of a whole file, in constant memory."""
    whole = hashlib.sha256()
    for piece in pieces_of(path, count):
        whole.update(piece)
    return whole.hexdigest()
