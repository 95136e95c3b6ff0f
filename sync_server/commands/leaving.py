"""The command ``keruen-server leave``: somebody is at the school no more, or again."""

from __future__ import annotations

import argparse

from sync_server.commands.output import tell
from sync_server.data_folder import DataFolder
from sync_server.records.own_journal import OwnJournal
from sync_server.school_clock import SchoolClock


def leave(options: argparse.Namespace) -> None:
    """Tell laptops that people left, or with ``--back`` that they are here again."""
    from sync_server.people.leaving import tell_of_leaving, tell_of_return

    folder = DataFolder(options.data)
    say = tell_of_return if options.back else tell_of_leaving
    own_id = folder.identity().public.device_id
    with folder.store() as store:
        clock = SchoolClock(store)
        with store.transaction() as transaction:
            journal = OwnJournal(transaction, own_id, clock)
            people = [say(transaction, journal, one) for one in options.person]
    names = ", ".join(one.name for one in people)
    text = (
        f"{names}: at the school again."
        if options.back
        else f"{names}: left. Their laptops let go of their data 30 days after all of it came here."
    )
    tell(options, {"people": [one.id for one in people], "left": not options.back}, text)
