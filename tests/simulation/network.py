"""Roads that lose, double, delay and reorder what they carry, and break while they do."""

from __future__ import annotations

from typing import Callable, Protocol

from sync.errors import LinkError, RefusedError
from tests.simulation.events import Act, Events
from tests.simulation.host import Host
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
    "laptop dies",
)
"""What may become of an exchange. Late things arrive in any order, or after newer ones."""


class Receiver(Protocol):
    """Whoever made a request and may get its answer much later."""

    name: str

    def take_late(self, answer: bytes) -> bool: ...


class Road:
    """One machine's road to a server: an ``Exchanger``.

    ``fate`` says what becomes of the next exchange, ``post`` takes what shall happen later.
    """

    def __init__(
        self,
        events: Events,
        receiver: Receiver,
        host: Host,
        fate: Callable[[], str],
        post: Callable[[Act], None],
    ) -> None:
        self._events = events
        self._receiver = receiver
        self._host = host
        self._fate = fate
        self._post = post
        self.exchanges = 0

    def exchange(self, request: bytes) -> bytes:
        fate = self._fate()
        self.exchanges += 1
        if fate != ARRIVES:
            self._events.note(fate, self._receiver.name, self._host.name)
        if fate == "request lost":
            raise LinkError("link-lost")
        if fate == "request late":
            self._post(lambda: self._deliver(request))
            raise LinkError("link-stalled")
        answer = self._host.exchange(request, dies=fate == "server dies")
        if fate == "request doubled":
            self._post(lambda: self._deliver(request))
        elif fate == "answer lost":
            raise LinkError("link-lost")
        elif fate == "answer late":
            self._post(lambda: self._return(answer))
            raise LinkError("link-stalled")
        elif fate == "laptop dies":
            raise PowerCut
        return answer

    def _deliver(self, request: bytes) -> None:
        """A request arrives after all, and its answer will follow as late."""
        try:
            answer = self._host.exchange(request)
        except (LinkError, RefusedError) as error:
            self._events.note("late request failed", self._receiver.name, error.code)
            return
        self._events.note("late request arrived", self._receiver.name)
        self._post(lambda: self._return(answer))

    def _return(self, answer: bytes) -> None:
        taken = self._receiver.take_late(answer)
        self._events.note("late answer arrived", self._receiver.name, taken)
