"""The commands about single people."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Dict

from sync.clock import SystemClock
from sync.people import Person
from sync.roads.address import server_address
from sync_server.commands.output import counted, tell
from sync_server.data_folder import DataFolder
from sync_server.errors import SetupError
from sync_server.network.addresses import addresses
from sync_server.people.changing import move, rename
from sync_server.people.codes import Wish, issue_codes_for
from sync_server.people.roster import tidy_name
from sync_server.records.own_journal import OwnJournal
from sync_server.school_clock import SchoolClock
from sync_server.settings import SCHOOL, whereabouts


def card(options: argparse.Namespace) -> None:
    """Write a page with a card for each person, which lets that person alone onto laptops."""
    from sync_server.pages.cards import cards_page, printed_card

    if options.target.suffix.lower() not in (".html", ".htm"):
        raise SetupError(f"{options.target} is no name of a page: call it cards.html.")
    folder = DataFolder(options.data)
    address = "" if options.address is None else server_address(options.address)
    _try_to_write(options.target)
    with folder.store() as store:
        wish = Wish(
            options.class_name,
            tuple(options.student),
            tuple(options.teacher),
            options.laptops,
            school=options.school or "",
        )
        issued = issue_codes_for(store, folder.identity().public.device_id, SystemClock(), wish)
        address = address or addresses(*whereabouts(store))[0]
        with store.transaction() as transaction:
            school = transaction.setting(SCHOOL) or ""
    cards = [printed_card(one.people[0], str(one.code), address) for one in issued]
    page = cards_page(school, tidy_name(options.class_name, "class"), cards)
    options.target.write_text(page, encoding="utf-8")
    value: Dict[str, Any] = {
        "file": str(options.target),
        "address": address,
        "cards": [
            {"person": one.people[0].id, "name": one.people[0].name, "id": one.id} for one in issued
        ],
    }
    text = (
        f"{options.target} has {counted(len(issued), 'card')}: open it in a browser and print it. "
        f"Each is good for its person on {counted(options.laptops, 'laptop')}; delete the file "
        "afterwards."
    )
    tell(options, value, text)


def _try_to_write(page: Path) -> None:
    """See that a page can be written, before codes are given out for it; raises OSError."""
    new = not page.exists()
    with page.open("ab"):
        pass
    if new:
        page.unlink()


def person(options: argparse.Namespace) -> None:
    """List people with their ids, or change what is known of one."""
    folder = DataFolder(options.data)
    own_id = folder.identity().public.device_id
    with folder.store() as store:
        clock = SchoolClock(store)
        with store.transaction() as transaction:
            if options.person_command == "list":
                people = transaction.people_of_school(options.school or "")
                chosen = [one for one in people if options.class_name in (None, one.class_name)]
                value: Dict[str, Any] = {"people": [vars(one) for one in chosen]}
                tell(options, value, "\n".join(map(_line, chosen)) or "Nobody is here yet.")
                return
            journal = OwnJournal(transaction, own_id, clock)
            if options.person_command == "rename":
                one = rename(transaction, journal, options.person, options.name)
            else:
                place = options.class_name, options.school or ""
                one = move(transaction, journal, options.person, *place)
    tell(options, vars(one), _line(one))


def _line(one: Person) -> str:
    school = f", school {one.school}" if one.school else ""
    return f"{one.id}  {one.name}, {one.role}, {one.class_name}{school}"
