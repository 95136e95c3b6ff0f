"""What is said when this laptop's data turned out to be set back, and what came back of its work.

Restore software sets a disk back, a backup is played back: whatever left the laptop before comes
back from the school, over whichever road, and from the letters that it wrote to itself. What had
not left it is nowhere; nobody can count that, so people are told to look.
"""

from __future__ import annotations

import json
from typing import Any, Dict, Iterable, Optional, Sequence

from client.laptop.schoolwork.standing import WORK_KINDS
from client.laptop.store import Store
from client.messages import Message
from sync.exchanges.dialogue import Outcome
from sync.journals.lineage import Lineage
from sync.record import Record

NOTICE_MS = 7 * 24 * 3_600_000
_AT = "sync.branched_ms"
_SAID = "sync.branched_said"
_BEHIND = "journal-behind"


def notice(
    store: Store,
    branched: Optional[Message],
    outcomes: Iterable[Outcome] = (),
    copies: Sequence[Record] = (),
) -> Optional[Message]:
    """Say what happened to this laptop, where anything did.

    ``branched`` is what would be said of a journal that branched off just now, ``outcomes`` are
    what answers changed, ``copies`` the records that this laptop's own letters brought back.
    """
    outcomes = list(outcomes)
    behind = any(one.problem is not None and one.problem.code == _BEHIND for one in outcomes)
    if not (branched or behind or copies):
        return None
    own = {store.journal().device, *Lineage(store.database.connection, store.clock).devices()}
    came = [record for one in outcomes for record in one.records if record.device in own]
    works = {(one.device, one.seq) for one in (*came, *copies) if one.kind in WORK_KINDS}
    message = _message(len(works), bool(behind or copies), branched)
    if copies and _more_at_school(store, copies):
        message = Message("status.set-back-more", {"said": message})
    _keep(store, message)
    return message


def last_notice(store: Store) -> Optional[Message]:
    """Repeat what was said, for some days; people look at a screen less often than it syncs."""
    at = store.setting(_AT)
    if not at or store.now_ms() - int(at) > NOTICE_MS:
        return None
    try:
        return _read(json.loads(store.setting(_SAID)))
    except (ValueError, TypeError, KeyError, AttributeError):
        return Message("status.branched")


def _message(works: int, is_set_back: bool, branched: Optional[Message]) -> Message:
    if is_set_back:
        key = "status.set-back" if works else "status.set-back-nothing"
        return Message(key, {"n": works} if works else {})
    if works or branched is None:
        return Message("status.copied-or-set-back", {"n": works})
    return branched


def _more_at_school(store: Store, copies: Sequence[Record]) -> bool:
    """Tell whether records from before those that came back are not here.

    A letter to oneself holds all that no receipt covered; so the school has what was before.
    """
    connection = store.database.connection
    for device in {record.device for record in copies}:
        first = min(record.seq for record in copies if record.device == device)
        (here,) = connection.execute(
            "SELECT count(*) FROM (SELECT seq FROM sync_journal WHERE device = ?1 AND seq < ?2"
            " UNION SELECT seq FROM sync_inbox WHERE device = ?1 AND seq < ?2)",
            (device, first),
        ).fetchone()
        if here < first - 1:
            return True
    return False


def _keep(store: Store, message: Message) -> None:
    said = json.dumps(_written(message), sort_keys=True)
    store.keep_settings({_AT: str(store.now_ms()), _SAID: said})


def _written(message: Message) -> object:
    values = {
        name: _written(value) if isinstance(value, Message) else value
        for name, value in message.values.items()
    }
    return {"key": message.key, "values": values}


def _read(written: Dict[str, Any]) -> Message:
    values = written["values"].items()
    read = {name: _read(value) if isinstance(value, dict) else value for name, value in values}
    return Message(str(written["key"]), read)
