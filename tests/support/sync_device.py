"""A device with a real database, to be crashed, copied and set back."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, List, Optional

from sync.clock import Clock
from sync.database import open_database
from sync.exchanges.dialogue import Parties
from sync.exchanges.exchange import Exchanger
from sync.exchanges.healing import Healed, exchange_and_heal
from sync.identity import Identity
from sync.journals.inbox import Inbox
from sync.journals.journal import Journal
from sync.journals.lineage import Lineage
from sync.kinds import SUBMISSION
from sync.record import Record
from tests.support.clock import TurnableClock
from tests.support.facts import each_fact_once
from tests.support.model_server import ModelServer
from tests.support.records import PERSON, identity, submission_body


@dataclass
class Device:
    """One laptop's journal and inbox in ``path``; it writes as ``name`` until it branches off."""

    path: Path
    name: str = "laptop"
    clock: Clock = field(default_factory=TurnableClock)
    _db: Optional[sqlite3.Connection] = None

    @property
    def identity(self) -> Identity:
        return Lineage(self.db, self.clock).adopted() or identity(self.name)

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

    def sync(self, server: ModelServer, road: Optional[Exchanger] = None) -> Healed:
        """Exchange until neither side has more to say, whatever became of this laptop."""
        return exchange_and_heal(self.parties(server), road or server, {}, self.clock)

    def image(self, target: Path) -> None:
        """Copy the whole disk as it is."""
        self.crash()
        open_database(self.path).close()
        shutil.copyfile(str(self.path), str(target))

    def restore(self, image: Path) -> None:
        """Become what a disk image was."""
        self.crash()
        for side in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                Path(str(self.path) + side).unlink()
        shutil.copyfile(str(image), str(self.path))

    def shown(self) -> List[Record]:
        """What a person sees here: own records and others', each fact once."""
        return each_fact_once([*self.inbox.of_kind(SUBMISSION), *self.journal.of_kind(SUBMISSION)])

    def crash(self) -> None:
        """Lose everything that was not committed."""
        if self._db is not None:
            self._db.close()
            self._db = None
