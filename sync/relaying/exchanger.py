"""What carries a relay's requests to its upstream."""

from __future__ import annotations

from typing import Protocol


class RelayExchanger(Protocol):
    """Whatever takes a relay's request message to its upstream and brings the answer message."""

    def relay(self, request: bytes) -> bytes:
        """Carry a request and return its answer.

        Raises:
            LinkError: the road failed; the request may or may not have arrived.
            RefusedError: the upstream answered with an error.
        """
        ...
