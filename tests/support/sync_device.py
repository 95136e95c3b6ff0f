"""A device with a real database, to be crashed, copied and set back."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from sync.clock import Clock
from sync.database import open_database
from sync.dialogue import Parties
from sync.identity import Identity
from sync.inbox import Inbox
from sync.journal import Journal
from sync.kinds import SUBMISSION
from sync.record import Record
from tests.support.clock import TurnableClock
from tests.support.model_server import ModelServer
from tests.support.records import PERSON, identity, submission_body


@dataclass
class Device:
    """One laptop's journal and inbox in ``path``."""

    path: Path
    name: str = "laptop"
    clock: Clock = field(default_factory=TurnableClock)
    _db: Optional[sqlite3.Connection] = None

    @property
    def identity(self) -> Identity:
        return identity(self.name)

    @property
    def db(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = open_database(self.path)
        return self._db

    @property
    def journal(self) -> Journal:
        return Journal(self.db, self.identity.public, self.clock)

    @property
    def inbox(self) -> Inbox:
        return Inbox(self.db)

    def parties(self, server: ModelServer) -> Parties:
        return Parties(self.db, self.identity, server.identity.public, self.journal, self.inbox)

    def write(self, **changes: Any) -> Record:
        return self.journal.append(PERSON, SUBMISSION, submission_body(**changes))

    def crash(self) -> None:
        """Lose everything that was not committed."""
        if self._db is not None:
            self._db.close()
            self._db = None
