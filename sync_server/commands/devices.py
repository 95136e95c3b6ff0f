"""The command ``keruen-server devices``: the laptops, and what became of them."""

from __future__ import annotations

import argparse

from sync_server.commands.output import tell
from sync_server.data_folder import DataFolder
from sync_server.school_clock import SchoolClock


def devices(options: argparse.Namespace) -> None:
    """Print each laptop, and a sentence for those that were copied, set back or moved."""
    from sync_server.devices.fleet import as_text, describe

    folder = DataFolder(options.data)
    with folder.store() as store:
        now_ms = SchoolClock(store).now_ms()
        with store.transaction() as transaction:
            value = describe(transaction, now_ms)
    tell(options, value, as_text(value))
