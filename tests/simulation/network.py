"""Roads that lose, double, delay and reorder what they carry, and break while they do."""

from __future__ import annotations

from typing import Callable, Optional

from sync.errors import LinkError, RefusedError
from tests.simulation.events import Act, Events
from tests.support.power import PowerCut

ARRIVES = "arrives"
FATES = (
    ARRIVES,
    "request lost",
    "request late",
    "request doubled",
    "answer lost",
    "answer late",
    "server dies",
    "machine dies",
)
"""What may become of an exchange. Late things arrive in any order, or after newer ones."""


MAX_REQUESTS = 500
"""In one conversation: more are a bug in it."""
Carry = Callable[[bytes, bool], bytes]
"""Brings a request to a server, which dies before it has committed where so told."""


class Road:
    """One machine's road to a server: an ``Exchanger``, and a ``RelayExchanger``.

    ``fate`` says what becomes of the next request, ``post`` takes what shall happen later,
    ``take_late`` an answer long after it was waited for, and tells whether it was of use.
    """

    def __init__(
        self,
        events: Events,
        name: str,
        carry: Carry,
        fate: Callable[[], str],
        post: Callable[[Act], None],
        take_late: Optional[Callable[[bytes], bool]] = None,
    ) -> None:
        self._events = events
        self._name = name
        self._carry = carry
        self._fate = fate
        self._post = post
        self._take_late = take_late
        self.requests = 0

    def exchange(self, request: bytes) -> bytes:
        fate = self._fate()
        self.requests += 1
        assert self.requests <= MAX_REQUESTS, f"{self._name} talks without end"
        if fate != ARRIVES:
            self._events.note(fate, self._name)
        if fate == "request lost":
            raise LinkError("link-lost")
        if fate == "request late":
            self._post(lambda: self._deliver(request))
            raise LinkError("link-stalled")
        answer = self._carry(request, fate == "server dies")
        if fate == "request doubled":
            self._post(lambda: self._deliver(request))
        elif fate == "answer lost":
            raise LinkError("link-lost")
        elif fate == "answer late":
            self._post(lambda: self._return(answer))
            raise LinkError("link-stalled")
        elif fate == "machine dies":
            raise PowerCut
        return answer

    relay = exchange

    def _deliver(self, request: bytes) -> None:
        """A request arrives after all, and its answer will follow as late."""
        try:
            answer = self._carry(request, False)
        except (LinkError, RefusedError) as error:
            self._events.note("late request failed", self._name, error.code)
            return
        self._events.note("late request arrived", self._name)
        self._post(lambda: self._return(answer))

    def _return(self, answer: bytes) -> None:
        if self._take_late is not None:
            self._events.note("late answer arrived", self._name, self._take_late(answer))
