"""A laptop's part in vaults that travel: told when they change here, taken when they come.

The journal and the inbox hold them as records (``client.vaults.travelling``); both kinds lie there
in clear, as the vaults' own files do, so all of this happens while everybody is away.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Iterable, Set, Tuple

from client.laptop.errors import LaptopError
from client.laptop.people.locking_up import lock_up, locked_for, tidy_up
from client.laptop.storage import quarantine
from client.laptop.store import Store
from client.vaults.travelling import is_told, take, vault_body, vault_of
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

    What is here of theirs is locked at once. Who works here without one gets theirs when they get
    up (`fetch_vault`).

    What cannot be taken is put aside, keeps nothing else back, and is tried again each time.
    """
    waiting = [one.subject for one in quarantine.listing(store.database.connection)]
    waiting = [subject for subject in waiting if subject.startswith(_SUBJECT)]
    records = [one for one in arrived if one.kind == VAULT]
    if waiting:
        records = [*store.inbox().of_kind(VAULT)]
    if not records:
        return ()
    people = {one.id for one in store.people()} - _at_work_in_clear(store)
    taken = take(store.keyring.cabinet, records, people)
    with store.database.transaction() as connection:
        for subject in waiting:
            quarantine.release(connection, subject)
        for problem in taken.problems:
            quarantine.put(connection, replace(problem, subject=_SUBJECT + problem.subject))
    _lock(store, taken.people)
    return taken.people


def fetch_vault(store: Store, person: str) -> bool:
    """Take somebody's vault from what was told of it; return whether there is one now.

    For who has none here, or none that is whole: it came while they were at work, or its files
    were damaged or lost. What was locked already opens with the vault that it was locked for, so
    then no other is taken. What cannot be written now is fetched another time.
    """
    if store.membership is None or not store.membership.enrolled:
        return False
    told = (*store.journal().of_kind(VAULT, person), *store.inbox().of_kind(VAULT, person))
    files = []
    for record in told:
        with contextlib.suppress(LaptopError):
            files.append(vault_of(record))
    wanted = locked_for(store, person) or (files[0].public.hex() if files else "")
    states = [file for file in files if file.public.hex() == wanted]
    if not states:
        return False
    with contextlib.suppress(LaptopError, OSError):
        store.keyring.cabinet.bring(max(states, key=lambda one: one.serial))
        _lock(store, (person,))
        return True
    return False


def _at_work_in_clear(store: Store) -> Set[str]:
    """Name who sits here without a vault: what they type now could be kept no more."""
    sitting = store.keyring.sitting
    return {sitting} if sitting and not store.keyring.has(sitting) else set()


def _lock(store: Store, people: Iterable[str]) -> None:
    """Lock what is here of people whose vaults have come."""
    locked = False
    with store.database.transaction() as connection:
        for person in people:
            public = store.keyring.public_key(person)
            locked |= public is not None and lock_up(store, connection, person, public)
    if locked:
        tidy_up(store)
