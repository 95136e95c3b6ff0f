"""A laptop's part in vaults that travel: told when they change here, taken when they come.

The journal and the inbox hold them as records (``client.vaults.travelling``); both kinds lie there
in clear, as the vaults' own files do, so all of this happens while everybody is away.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Iterable, Tuple

from client.laptop import quarantine
from client.laptop.errors import LaptopError
from client.laptop.locking_up import lock_up, tidy_up
from client.laptop.store import Store
from client.vaults.travelling import is_told, take, vault_body
from sync.kinds import VAULT
from sync.record import Record

_SUBJECT = "vault "


def tell_vault(store: Store, person: str) -> bool:
    """Tell a person's other laptops of their vault as it is here; return whether that is news.

    Called whenever a vault was made, opened, changed or reset: whatever stopped the machine in
    between is told the next time.
    """
    try:
        file = store.keyring.cabinet.file(person)
    except LaptopError:
        return False
    told = (*store.journal().of_kind(VAULT, person), *store.inbox().of_kind(VAULT, person))
    if is_told(file, told):
        return False
    with store.database.transaction():
        store.journal().append(person, VAULT, vault_body(file))
    return True


def learn_vaults(store: Store, arrived: Iterable[Record]) -> Tuple[str, ...]:
    """Keep the vaults that came for people of this laptop; return whose.

    What is here of theirs is locked at once.

    What cannot be taken is put aside, keeps nothing else back, and is tried again each time.
    """
    waiting = [one.subject for one in quarantine.listing(store.database.connection)]
    waiting = [subject for subject in waiting if subject.startswith(_SUBJECT)]
    records = [one for one in arrived if one.kind == VAULT]
    if waiting:
        records = [*store.inbox().of_kind(VAULT)]
    if not records:
        return ()
    taken = take(store.keyring.cabinet, records, {one.id for one in store.people()})
    locked = False
    with store.database.transaction() as connection:
        for person in taken.people:
            public = store.keyring.public_key(person)
            locked |= public is not None and lock_up(store, connection, person, public)
        for subject in waiting:
            quarantine.release(connection, subject)
        for problem in taken.problems:
            quarantine.put(connection, replace(problem, subject=_SUBJECT + problem.subject))
    if locked:
        tidy_up(store)
    return taken.people
