"""One worker, who brings errands from one source: over a line, or else one after the other."""

from __future__ import annotations

from typing import List, Optional, Protocol

from sync.roads.carrier import Carrier
from sync.roads.convoy import Convoy
from sync.roads.errand import Errand


class Office(Protocol):
    """Who gives out errands; `sync.roads.ahead.Ahead` does."""

    def twin(self, source: int) -> Carrier:
        """Give a connection to a source."""
        ...

    def alone(self, source: int, number: int) -> Optional[Errand]:
        """Wait for an errand to be brought by itself; None when there will be none."""
        ...

    def pick(self, source: int, flying_bytes: List[int], wait: bool) -> Optional[Errand]:
        """Give an errand to be asked for behind others."""
        ...

    def done(
        self, source: int, errand: Errand, result: Optional[bytes], error: Optional[Exception]
    ) -> None:
        """Note how an errand ended at a source."""
        ...

    def put_back(self, errands: List[Errand]) -> None:
        """Have errands brought all the same."""
        ...

    def heard(self, errand: Errand, here_bytes: int) -> None:
        """Note how far an errand is."""
        ...

    def cancelled(self, errand: Errand) -> bool:
        """Whether an errand is to stop."""
        ...

    def refused_line(self, source: int) -> None:
        """Note that a source ignores what is sent early."""
        ...


class Post:
    """A worker's post at a source: what a convoy takes for its book."""

    def __init__(self, ahead: Office, source: int, number: int) -> None:
        self._ahead = ahead
        self._source = source
        self._number = number
        self.put_back = ahead.put_back
        self.heard = ahead.heard
        self.cancelled = ahead.cancelled

    def pick(self, flying_bytes: List[int], wait: bool) -> Optional[Errand]:
        """Give what to ask for next."""
        return self._ahead.pick(self._source, flying_bytes, wait)

    def done(self, errand: Errand, result: Optional[bytes], error: Optional[Exception]) -> None:
        """Note how an errand ended."""
        self._ahead.done(self._source, errand, result, error)

    def work(self) -> None:
        """Bring errands until there will be none any more."""
        twin = self._ahead.twin(self._source)
        try:
            line = twin.line()
            if line is not None and not Convoy(line, twin, self, again=not self._source).run():
                self._ahead.refused_line(self._source)
            while True:
                errand = self._ahead.alone(self._source, self._number)
                if errand is None:
                    return
                self._bring(twin, errand)
        finally:
            twin.close()

    def _bring(self, twin: Carrier, errand: Errand) -> None:
        def heard(here_bytes: int, _: int) -> None:
            self.heard(errand, here_bytes)

        try:
            result = errand.do(twin, heard, lambda: self.cancelled(errand))
        except Exception as error:  # noqa: BLE001 - whoever asks for it gets it
            self.done(errand, None, error)
        else:
            self.done(errand, result, None)
