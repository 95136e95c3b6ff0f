"""The public keys of the devices and relays that were heard of lately."""

from __future__ import annotations

from collections import OrderedDict
from typing import Optional

from sync.identity import PublicIdentity
from sync_server.store.protocol import Store, Transaction

MAX_SIGNERS = 4096


class SignerCache:
    """Finds a device's keys without a transaction where it can.

    A device is named by the hash of its keys, so they never change. Whether it may still write is
    asked anew in every exchange's own transaction.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[str, PublicIdentity] = OrderedDict()

    def find(self, device_id: str) -> Optional[PublicIdentity]:
        """Return the keys of a device, or of a relay that is enrolled here; None for a stranger."""
        identity = self._known.get(device_id)
        if identity is not None:
            return identity
        with self._store.transaction() as transaction:
            identity = _enrolled(transaction, device_id)
        if identity is None:
            return None
        self._known[device_id] = identity
        while len(self._known) > MAX_SIGNERS:
            self._known.popitem(last=False)
        return identity


def _enrolled(transaction: Transaction, device_id: str) -> Optional[PublicIdentity]:
    device = transaction.device(device_id)
    if device is not None:
        return device.identity
    school = transaction.school(device_id)
    return school.identity if school is not None and not school.parent else None
