"""How far a record has come on its road to the server."""

from __future__ import annotations

import enum
from typing import NamedTuple, Optional


class Station(enum.Enum):
    """How far a record has come."""

    SAVED = "saved"
    SENT = "sent"
    RECEIVED = "received"


class RecordState(NamedTuple):
    """Where a record is: ``received_ms`` is the server's time of the first receipt that covers it.

    ``refused`` is the server's code where it holds the record but does not accept it.
    """

    station: Station
    received_ms: Optional[int]
    refused: Optional[str]
