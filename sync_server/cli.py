"""The command ``keruen-server``."""

from __future__ import annotations

import argparse
import io
import json
import os
import sqlite3
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional, Sequence

from content.errors import ContentError
from sync.clock import SystemClock
from sync.errors import SyncError
from sync_server.commands import backups, doctor, installing, lost, openings, people, relay, secrets
from sync_server.commands.arguments import make_parser
from sync_server.commands.output import counted, print_json, tell
from sync_server.commands.serving import checked_host, checked_port, typed_rules
from sync_server.data_folder import DataFolder
from sync_server.errors import ServerError, SetupError, TrustError
from sync_server.network.addresses import DEFAULT_PORT, addresses
from sync_server.people.roster import tidy_name
from sync_server.school_clock import SchoolClock
from sync_server.settings import LAST_HOST, LAST_PORT, PORT, SCHOOL, whereabouts
from sync_server.store.protocol import Store
from sync_server.store.sqlite import trouble

if TYPE_CHECKING:
    from sync_server.network.announcing import Announcing

STOPPED = 130
"""The exit code after Ctrl+C, as shells have it."""


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one command and return its exit code.

    0 when it is done, 1 when it is not, 2 when it was not understood, 130 after Ctrl+C.
    """
    options = make_parser().parse_args(arguments)
    try:
        return _COMMANDS[options.command](options) or 0
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            print(file=sys.stderr)
        _failed(options, "cancelled", "Stopped. Give the same command again to go on.")
        return STOPPED
    except (ServerError, ContentError, SyncError) as error:
        return _failed(options, error.code, str(error))
    except sqlite3.Error as error:
        return _failed(options, "database", trouble(options.data / "server.db", error))
    except OSError as error:
        return _failed(options, "disk", f"{error.filename or options.data}: {error.strerror}.")


def run() -> None:
    """Run the command line's command and end the programme."""
    for stream in (sys.stdout, sys.stderr):
        # Windows writes to files and other programmes in a code page that lacks Kazakh letters.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main())


def _failed(options: argparse.Namespace, code: str, sentence: str) -> int:
    if getattr(options, "json", False):
        print_json({"error": code, "sentence": sentence})
    print(f"keruen-server: {sentence}", file=sys.stderr)
    return 1


def _init(options: argparse.Namespace) -> None:
    address, code = "", ""
    if options.data is None or options.school is None:
        from sync_server.commands.asking import ask_all

        answers = ask_all(options.school, options.data)
        options.school, options.data = answers.school, answers.data
        address, code = answers.address, answers.code
    school = tidy_name(options.school, "school")
    options.data = options.data.absolute()
    port = None if options.port is None else checked_port(options.port)
    folder = DataFolder(options.data)
    folder.check_place()
    folder.create()
    identity = folder.identity()
    with folder.store() as store, store.transaction() as transaction:
        before = transaction.setting(SCHOOL)
        transaction.set_setting(SCHOOL, school)
        if port is not None or transaction.setting(PORT) is None:
            transaction.set_setting(PORT, str(port or DEFAULT_PORT))
    if options.json:
        print_json({"data": str(options.data), "school": school, "id": identity.public.device_id})
    else:
        renamed = f" It was called {before} before." if before not in (None, school) else ""
        print(
            f"{options.data} is ready for {school}.{renamed} "
            f"Next: keruen-server run --data {options.data}"
        )
    if address:
        try:
            relay.relate(options, folder, address, code)
        except SetupError as error:
            raise SetupError(
                f"{error} The school's server is set up, without the one above. Once that is "
                f"mended: keruen-server upstream --data {options.data} {address} CODE"
            ) from error


def _run(options: argparse.Namespace) -> None:
    # What follows is not needed by the other commands and takes a while to import.
    from sync_server.alone import STOPPING_S, alone
    from sync_server.app import create_app
    from sync_server.disk.keeper import keeper_of
    from sync_server.disk.levels import is_full
    from sync_server.disk.reserve import Reserve
    from sync_server.http.access_log import AccessLog, as_json, as_text
    from sync_server.http.runner import listen, serve
    from sync_server.network.announcing import announced
    from sync_server.relay.background import backgrounds
    from sync_server.sticks.watching import Watching

    folder = DataFolder(options.data.absolute())
    folder.identity()
    rules = typed_rules(options)
    with alone(folder, STOPPING_S):
        if is_full(folder.root):
            Reserve(folder.root).spend()
        relays = backgrounds(folder, options.upstream, rules)
        with folder.store() as store:
            host = checked_host(options.host)
            port = _own_port(store) if options.port is None else checked_port(options.port)
            listener = listen(host, port)
            taken_port = listener.getsockname()[1]
            with store.transaction() as transaction:
                transaction.set_setting(LAST_HOST, host)
                transaction.set_setting(LAST_PORT, str(taken_port))
        sticks = Watching(folder, partial(_tell_of_stick, as_json=options.log_json))
        app = create_app(folder.root, relays=relays, sticks=sticks, keeper=keeper_of(folder))

        def ready(url: str) -> None:
            if options.json:
                print_json({"listening": url})
            else:
                print("Ready at " + " or ".join(addresses(host, taken_port)), flush=True)

        form = as_json if options.log_json else as_text
        with announced(_announcing(options, folder, host, taken_port)):
            serve(app if options.quiet else AccessLog(app, form=form), listener, ready)


def _announcing(
    options: argparse.Namespace, folder: DataFolder, host: str, port: int
) -> Optional[Announcing]:
    """Return what says in the network where the server is; None where nobody is to be told."""
    from sync.nearby.networks import looks_around
    from sync_server.network.announcing import Announcing

    if not (options.announce and looks_around(os.environ)):
        return None

    def say(sentence: str) -> None:
        print(f"keruen-server: {sentence}", file=sys.stderr, flush=True)

    return Announcing(folder.identity().public.device_id, host, port, say)


def _tell_of_stick(root: Path, text: str, value: Mapping[str, Any], *, as_json: bool) -> None:
    line = json.dumps({"stick": str(root), **value}, ensure_ascii=False)
    print(line if as_json else f"{root}: {text}", file=sys.stderr, flush=True)


def _enrol(options: argparse.Namespace) -> None:
    from sync_server.people.codes import Wish, issue_code, withdraw_code

    folder = DataFolder(options.data)
    with folder.store() as store:
        if options.withdraw is not None:
            withdraw_code(store, options.withdraw)
            tell(options, {"withdrawn": options.withdraw}, "Nobody else gets in with this code.")
            return
        if options.class_name is None:
            raise SetupError("Say for which class the code is: --class 7А")
        wish = Wish(
            options.class_name,
            tuple(options.student),
            tuple(options.teacher),
            options.laptops,
            options.new,
            options.school or "",
        )
        issued = issue_code(store, folder.identity().public.device_id, SystemClock(), wish)
        urls = addresses(*whereabouts(store))
    people = [vars(person) for person in issued.people]
    value: Dict[str, Any] = {
        "code": str(issued.code),
        "id": issued.id,
        "laptops": issued.laptops,
        "addresses": list(urls),
        "people": people,
    }
    names = "\n".join(f"  {p.name}, {p.role}, {p.class_name}, id {p.id}" for p in issued.people)
    laptops = counted(issued.laptops, "laptop")
    text = (
        f"Code:     {issued.code}   (for {laptops}; its id is {issued.id})\n"
        f"Address:  {' or '.join(urls)}\nPeople:\n{names}"
    )
    tell(options, value, text)


def _publish(options: argparse.Namespace) -> None:
    from sync_server.lessons.publishing import publish

    folder = DataFolder(options.data)
    with folder.store() as store:
        school = folder.identity().public.device_id
        done = publish(store, folder.repositories, options.repository, options.trust, school)
    packs = ", ".join(f"{pack} version {version}" for pack, version in done.packs)
    value = {
        "publisher": done.publisher,
        "serial": done.serial,
        "packs": [{"pack": pack, "version": version} for pack, version in done.packs],
        "copied_files": done.copied_files,
        "copied_bytes": done.copied_bytes,
    }
    text = f"Published: {packs or 'no pack'}. New: {counted(done.copied_files, 'file')}."
    tell(options, value, text)


def _trust(options: argparse.Namespace) -> None:
    from sync_server.lessons.trusting import Trusting, distrust, learn

    if not (options.files or options.remove) or (options.remove and options.root):
        raise SetupError("Give files of trust, or --remove with the id of a key or a root.")
    folder = DataFolder(options.data)
    with folder.store() as store:
        trusting = Trusting(folder.root)
        try:
            if options.remove:
                distrust(store, trusting, options.remove)
            newest = learn(store, trusting, options.files, options.root)
        except ContentError as error:
            raise TrustError(str(error), error.code) from error
    lines = [f"{name} is number {number}" for name, number in sorted(newest.items())]
    if options.remove:
        lines.insert(0, f"{options.remove} is trusted no more. Laptops hear of it when they sync.")
    value = {"newest": newest, **({"removed": options.remove} if options.remove else {})}
    tell(options, value, "\n".join(lines) or "Nothing is trusted by certificate yet.")


def _status(options: argparse.Namespace) -> None:
    from sync_server.status import as_text, describe

    folder = DataFolder(options.data)
    with folder.store() as store:
        value = describe(store, folder.root, SchoolClock(store).now_ms())
    tell(options, value, as_text(value))


def _devices(options: argparse.Namespace) -> None:
    from sync_server.commands.devices import devices

    devices(options)


def _leave(options: argparse.Namespace) -> None:
    from sync_server.commands.leaving import leave

    leave(options)


def _stick(options: argparse.Namespace) -> Optional[int]:
    from sync_server.commands.sticks import stick

    return stick(options)


def _page(options: argparse.Namespace) -> None:
    from sync_server.pages.sessions import new_code, sign_out_all

    folder = DataFolder(options.data)
    with folder.store() as store:
        if options.sign_out:
            sign_out_all(store)
        code = new_code(store, SchoolClock(store).now_ms())
        urls = addresses(*whereabouts(store))
    text = (
        f"Code:     {code}   (for one browser, within a day)\n"
        f"Address:  {' or '.join(urls)}   while the server runs"
    )
    tell(options, {"code": code, "addresses": list(urls)}, text)


def _own_port(store: Store) -> int:
    with store.transaction() as transaction:
        return int(transaction.setting(PORT) or DEFAULT_PORT)


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], Optional[int]]] = {
    "init": _init,
    "run": _run,
    "install": installing.install,
    "uninstall": installing.uninstall,
    "update": installing.update,
    "enrol": _enrol,
    "card": people.card,
    "person": people.person,
    "enrol-relay": relay.enrol_relay,
    "upstream": relay.upstream,
    "guest": relay.guest,
    "relay": relay.relay,
    "publish": _publish,
    "trust": _trust,
    "open": openings.open_test,
    "rules": secrets.rules,
    "recovery": secrets.recovery,
    "lost": lost.note_lost,
    "stick": _stick,
    "status": _status,
    "devices": _devices,
    "leave": _leave,
    "page": _page,
    "backup": backups.backup,
    "restore": backups.restore_backup,
    "doctor": doctor.doctor,
}
