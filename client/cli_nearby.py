"""The commands ``keruen server`` and ``keruen neighbours``: who is found, and what is lent."""

from __future__ import annotations

import argparse
import contextlib
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional

from client.laptop.nearby.nearby import NOBODY, Later, Nearby

if TYPE_CHECKING:
    from client.laptop.laptop import Laptop
    from client.laptop.store import Store

SWITCH = "KERUEN_NEARBY"


def add_nearby_parsers(commands: Any) -> None:
    """Describe the commands."""
    server = commands.add_parser(
        "server", help="tell or set further addresses of the school's server"
    )
    server.add_argument("addresses", nargs="*", metavar="ADDRESS", help="instead of those before")
    server.add_argument(
        "--none", action="store_true", help="only where it enrolled, and where it is found"
    )
    neighbours = commands.add_parser(
        "neighbours", help="look who is in the same network, and let this laptop lend or not"
    )
    neighbours.add_argument(
        "--lend", choices=("yes", "no"), help="whether neighbours may have lessons from here"
    )


def nearby_for(environment: Mapping[str, str], lends: bool) -> Optional[Callable[[Store], Nearby]]:
    """Give what makes a laptop look around; None where ``KERUEN_NEARBY`` says ``off``."""
    if environment.get(SWITCH, "").strip().lower() == "off":
        return None

    def look(store: Store) -> Nearby:
        def opened() -> Nearby:
            from client.laptop.nearby.surroundings import Surroundings

            return Surroundings(store, lends=lends)

        return Later(opened)

    return look


def run_server(laptop: Laptop, options: argparse.Namespace) -> Dict[str, Any]:
    """Set further addresses, if any are given, and tell which are tried."""
    from client.laptop.nearby.addresses import Addresses

    addresses = Addresses(laptop.store, NOBODY)
    if options.addresses or options.none:
        addresses.use(options.addresses)
    return {
        "enrolled": addresses.enrolled or None,
        "addresses": list(addresses.typed),
        "here": addresses.here or None,
    }


def run_neighbours(
    laptop: Laptop, options: argparse.Namespace, look: Optional[Callable[[Store], Nearby]]
) -> Dict[str, Any]:
    """Let this laptop lend or not, look around, and tell who is there."""
    from client.laptop.lending.lending import NO, SETTING, YES

    if options.lend is not None:
        laptop.store.keep_settings({SETTING: options.lend})
    with contextlib.closing(look(laptop.store) if look else NOBODY) as nearby:
        return {
            "lends": laptop.store.setting(SETTING, YES) != NO,
            "server": list(nearby.servers(laptop.store.server().device_id)),
            "neighbours": list(nearby.lenders(())),
        }
