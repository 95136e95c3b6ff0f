"""Files of a stick that are open: as the system's, but their errors are ours."""

from __future__ import annotations

import contextlib
import io
import os
from typing import Any, Callable

from sync.errors import SyncError
from sync.sticks.system import push_file

ErrorOf = Callable[[OSError], SyncError]


class StickFile(io.RawIOBase):
    """A file that is read."""

    def __init__(self, file: Any, error_of: ErrorOf) -> None:
        super().__init__()
        self._file = file
        self._error_of = error_of

    def readable(self) -> bool:
        """Say that it is."""
        return True

    def seekable(self) -> bool:
        """Say that it is."""
        return True

    def fileno(self) -> int:
        """Return the system's number of it."""
        return int(self._file.fileno())

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes; fewer only at the end."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        try:
            data: bytes = self._file.read(size)
            while 0 < len(data) < size:
                more: bytes = self._file.read(size - len(data))
                if not more:
                    break
                data += more
        except OSError as error:
            raise self._error_of(error) from error
        return data

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as one call does; 0 at the end."""
        try:
            return int(self._file.readinto(buffer))
        except OSError as error:
            raise self._error_of(error) from error

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to another place."""
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        """Return where the next byte comes from."""
        return int(self._file.tell())

    def close(self) -> None:
        """Let go of it."""
        self._file.close()
        super().close()


class FolderSink:
    """A file that is written."""

    def __init__(self, file: Any, error_of: ErrorOf) -> None:
        self._file = file
        self._error_of = error_of

    def write(self, data: bytes) -> None:
        """See Sink."""
        view = memoryview(data)
        try:
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            raise self._error_of(error) from error

    def push(self) -> None:
        """See Sink."""
        try:
            push_file(self._file.fileno())
        except OSError as error:
            raise self._error_of(error) from error

    def flush(self) -> None:
        """See Sink."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._error_of(error) from error

    def close(self) -> None:
        """See Sink."""
        with contextlib.suppress(OSError):
            self._file.close()
