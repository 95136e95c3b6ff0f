"""What is wished for of a road: how it is asked for, and what is made of the answer.

A wish is opened just before it is asked for, since what has come already decides what is asked, and
is closed in the end whatever happened.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ContextManager, Dict, Optional, Protocol

from sync.disk import disk_error, file_sha256
from sync.errors import CancelledError, LinkError, ObjectError
from sync.link.pace import Pace
from sync.objects import Download, ObjectSpec
from sync.roads.answers import chunks, error_of, read_bounded
from sync.roads.flow import Flow
from sync.roads.ranges import MISSING_STATUSES, bytes_to_skip
from sync.roads.road import Cancel, Progress


class Wish(Protocol):
    """Something to be brought by one request."""

    path: str

    def open(self) -> Optional[Dict[str, str]]:
        """Return the headers to ask with; None when there is nothing to ask for."""
        ...

    def take(self, answer: Any, pace: Pace, progress: Progress, cancel: Cancel) -> Optional[bytes]:
        """Read the answer; raise LinkError when it is not the whole."""
        ...

    def transfer(self, flow: Flow) -> ContextManager[None]:
        """Tell a flow while it comes."""
        ...

    def close(self, *, wary: bool = False) -> None:
        """Let go of what was opened; keep nothing unverified of whom ``wary`` says to beware."""
        ...


class FileWish:
    """A small file."""

    def __init__(self, path: str, max_bytes: int) -> None:
        self.path = path
        self._max_bytes = max_bytes

    def open(self) -> Optional[Dict[str, str]]:
        """Return the headers to ask with."""
        return {"Accept-Encoding": "identity"}

    def take(self, answer: Any, pace: Pace, *_: object) -> Optional[bytes]:
        """Return the file.

        Raises:
            LinkError: the road failed, or something else than the server answered.
            ObjectError: ``object-missing``, or ``object-size`` when it is larger.
        """
        if answer.status_code in MISSING_STATUSES:
            raise ObjectError("object-missing", self.path)
        if answer.status_code != 200:
            raise error_of(answer)
        data = read_bounded(answer, self._max_bytes, pace)
        if data is None:
            raise ObjectError("object-size", f"{self.path}: more than {self._max_bytes}")
        return data

    def transfer(self, flow: Flow) -> ContextManager[None]:
        """Tell a flow that little comes."""
        return flow.transfer(0)

    def close(self, *, wary: bool = False) -> None:
        """Do nothing."""
        del wary


class ObjectWish:
    """An object, going on where it stopped."""

    def __init__(
        self, spec: ObjectSpec, part_path: Path, final_path: Path, *, repository: str
    ) -> None:
        self.path = f"{repository}/objects/{spec.sha256[:2]}/{spec.sha256}"
        self._spec = spec
        self._part_path = part_path
        self._final_path = final_path
        self._download: Optional[Download] = None

    def open(self) -> Optional[Dict[str, str]]:
        """Return the headers to ask with; None when nothing is missing any more.

        Raises:
            ObjectError: ``disk-full`` or ``disk-failed``.
        """
        if is_here(self._spec, self._final_path):
            return None
        download = self._download = Download(self._spec, self._part_path)
        if download.complete:
            download.finish(self._final_path)
            return None
        headers = {"Accept-Encoding": "identity"}
        if download.position_bytes:
            headers["Range"] = f"bytes={download.position_bytes}-"
        return headers

    def take(self, answer: Any, pace: Pace, progress: Progress, cancel: Cancel) -> None:
        """Write the answer, and give the object its name.

        Raises:
            LinkError: the road failed, or the answer ended early.
            ObjectError: this source does not have the object, or the disk failed.
            CancelledError: ``cancel`` said so.
        """
        download = self._download
        assert download is not None  # noqa: S101 - it was opened
        take_object(download, answer, pace, progress, cancel)
        if not download.complete:
            raise LinkError("link-lost", "not all of it came")
        download.finish(self._final_path)

    def transfer(self, flow: Flow) -> ContextManager[None]:
        """Tell a flow how much comes."""
        here_bytes = self._download.position_bytes if self._download else self._spec.size_bytes
        return flow.transfer(self._spec.size_bytes - here_bytes)

    def close(self, *, wary: bool = False) -> None:
        """Let go of the part file.

        What a stranger began and another source ends would be wrong by the other one's fault.
        """
        if self._download is not None:
            if wary:
                self._download.close_verified()
            self._download.close()
            self._download = None


def take_object(
    download: Download,
    answer: Any,
    pace: Pace,
    progress: Optional[Progress],
    cancel: Optional[Cancel],
) -> None:
    """Write what an answer to a request for the rest of an object brings.

    Raises as `ObjectWish.take` does.
    """
    spec, start = download.spec, download.position_bytes
    if answer.status_code >= 500 or answer.status_code == 429:
        raise error_of(answer)
    skip = bytes_to_skip(spec, start, answer.status_code, answer.headers)
    for data in chunks(answer):
        rest, skip = data[skip:], max(0, skip - len(data))
        if rest:
            download.write(rest)
        if progress is not None:
            progress(download.position_bytes, spec.size_bytes)
        if cancel is not None and cancel():
            raise CancelledError(spec.sha256)
        pace.spend(len(data))
    if download.position_bytes == start:
        raise LinkError("link-lost", "nothing came")


def is_here(spec: ObjectSpec, final_path: Path) -> bool:
    """Tell whether the whole object lies at its place already.

    Raises:
        ObjectError: ``disk-failed``.
    """
    try:
        if not final_path.exists() or final_path.stat().st_size != spec.size_bytes:
            return False
        with final_path.open("rb") as file:
            return file_sha256(file) == spec.sha256
    except OSError as error:
        raise disk_error(error, final_path) from error
