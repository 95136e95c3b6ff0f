"""The consent to let sticks of this school in without a question, and which sticks are meant."""

from __future__ import annotations

from sync.identity import PublicIdentity
from sync.sticks.layout import school_name
from sync.sticks.mailbox import schools_on
from sync.sticks.volume import Volume
from sync_server.settings import STICKS
from sync_server.store.protocol import Store

_ON = "on"


def consents(store: Store) -> bool:
    """Tell whether sticks are let in without a question while the server runs."""
    with store.transaction() as transaction:
        return transaction.setting(STICKS) == _ON


def consent(store: Store, given: bool) -> None:
    """Let sticks in without a question from now on, or no more."""
    with store.transaction() as transaction:
        transaction.set_setting(STICKS, _ON if given else "")


def is_ours(volume: Volume, server: PublicIdentity) -> bool:
    """Tell whether a stick carries this school's letters, or nobody's yet.

    Raises:
        StickError: it cannot be read.
    """
    schools = schools_on(volume)
    return not schools or school_name(server.id_bytes) in schools
