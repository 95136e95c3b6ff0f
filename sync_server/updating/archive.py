"""Unpacking a new version: a zip of one folder, as ``python3 build package`` makes it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import List, Optional

from content.storage import pieces_of
from sync_server.errors import SetupError

MAX_FILES = 20_000
MAX_UNPACKED_BYTES = 2 << 30
PROGRAMME = "keruen-server"
_PART = re.compile(r"[^\\:\x00-\x1f]{1,200}\Z")
_COPY_BYTES = 1 << 20


def programme_in(folder: Path) -> Path:
    """Return the file in a version's folder that one starts."""
    return folder / (PROGRAMME + (".exe" if os.name == "nt" else ""))


def take(archive: Path, copy: Path, wanted: Optional[str]) -> str:
    """Copy an archive, and return the SHA-256 of what was copied.

    What is compared is what is unpacked later: a stick may give other bytes the second time.

    Raises:
        SetupError: it is not the one that was given.
        StorageError, OSError: it cannot be read, or the copy not written.
    """
    digest = hashlib.sha256()
    with copy.open("xb") as file:
        for piece in pieces_of(archive):
            digest.update(piece)
            file.write(piece)
    found = digest.hexdigest()
    if wanted is not None and found != wanted.strip().lower():
        raise SetupError(
            f"{archive} is not the file that you were told of: its SHA-256 is {found}."
        )
    return found


def unpack(archive: Path, place: Path) -> None:
    """Unpack an archive's one folder so that its files lie in ``place``, a new folder.

    Raises:
        SetupError: it is no such archive, or damaged; ``place`` is gone again.
        OSError: the disk failed; likewise.
    """
    place.mkdir(parents=True)
    try:
        with zipfile.ZipFile(archive) as opened:
            for entry in _files(opened, archive):
                _write(opened, entry, place.joinpath(*PurePosixPath(entry.filename).parts[1:]))
        if not programme_in(place).is_file():
            raise _wrong(archive, f"there is no {programme_in(place).name} in it")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        shutil.rmtree(place, ignore_errors=True)
        raise _wrong(archive, str(error) or "it is damaged") from error
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def _files(opened: zipfile.ZipFile, archive: Path) -> List[zipfile.ZipInfo]:
    entries = [one for one in opened.infolist() if not one.is_dir()]
    if len(entries) > MAX_FILES or sum(one.file_size for one in entries) > MAX_UNPACKED_BYTES:
        raise _wrong(archive, "it is far too large")
    tops = {one.filename.split("/")[0] for one in entries}
    for one in entries:
        parts = one.filename.split("/")
        plain = stat.S_IFMT(one.external_attr >> 16) in (0, stat.S_IFREG)
        named = all(_PART.match(part) and part not in (".", "..") for part in parts)
        if not plain or not named or len(parts) < 2 or len(tops) != 1:
            raise _wrong(archive, f"{one.filename[:80]!r} is no file of one folder")
    return entries


def _write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(entry) as source, path.open("xb") as target:
        # What is read to its end is compared with the archive's own checksum.
        shutil.copyfileobj(source, target, _COPY_BYTES)
        target.flush()
        os.fsync(target.fileno())
    if entry.external_attr >> 16 & 0o100:
        path.chmod(0o755)


def _wrong(archive: Path, why: str) -> SetupError:
    return SetupError(
        f"{archive.name} is no new version of {PROGRAMME}: {why}. Nothing was changed."
    )
