"""Errands one behind the other on a line: asked for early, answered in their order.

Whatever goes wrong on a line is tried once more in the plain way, a request of its own for one
errand, whose errors count; the others are asked for again.
"""

from __future__ import annotations

import contextlib
from collections import deque
from typing import Any, Callable, Deque, List, Optional, Protocol, Tuple

from sync.errors import LinkError, ObjectError, SyncError
from sync.link.pace import Pace
from sync.roads.errand import Errand
from sync.roads.flow import Flow
from sync.roads.line import Line
from sync.roads.wish import Wish

MOST_ASKED = 32
STRIKES = 2
"""So often in a row an answer may fail to follow another, before a server is taken for one that
ignores what is sent early."""
_TRIED_AGAIN = (
    "link-lost",
    "link-stalled",
    "link-unreachable",
    "object-damaged",
    # Or the answer was to the next request: a server may drop what it got early.
    "object-size",
)


class Book(Protocol):
    """Who knows the errands."""

    def pick(self, flying_bytes: List[int], wait: bool) -> Optional[Errand]:
        """Give what to ask for next; ``wait`` until there is something, or all is over (None)."""
        ...

    def done(self, errand: Errand, result: Optional[bytes], error: Optional[Exception]) -> None:
        """Note how an errand ended."""
        ...

    def put_back(self, errands: List[Errand]) -> None:
        """Have errands asked for once more."""
        ...

    def heard(self, errand: Errand, here_bytes: int) -> None:
        """Note how far an errand is."""
        ...

    def cancelled(self, errand: Errand) -> bool:
        """Whether an errand is to stop."""
        ...


class Convoy:
    """Brings a book's errands over a line, until all is over or the line proves to be none."""

    def __init__(self, line: Line, plain: Any, book: Book, *, again: bool = True) -> None:
        """Bring errands over ``line``, and those that fail over the road ``plain`` if ``again``."""
        self._line = line
        self._plain = plain
        self._again = again
        self._book = book
        self._flow: Flow = plain.flow
        self._flying: Deque[Tuple[Errand, Wish]] = deque()
        self._strikes = 0
        self._broken = False

    def run(self) -> bool:
        """Bring errands; return whether the line may be used again."""
        if self._again:
            with contextlib.suppress(LinkError):
                # Told to whoever asks for something, not before.
                self._line.open()
        try:
            while self._load(wait=True):
                self._unload()
                if self._strikes >= STRIKES:
                    return False
            return True
        finally:
            self._reset()

    def _load(self, wait: bool = False) -> bool:
        """Ask for what is to be asked for now; tell whether anything is on its way."""
        while True:
            flying_bytes = [errand.to_come_bytes for errand, _ in self._flying]
            enough = self._broken or len(flying_bytes) >= MOST_ASKED or not self._flow.keeps_open
            if flying_bytes and enough:
                return True
            errand = self._book.pick(flying_bytes, wait and not flying_bytes)
            if errand is None:
                return bool(self._flying)
            self._ask(errand)

    def _ask(self, errand: Errand) -> None:
        wish = errand.wish()
        try:
            headers = wish.open()
            if headers is not None:
                self._line.ask(wish.path, headers)
                self._flying.append((errand, wish))
                return
        except LinkError as error:
            wish.close()
            if self._flying:
                # What is being read may still be whole; it is seen to when that has ended.
                self._broken = True
                self._book.put_back([errand])
            else:
                self._reset()
                self._go_plain(errand, error)
        except Exception as error:  # noqa: BLE001 - whoever asks for it gets it
            wish.close()
            self._book.done(errand, None, error)
        else:
            wish.close()
            self._book.done(errand, None, None)

    def _unload(self) -> None:
        """Take the answer to the oldest request."""
        errand, wish = self._flying[0]
        follows, answered = self._line.follows, False

        def heard(here_bytes: int, _: int) -> None:
            self._book.heard(errand, here_bytes)
            self._load()

        try:
            self._line.wait(self._load)
            answer = self._line.answer()
            answered = True
            with wish.transfer(self._flow):
                result = self._taken(errand, wish, answer, heard)
        except Exception as error:  # noqa: BLE001 - whoever asks for it gets it
            self._flying.popleft()
            wish.close(wary=self._plain.patience is not None)
            self._strikes += follows and not answered
            self._failed(errand, error)
            return
        self._flying.popleft()
        wish.close()
        self._strikes = 0 if follows else self._strikes
        self._book.done(errand, result, None)
        if answer.ends_line or self._broken:
            self._reset()

    def _failed(self, errand: Errand, error: Exception) -> None:
        if isinstance(error, ObjectError) and error.code == "object-missing":
            # A whole answer, and the next one follows.
            self._book.done(errand, None, error)
            return
        self._reset()
        if isinstance(error, SyncError) and error.code in _TRIED_AGAIN:
            self._go_plain(errand, error)
        else:
            self._book.done(errand, None, error)

    def _taken(
        self, errand: Errand, wish: Wish, answer: Any, heard: Callable[[int, int], None]
    ) -> Optional[bytes]:
        pace: Pace = self._plain.pace
        try:
            result = wish.take(answer, pace, heard, lambda: self._book.cancelled(errand))
        except ObjectError as error:
            if error.code == "object-missing" and not answer.finish():
                raise LinkError("link-lost", "a long error") from error
            raise
        answer.finish()
        return result

    def _go_plain(self, errand: Errand, error: Exception) -> None:
        if not self._again:
            self._book.done(errand, None, error)
            return
        if self._book.cancelled(errand):
            self._book.put_back([errand])
            return
        try:
            result = errand.do(
                self._plain,
                lambda here_bytes, _: self._book.heard(errand, here_bytes),
                lambda: self._book.cancelled(errand),
            )
        except Exception as found:  # noqa: BLE001 - whoever asks for it gets it
            self._book.done(errand, None, found)
        else:
            self._book.done(errand, result, None)

    def _reset(self) -> None:
        """Give up the connection, and have what was on its way asked for again."""
        self._line.close()
        for _, wish in self._flying:
            wish.close()
        self._book.put_back([errand for errand, _ in self._flying])
        self._flying.clear()
        self._broken = False
