"""Files that get their names together, so that a stick is asked twice for all and not for each.

Asking a stick to keep what it got takes it as long as writing a megabyte or two, and three times a
file would be most of the time that a pack of many pictures takes.
"""

from __future__ import annotations

from types import TracebackType
from typing import Iterable, Iterator, List, Optional, Type

from sync.sticks.aside import Aside
from sync.sticks.volume import Volume

GROUP_BYTES = 512 << 20
"""So much is begun at most before it gets its names; what was begun is gone on with."""
GROUP_FILES = 256


class Group:
    """Files being written. Use as a context manager: at its end all have their names.

    After an error those of the last group are begun, and the next writing goes on with them.
    """

    def __init__(self, volume: Volume) -> None:
        self._volume = volume
        self._begun: List[str] = []
        self._begun_bytes = 0
        self._aside = Aside()

    def write(self, path: str, parts: Iterable[bytes], start_bytes: int = 0) -> None:
        """Write a file; raises StickError, also for a group before, and what ``parts`` raises."""
        self._volume.begin(path, self._counted(parts), start_bytes)
        self._begun.append(path)
        if self._begun_bytes >= GROUP_BYTES or len(self._begun) >= GROUP_FILES:
            # Meanwhile the next files are written.
            begun = self._taken()
            self._aside.start(lambda: self._volume.finish(begun))

    def close(self) -> None:
        """Wait until all files have their names; raises StickError."""
        self._aside.wait()
        begun = self._taken()
        if begun:
            self._volume.finish(begun)

    def _taken(self) -> List[str]:
        begun, self._begun, self._begun_bytes = self._begun, [], 0
        return begun

    def _counted(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        for part in parts:
            self._begun_bytes += len(part)
            yield part

    def __enter__(self) -> Group:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._aside.__exit__(kind, error, traceback)
