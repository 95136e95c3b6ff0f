"""The commands of ``keruen-server`` about servers above and below."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sync.clock import SystemClock
from sync.errors import SyncError
from sync_server.commands.output import counted, tell
from sync_server.data_folder import DataFolder
from sync_server.errors import SetupError
from sync_server.network.addresses import addresses
from sync_server.pages.advice import is_fault
from sync_server.school_clock import SchoolClock
from sync_server.settings import whereabouts

if TYPE_CHECKING:
    from sync_server.relay.account import Account


def enrol_relay(options: argparse.Namespace) -> None:
    """Give out a code with which another server may relay to this one."""
    from sync_server.people.codes import issue_relay_code

    with DataFolder(options.data).store() as store:
        issued = issue_relay_code(store, SystemClock())
        urls = addresses(*whereabouts(store))
    value = {"code": str(issued.code), "id": issued.id, "addresses": list(urls)}
    text = (
        f"Code:     {issued.code}   (for one server; its id is {issued.id})\n"
        f"Address:  {' or '.join(urls)}\n"
        "There:    keruen-server upstream --data DATA ADDRESS CODE"
    )
    tell(options, value, text)


def upstream(options: argparse.Namespace) -> None:
    """Become a relay of another server, or cease to be one."""
    folder = DataFolder(options.data)
    with folder.store() as store:
        if options.remove is not None:
            with store.transaction() as transaction:
                if options.remove not in {one.id for one in transaction.upstreams()}:
                    raise SetupError(
                        f"There is no upstream with the id {options.remove}: "
                        "keruen-server status lists the ids."
                    )
                transaction.remove_upstream(options.remove)
            tell(options, {"removed": options.remove}, "This server does not relay there now.")
            return
        if options.address is None or options.code is None:
            raise SetupError("Give the address and the code that the other server gave out.")
        relate(options, folder, options.address, options.code)


def relate(options: argparse.Namespace, folder: DataFolder, typed: str, code_typed: str) -> None:
    """Relay to the server at an address from now on, which gave out a code.

    Raises:
        SetupError: it cannot be reached, or refused.
    """
    from sync.enrolment import EnrolmentCode
    from sync.roads.http import HttpRoad
    from sync_server.relay.enrolling import enrol_upstream

    try:
        code = EnrolmentCode.parse(code_typed)
        with HttpRoad(typed) as road, folder.store() as store:
            address = road.base_url
            found = enrol_upstream(store, folder.identity(), SystemClock(), road, code, address)
    except SyncError as error:
        raise SetupError(f"{typed}: {error}") from error
    tell(
        options,
        {"id": found.id, "name": found.name, "address": address},
        f"This server relays to {found.name} now. "
        f"Next: keruen-server run --data {options.data} --upstream {address}",
    )


def guest(options: argparse.Namespace) -> None:
    """Let somebody of one school below work at another one too."""
    from sync_server.relay.guests import invite

    folder = DataFolder(options.data)
    with folder.store() as store:
        own_id = folder.identity().public.device_id
        person, school = invite(store, own_id, SystemClock(), options.person, options.school)
    tell(
        options,
        {"person": person.id, "school": school.id},
        f"{person.name} can work at {school.name} too, after its next exchange. "
        f"There: keruen-server enrol --data DATA --school {person.school} "
        f'--class {person.class_name} --{person.role} "{person.name}"',
    )


def relay(options: argparse.Namespace) -> int:
    """Relay once to every upstream; return 1 when any turn ended with an error."""
    from sync_server.relay.night import find_upstream, http_road, relay_to

    folder = DataFolder(options.data)
    with folder.store() as store:
        find_upstream(store, None)
        with store.transaction() as transaction:
            upstreams = transaction.upstreams()
        clock = SchoolClock(store)
        accounts = [
            relay_to(store, folder.identity(), clock, one, http_road, folder.root)
            for one in upstreams
        ]
    lines = [_line(one) for one in accounts]
    tell(options, {"upstreams": [one.to_json() for one in accounts]}, "\n".join(lines))
    return int(any(one.code for one in accounts))


def _line(one: Account) -> str:
    """Say what a turn did, or why it did not do it."""
    if one.code:
        kept = "Check its address." if is_fault(one.code) else "What waits goes the next time."
        return f"{one.upstream}: {one.sentence} {kept}"
    waits = "" if one.held is None else f" {_WAITS.get(one.held.code, one.held.code)}"
    return (
        f"{one.upstream}: {counted(one.relayed.sent, 'record')} up, {one.relayed.received} down, "
        f"{counted(one.attached.sent, 'file')} up, {one.attached.fetched} down, "
        f"{counted(one.mirrored.packs, 'pack')}, {counted(one.mirrored.media, 'media file')}; "
        f"{one.sent_bytes + one.received_bytes} bytes.{waits}"
    )


_WAITS = {
    "link-window": "The rest waits for the window.",
    "link-budget-day": "The rest waits for tomorrow: today's megabytes are used up.",
    "link-budget-month": "The rest waits for next month: this month's megabytes are used up.",
}
