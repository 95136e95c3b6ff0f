"""Where to serve and over which line, as it was typed: checked before anything is done."""

from __future__ import annotations

import argparse
import ipaddress
from typing import Optional

from sync.link.rules import LinkRules
from sync_server.errors import SetupError
from sync_server.network.addresses import DEFAULT_HOST
from sync_server.store.protocol import Store


def check_serving(options: argparse.Namespace, store: Store) -> None:
    """See that a server would start with these options: one that starts by itself tells nobody.

    Raises:
        SetupError: it would not.
    """
    checked_host(options.host)
    if options.port is not None:
        checked_port(options.port)
    typed_rules(options)
    if options.upstream:
        from sync_server.relay.night import find_upstream, tidy_address

        for address in options.upstream:
            find_upstream(store, tidy_address(address))


def checked_port(port: int) -> int:
    """Return a port that was typed; raises SetupError where there is no such."""
    if not 0 <= port <= 65535:
        raise SetupError(f"A port is a number from 0 to 65535, not {port}.")
    return port


def checked_host(host: Optional[str]) -> str:
    """Return an address that was typed, or the usual one; raises SetupError where it is none."""
    try:
        return str(ipaddress.ip_address(host or DEFAULT_HOST))
    except ValueError as error:
        raise SetupError(
            f"{host} is no address of this machine: give numbers such as 192.168.1.5, or 0.0.0.0 "
            "for every network."
        ) from error


def typed_rules(options: argparse.Namespace) -> LinkRules:
    """Return the rules of the line that were typed.

    Raises:
        SetupError: one is not understood, or there is no line that they could be for.
    """
    typed = (options.window, options.rate, options.budget)
    if not any(typed) and not options.silent_outside:
        return LinkRules()
    if not options.upstream:
        raise SetupError(
            "--window, --rate and --budget are for the line to a server above: "
            "say which with --upstream ADDRESS."
        )
    from sync_server.relay.line import line_rules

    return line_rules(*typed, silent_outside=options.silent_outside)
