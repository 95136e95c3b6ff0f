"""The database: whether it is whole, what a rebuilding could not restore, what was put aside."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, List

from client.health.finding import Finding, advice, ill, well
from client.laptop.errors import LaptopError
from client.laptop.problems import as_laptop_error
from client.laptop.storage.database import NAME
from client.laptop.storage.losses import SETTING, from_json
from client.laptop.storage.opening import is_damaged, open_database
from client.laptop.store import Store
from client.laptop.syncing.link_words import megabytes
from sync.errors import DatabaseError
from sync.finding import State

CHECK = "database"


def look_at_file(folder: Path, mend: bool) -> List[Finding]:
    """Look at the file before anything opens it for writing; rebuild it where that is wished.

    While the last finding is ``ILL``, nothing else can be asked of the database.
    """
    path = folder / NAME
    try:
        if not path.exists():
            return [well(CHECK, "doctor.database-none")]
        if not is_damaged(path):
            return [well(CHECK, "doctor.database-whole")]
        if not mend:
            return [ill(CHECK, "doctor.database-damaged", str(path), mendable=True)]
        database, notices = open_database(folder)
        database.close()
        return [Finding(CHECK, State.MENDED, notice, str(path)) for notice in notices]
    except (DatabaseError, OSError) as error:
        return [_refused(as_laptop_error(error))]
    except LaptopError as error:
        return [_refused(error)]


def look_at_losses(store: Store, name_of: Callable[[str], str]) -> List[Finding]:
    """Name what the last rebuilding could not restore, and the damaged files that are kept."""
    losses = from_json(store.setting(SETTING))
    said = losses.told(name_of) if losses else None
    found = [Finding(CHECK, State.ADVICE, said)] if said else []
    kept = [one for one in store.folder.glob(NAME + ".damaged-*") if one.is_file()]
    if kept:
        size = megabytes(sum(one.stat().st_size for one in kept))
        names = ", ".join(sorted(one.name for one in kept if one.name[-4:] not in ("-wal", "-shm")))
        found.append(advice(CHECK, "doctor.damaged-kept", names, files=names, size=size))
    return found


def _refused(error: LaptopError) -> Finding:
    return Finding(CHECK, State.ILL, error.message, str(error))
