"""The names under which a server keeps its settings, and where it can be reached."""

from __future__ import annotations

from typing import Tuple

from sync_server.network.addresses import DEFAULT_HOST, DEFAULT_PORT
from sync_server.store.protocol import Store

SCHOOL = "school"
PORT = "port"
"""Where the server listens when ``run`` is not told."""
LAST_HOST = "last-host"
"""Where it listened last, so that ``enrol`` prints addresses that are true."""
LAST_PORT = "last-port"
STICKS = "sticks"
"""Whether sticks are let in without a question."""
INSTALLED = "installed"
"""The options with which it was set up to start with the computer, as a JSON list."""
LAST_BACKUP = "last-backup"
"""When the last backup was made, in milliseconds since 1970."""


def whereabouts(store: Store) -> Tuple[str, int]:
    """Return the host and the port where the server listened last, or will."""
    with store.transaction() as transaction:
        host = transaction.setting(LAST_HOST) or DEFAULT_HOST
        port = transaction.setting(LAST_PORT) or transaction.setting(PORT) or DEFAULT_PORT
        return host, int(port)
