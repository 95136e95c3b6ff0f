"""A laptop's part in vaults that travel: told when they change here, taken when they come.

The journal and the inbox hold them as records (``client.vaults.travelling``); both kinds lie there
in clear, as the vaults' own files do, so all of this happens while everybody is away.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Iterable, Tuple

from client.laptop import quarantine
from client.laptop.errors import LaptopError
from client.laptop.store import Store
from client.vaults.cabinet import Cabinet
from client.vaults.travelling import Rules, is_told, rules_of, take, vault_body
from sync.kinds import SCHOOL_RULES, VAULT
from sync.record import Record

_SUBJECT = "vault "


def rules(store: Store) -> Rules:
    """Return what the school demands, and the keys that open what was forgotten."""
    membership = store.membership
    if membership is None or not membership.enrolled:
        return rules_of(())
    return rules_of(store.inbox().of_kind(SCHOOL_RULES))


def cabinet_of(store: Store) -> Cabinet:
    """Open the vaults of this laptop, as the school wants them."""
    known = rules(store)
    return Cabinet(store.folder, policy=known.policy, schools=known.schools)


def tell_vault(store: Store, cabinet: Cabinet, person: str) -> bool:
    """Tell a person's other laptops of their vault as it is here; return whether that is news.

    Called whenever a vault was made, opened, changed or reset: whatever stopped the machine in
    between is told the next time.
    """
    try:
        file = cabinet.file(person)
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

    What cannot be taken is put aside, keeps nothing else back, and is tried again each time.
    """
    waiting = [one.subject for one in quarantine.listing(store.database.connection)]
    waiting = [subject for subject in waiting if subject.startswith(_SUBJECT)]
    records = [one for one in arrived if one.kind == VAULT]
    if waiting:
        records = [*store.inbox().of_kind(VAULT)]
    if not records:
        return ()
    taken = take(Cabinet(store.folder), records, {one.id for one in store.people()})
    with store.database.transaction() as connection:
        for subject in waiting:
            quarantine.release(connection, subject)
        for problem in taken.problems:
            quarantine.put(connection, replace(problem, subject=_SUBJECT + problem.subject))
    return taken.people
