"""The command for a laptop that was stolen, or is found again."""

from __future__ import annotations

import argparse

from sync_server.commands.output import tell
from sync_server.data_folder import DataFolder
from sync_server.devices import lost


def note_lost(options: argparse.Namespace) -> None:
    """Speak with a laptop no more, or again."""
    is_lost = not options.found
    with DataFolder(options.data).store() as store, store.transaction() as transaction:
        device = lost.called(transaction, options.laptop)
        lost.note(transaction, device.id, is_lost)
    text = (
        f"{device.name} is lost: nothing is taken from it, and it is told nothing."
        if is_lost
        else f"{device.name} is found: it goes on where it stopped."
    )
    tell(options, {"laptop": device.name, "id": device.id, "lost": is_lost}, text)
