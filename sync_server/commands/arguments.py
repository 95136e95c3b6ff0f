"""The commands of ``keruen-server`` and their options."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from sync_server import __version__
from sync_server.network.addresses import DEFAULT_HOST, DEFAULT_PORT


def make_parser() -> argparse.ArgumentParser:
    """Return the parser; the chosen command's name is in ``command``."""
    parser = argparse.ArgumentParser(
        prog="keruen-server",
        description="The server of a school: takes in what laptops send, gives out lessons.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"keruen-server {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_init(commands)
    _add_run(commands)
    _add_installing(commands)
    _add_update(commands)
    _add_enrol(commands)
    _add_card(commands)
    _add_person(commands)
    _add_relaying(commands)
    _add_publish(commands)
    _add_trust(commands)
    _add_open(commands)
    _add_sticks(commands)
    _add_secrets(commands)
    status = _command(commands, "status", "print how the server stands")
    _add_data(status)
    _add_json(status)
    leave = _command(commands, "leave", "have laptops let go of people who left the school")
    _add_data(leave)
    leave.add_argument("person", nargs="+", metavar="PERSON", help="the person's id")
    leave.add_argument("--back", action="store_true", help="they are at the school after all")
    _add_json(leave)
    devices = _command(commands, "devices", "print each laptop, and what became of it")
    _add_data(devices)
    _add_json(devices)
    page = _command(commands, "page", "give out a code for the page of the morning")
    _add_data(page)
    page.add_argument(
        "--sign-out", action="store_true", help="first have every browser ask for a code again"
    )
    _add_json(page)
    _add_backups(commands)
    _add_doctor(commands)
    return parser


if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def _command(commands: _Commands, name: str, what: str) -> argparse.ArgumentParser:
    """Add a command that says what it does in the list of all, and in its own help."""
    return commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data", type=Path, required=True, metavar="DATA", help="the folder made by init"
    )


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON, for scripts")


def _add_init(commands: _Commands) -> None:
    init = _command(commands, "init", "make a data folder")
    init.add_argument(
        "data", type=Path, nargs="?", metavar="DATA", help="the folder to make; asked for if absent"
    )
    init.add_argument("--school", metavar="NAME", help="what pupils call it; asked for if absent")
    init.add_argument("--port", type=int, metavar="PORT", help=f"normally {DEFAULT_PORT}")
    _add_json(init)


def _add_run(commands: _Commands) -> None:
    run = _command(commands, "run", "serve until stopped")
    _add_data(run)
    _add_serving(run)
    run.add_argument("--quiet", action="store_true", help="no line for each request")
    run.add_argument("--log-json", action="store_true", help="write the log as JSON lines")
    _add_json(run)


def _add_installing(commands: _Commands) -> None:
    install = _command(commands, "install", "have the server start with the computer")
    _add_data(install)
    _add_serving(install)
    uninstall = _command(commands, "uninstall", "have it start no more; the data stay")
    _add_data(uninstall)
    for command in (install, uninstall):
        command.add_argument(
            "--print", action="store_true", help="only print what would be done, do nothing"
        )
        _add_json(command)


def _add_update(commands: _Commands) -> None:
    update = _command(commands, "update", "run a new version; the old one stays")
    _add_data(update)
    update.add_argument("archive", type=Path, nargs="?", metavar="FILE", help="the new version")
    update.add_argument("--sha256", metavar="HEX", help="what the file's SHA-256 must be")
    update.add_argument("--back", action="store_true", help="run the version before again")
    _add_json(update)


def _add_serving(run: argparse.ArgumentParser) -> None:
    """Add what says where to serve and over which line; ``installing`` passes it on to run."""
    run.add_argument("--host", metavar="ADDRESS", help=f"normally {DEFAULT_HOST}: every network")
    run.add_argument("--port", type=int, metavar="PORT", help="0 takes any free one")
    run.add_argument(
        "--upstream",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="relay to this server meanwhile; may be given often",
    )
    run.add_argument(
        "--announce",
        action="store_true",
        default=True,
        help="say in the school's network where the server is, which is usual",
    )
    run.add_argument(
        "--no-announce",
        dest="announce",
        action="store_false",
        help="laptops find it by the address that they were given alone",
    )
    line = run.add_argument_group("the line to those servers")
    line.add_argument(
        "--window",
        metavar="HOURS",
        help="when packs may come, such as 22:00-06:00; normally at any hour",
    )
    line.add_argument(
        "--rate", metavar="SPEED", help="how fast, such as 2mbit, or half of what the line can do"
    )
    line.add_argument(
        "--budget", metavar="BYTES", help="how much, such as 500MB/day or 500MB/day, 10GB/month"
    )
    line.add_argument(
        "--silent-outside",
        action="store_true",
        help="outside of the window not even pupils' work and marks",
    )


def _add_backups(commands: _Commands) -> None:
    backup = _command(commands, "backup", "copy everything to a stick while it runs")
    _add_data(backup)
    backup.add_argument("target", type=Path, metavar="TARGET", help="a folder; made if missing")
    backup.add_argument(
        "--without-lessons", action="store_true", help="leave out what packs are made of"
    )
    backup.add_argument(
        "--read-all", action="store_true", help="read what is there from before, and mend it"
    )
    restore = _command(commands, "restore", "check a backup and make a data folder of it")
    _add_data(restore)
    restore.add_argument("backup", type=Path, metavar="BACKUP", help="the folder made by backup")
    restore.add_argument("--check", action="store_true", help="check the backup, copy nothing")
    for command in (backup, restore):
        command.add_argument(
            "--passphrase", action="store_true", help="ask for the backup's passphrase"
        )
        command.add_argument(
            "--passphrase-file",
            type=Path,
            metavar="PATH",
            help="a file whose first line is the passphrase; or set KERUEN_PASSPHRASE",
        )
        _add_json(command)


def _add_doctor(commands: _Commands) -> None:
    doctor = _command(commands, "doctor", "say what is wrong, and mend what can be mended")
    _add_data(doctor)
    doctor.add_argument("--mend", action="store_true", help="mend without losing anything")
    doctor.add_argument("--thorough", action="store_true", help="read every byte of every lesson")
    _add_json(doctor)


def _add_enrol(commands: _Commands) -> None:
    enrol = _command(commands, "enrol", "give out a code that lets laptops in")
    _add_data(enrol)
    enrol.add_argument("--class", dest="class_name", metavar="CLASS", help="such as 7А")
    enrol.add_argument(
        "--student", action="append", default=[], metavar="NAME", help="may be given often"
    )
    enrol.add_argument(
        "--teacher", action="append", default=[], metavar="NAME", help="may be given often"
    )
    enrol.add_argument(
        "--laptops", type=int, default=1, metavar="N", help="how many laptops may use the code"
    )
    enrol.add_argument(
        "--new", action="store_true", help="add people though the class has these names already"
    )
    enrol.add_argument(
        "--school", metavar="ID", help="for people of the server below that has this id"
    )
    enrol.add_argument("--withdraw", metavar="ID", help="let nobody else in with this code")
    _add_json(enrol)


def _add_card(commands: _Commands) -> None:
    card = _command(commands, "card", "make a page of cards, each of which lets one in")
    _add_data(card)
    card.add_argument("target", type=Path, metavar="PAGE", help="the page to write: cards.html")
    card.add_argument("--class", dest="class_name", required=True, metavar="CLASS")
    for option in ("--student", "--teacher"):
        card.add_argument(
            option, action="append", default=[], metavar="NAME", help="normally the whole class"
        )
    card.add_argument(
        "--laptops", type=int, default=2, metavar="N", help="on how many laptops a card is good"
    )
    card.add_argument(
        "--address", metavar="ADDRESS", help="where laptops find the server, if not as enrol says"
    )
    card.add_argument(
        "--school", metavar="ID", help="for people of the server below that has this id"
    )
    _add_json(card)


def _add_person(commands: _Commands) -> None:
    person = _command(commands, "person", "people: their ids, names, classes and schools")
    below = person.add_subparsers(dest="person_command", required=True, metavar="COMMAND")
    listing = _command(below, "list", "print who is here, with the ids")
    listing.add_argument("--class", dest="class_name", metavar="CLASS", help="of one class alone")
    listing.add_argument("--school", metavar="ID", help="of the server below that has this id")
    renamed = _command(below, "rename", "give somebody another name")
    renamed.add_argument("person", metavar="PERSON", help="the person's id")
    renamed.add_argument("name", metavar="NAME", help="the new name")
    moved = _command(below, "move", "put somebody into another class or school")
    moved.add_argument("person", metavar="PERSON", help="the person's id")
    moved.add_argument("--class", dest="class_name", required=True, metavar="CLASS")
    moved.add_argument(
        "--school", metavar="ID", help="at a server above: into the school that has this id"
    )
    for command in (listing, renamed, moved):
        _add_data(command)
        _add_json(command)


def _add_relaying(commands: _Commands) -> None:
    code = _command(commands, "enrol-relay", "give out a code that lets a server relay here")
    _add_data(code)
    _add_json(code)
    upstream = _command(commands, "upstream", "relay to another server from now on")
    _add_data(upstream)
    upstream.add_argument("address", nargs="?", metavar="ADDRESS", help="where it is")
    upstream.add_argument("code", nargs="?", metavar="CODE", help="from its enrol-relay")
    upstream.add_argument("--remove", metavar="ID", help="relay to this server no longer")
    _add_json(upstream)
    guest = _command(commands, "guest", "let somebody of one school below work at another")
    _add_data(guest)
    guest.add_argument("person", metavar="PERSON", help="the person's id")
    guest.add_argument("school", metavar="SCHOOL", help="the id of the other school's server")
    _add_json(guest)
    relay = _command(commands, "relay", "exchange once with every upstream")
    _add_data(relay)
    _add_json(relay)


def _add_publish(commands: _Commands) -> None:
    publish = _command(commands, "publish", "give out the packs of a repository")
    _add_data(publish)
    publish.add_argument("repository", type=Path, metavar="REPOSITORY", help="its folder")
    publish.add_argument(
        "--trust",
        metavar="KEY_ID",
        help="let the holder of this key publish here from now on",
    )
    _add_json(publish)


def _add_trust(commands: _Commands) -> None:
    trust = _command(commands, "trust", "trust a root, take newer files, or take trust back")
    _add_data(trust)
    trust.add_argument(
        "files", type=Path, nargs="*", metavar="FILE", help="roots, chains, lists of withdrawals"
    )
    trust.add_argument(
        "--root",
        metavar="ROOT_ID",
        help="trust whoever this root certifies from now on",
    )
    trust.add_argument(
        "--remove",
        metavar="ID",
        help="trust this publisher's key, or this root, no more",
    )
    _add_json(trust)


def _add_open(commands: _Commands) -> None:
    opening = _command(commands, "open", "have a sealed test open on a class's laptops")
    _add_data(opening)
    opening.add_argument("task", metavar="TASK", help="pack/lesson/task, as the card has it")
    opening.add_argument("codes", nargs="+", metavar="CODE", help="of the card of the test")
    opening.add_argument("--class", dest="class_name", required=True, metavar="CLASS")
    opening.add_argument("--school", metavar="ID", help="the class is of the school below")
    opening.add_argument(
        "--at", metavar="TIME", help='by this computer, such as "2026-12-01 09:00"; normally now'
    )
    _add_json(opening)


def _add_secrets(commands: _Commands) -> None:
    rules = _command(commands, "rules", "say what secrets on laptops must be, or print it")
    _add_data(rules)
    for option, what in (("pin-digits", "a PIN"), ("password-letters", "a password")):
        rules.add_argument(
            f"--{option}", type=int, metavar="N", help=f"how long {what} must be at least"
        )
    rules.add_argument(
        "--pictures", type=int, metavar="N", help="how many pictures must be chosen at least"
    )
    rules.add_argument(
        "--required", choices=("yes", "no"), help="whether whoever works must have a secret"
    )
    _add_json(rules)
    lost = _command(commands, "lost", "speak with a laptop that was stolen no more")
    _add_data(lost)
    lost.add_argument("laptop", metavar="LAPTOP", help="its name, or its id or how that begins")
    lost.add_argument("--found", action="store_true", help="it is here again")
    _add_json(lost)
    recovery = _command(
        commands, "recovery", "the code with which teachers open what a forgotten secret locks"
    )
    below = recovery.add_subparsers(dest="recovery_command", required=True, metavar="COMMAND")
    new = _command(below, "new", "make the code and print its sheet, this once")
    new.add_argument("--replace", action="store_true", help="make another one in its place")
    show = _command(below, "show", "tell whether there is a code, and its sheet's name")
    for command in (new, show):
        _add_data(command)
        _add_json(command)


def _add_sticks(commands: _Commands) -> None:
    stick = _command(commands, "stick", "sticks: lessons there, pupils' work back")
    below = stick.add_subparsers(dest="stick_command", required=True, metavar="COMMAND")
    listing = _command(below, "list", "print which sticks are in")
    write = _command(below, "write", "make sticks that carry packs, and sync them")
    write.add_argument("stick", type=Path, nargs="+", metavar="STICK", help="where a stick is in")
    write.add_argument(
        "--pack",
        action="append",
        default=[],
        metavar="PACK[=HOW_MUCH]",
        help="such as algebra-7 or algebra-7=sound; may be given often; normally all of every pack",
    )
    sync = _command(below, "sync", "take in what sticks bring, and lay down what they take")
    sync.add_argument(
        "stick",
        type=Path,
        nargs="*",
        metavar="STICK",
        help="normally every stick that is in",
    )
    check = _command(below, "check", "read a whole stick, and name what is damaged")
    check.add_argument("stick", type=Path, metavar="STICK", help="where the stick is in")
    check.add_argument(
        "--remove", action="store_true", help="remove what is damaged: stick sync writes it again"
    )
    consent = _command(below, "consent", "let sticks in while the server runs, or not")
    consent.add_argument("answer", nargs="?", choices=("on", "off"), help="normally only printed")
    for command in (listing, write, sync, check, consent):
        _add_data(command)
        _add_json(command)
