"""The command ``keruen``: opens the window, or syncs and reports without one, in JSON.

Exit codes: 0 done; 2 not understood, or something on this machine; 3 no link (work is safe and goes
out next time); 4 what came from elsewhere was refused. Kivy is imported only for the window.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any, Callable, Dict, Mapping, Optional, Sequence, TextIO

from client import __version__
from client.cli_data import add_data_parsers, place_of, run_data, run_portable
from client.cli_doctor import add_doctor_parser, run_doctor, visit_json, visit_lines
from client.cli_link import add_link_parser, happening_json, link_json, run_link
from client.cli_nearby import add_nearby_parsers, nearby_for, run_neighbours, run_server
from client.cli_space import add_space_parser, run_space
from client.cli_stick import account_json, add_stick_parser, problem_json, run_stick
from client.cli_videos import add_videos_parser, run_videos
from client.folders import VARIABLE
from client.laptop.account import SyncAccount, SyncStatus
from client.laptop.errors import Fault, LaptopError
from client.laptop.laptop import Laptop
from client.messages import LANGUAGES, Messages
from sync.sticks import drives

DONE = 0
YOURS = 2
NO_LINK = 3
THEIRS = 4
BUG = 1

_EXIT_CODES: Mapping[Fault, int] = {
    Fault.YOUR_DATA: YOURS,
    Fault.THEIR_DATA: THEIRS,
    Fault.LINK: NO_LINK,
    Fault.BUG: BUG,
}


def make_parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(
        prog="keruen",
        description="Lessons and work that cross the steppe whether or not there is a road.",
        epilog="Without a command the window opens.",
    )
    parser.add_argument(
        "--data", type=Path, help=f"the laptop's folder (default: {VARIABLE}, or the usual place)"
    )
    parser.add_argument("--language", choices=LANGUAGES, help="of the window and of sentences")
    parser.add_argument(
        "--picture",
        type=Path,
        metavar="FILE",
        help="draw the first screen into a PNG file, with no display needed, and leave",
    )
    parser.add_argument("--version", action="version", version=f"keruen {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    enrol = commands.add_parser("enrol", help="join a school with the code that it gave out")
    enrol.add_argument(
        "address", help="of the school's server, such as 192.168.1.10:8000; none with --stick"
    )
    enrol.add_argument("code", nargs="*", help="16 digits; spaces and hyphens do not matter")
    enrol.add_argument("--name", default="", help="what the school calls this laptop")
    enrol.add_argument(
        "--stick", type=Path, metavar="PATH", help="join by the invitation on the stick in there"
    )
    commands.add_parser("sync", help="send work, fetch marks and lessons, then tell what was done")
    commands.add_parser("status", help="tell what waits, what happens, or why nothing happens")
    add_link_parser(commands)
    add_videos_parser(commands)
    add_space_parser(commands)
    add_stick_parser(commands)
    add_data_parsers(commands)
    add_doctor_parser(commands)
    add_nearby_parsers(commands)
    sources = commands.add_parser(
        "sources", help="tell or set further addresses that lessons may be fetched from"
    )
    sources.add_argument("addresses", nargs="*", metavar="ADDRESS", help="instead of those before")
    sources.add_argument("--none", action="store_true", help="fetch from the school's server only")
    preview = commands.add_parser(
        "preview", help="show a pack's source folder as a pupil sees it, and changes as saved"
    )
    preview.add_argument("folder", type=Path, metavar="FOLDER", help="with pack.toml in it")
    return parser


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one command and return its exit code."""
    options = make_parser().parse_args(arguments)
    messages = Messages(options.language or "en")
    if options.command == "preview":
        return _preview(options)
    try:
        if options.command in _WITHOUT_LAPTOP:
            return _WITHOUT_LAPTOP[options.command](options, messages)
        nearby = nearby_for(os.environ, lends=options.command is None)
        laptop = Laptop.open(place_of(options, os.environ).folder, nearby=nearby)
    except LaptopError as error:
        code = _failed(error, messages)
        if options.command is None and options.picture is None:
            _show_refusal(error, options.language or LANGUAGES[0])
        return code
    messages = _messages(laptop, options.language)
    try:
        if options.command is None:
            return _window(laptop, options.language, options.picture)
        return _run(laptop, options, messages)
    except LaptopError as error:
        return _failed(error, messages)
    finally:
        laptop.close()


def run() -> None:
    """Run the command line's command and end the programme."""
    drives.ask_nobody()
    sys.exit(main())


def _run(laptop: Laptop, options: argparse.Namespace, messages: Messages) -> int:
    for notice in laptop.notices():
        _complain(messages.text(notice))
    if options.command == "enrol":
        return _enrol(laptop, options, messages)
    if options.command == "stick":
        told, problem = run_stick(laptop, options, messages)
        _print(told)
        return _EXIT_CODES[problem.fault] if problem else DONE
    tell: Mapping[str, Callable[[], Mapping[str, Any]]] = {
        "status": lambda: _status(laptop, laptop.status(), messages),
        "link": lambda: run_link(laptop, options, messages),
        "videos": lambda: run_videos(laptop, options),
        "space": lambda: run_space(laptop, messages),
        "sources": lambda: _sources(laptop, options),
        "server": lambda: run_server(laptop, options),
        "neighbours": lambda: run_neighbours(laptop, options, nearby_for(os.environ, lends=False)),
    }
    if options.command in tell:
        _print(tell[options.command]())
        return DONE
    account = laptop.sync()
    _print(_account(account, messages))
    if account.problem is not None:
        return _EXIT_CODES[account.problem.fault]
    return THEIRS if account.set_aside else DONE


def _data(options: argparse.Namespace, messages: Messages) -> int:
    _print(run_data(options, os.environ, messages))
    return DONE


def _portable(options: argparse.Namespace, messages: Messages) -> int:
    _print(run_portable(options, messages))
    return DONE


def _doctor(options: argparse.Namespace, _: Messages) -> int:
    done, messages = run_doctor(options, place_of(options, os.environ).folder)
    if options.json:
        _print(visit_json(done, messages))
    else:
        for line in visit_lines(done, messages):
            _say(line, sys.stdout)
    return YOURS if done.ill else DONE


_WITHOUT_LAPTOP: Mapping[str, Callable[[argparse.Namespace, Messages], int]] = {
    "data": _data,
    "portable": _portable,
    "doctor": _doctor,
}
"""Commands that open no laptop, or see to it themselves."""


def _enrol(laptop: Laptop, options: argparse.Namespace, messages: Messages) -> int:
    if options.stick is None:
        laptop.enrol(options.address, " ".join(options.code), options.name)
        _print(_membership(laptop))
        return DONE
    code = " ".join([options.address, *options.code])
    laptop.sticks.enrol(options.stick, code, options.name)
    account = laptop.sticks.visit(options.stick)
    _print({**_membership(laptop), "stick": account_json(account, messages)})
    return _EXIT_CODES[account.problem.fault] if account.problem else DONE


def _sources(laptop: Laptop, options: argparse.Namespace) -> Dict[str, Any]:
    if options.addresses or options.none:
        laptop.sources.use(options.addresses)
    return {"sources": list(laptop.sources.addresses)}


def _window(laptop: Laptop, language: Optional[str], picture: Optional[Path]) -> int:
    from client.window import prepare

    prepare(offscreen=picture is not None)
    from client.app import KeruenApp

    app = KeruenApp(laptop, language or "")
    if picture is not None:
        app.leave_with_picture(picture)
    app.run()
    return DONE


def _show_refusal(error: LaptopError, language: str) -> None:
    """Say it in a window: who opens Keruen by its icon sees no terminal."""
    from client.window import prepare

    prepare()
    from client.screens.refused.view import RefusedApp

    RefusedApp(error.message, language).run()


def _preview(options: argparse.Namespace) -> int:
    from client.preview.run import run_preview

    run_preview(options.folder, options.language, options.picture)
    return DONE


def _messages(laptop: Laptop, language: Optional[str]) -> Messages:
    chosen = language or laptop.preference("language")
    return Messages(chosen if chosen in LANGUAGES else LANGUAGES[0], laptop.now_ms)


def _failed(error: LaptopError, messages: Messages) -> int:
    sentence = messages.text(error.message)
    _print({"error": error.code, "sentence": sentence, "detail": str(error)})
    _complain(sentence)
    return _EXIT_CODES[error.fault]


def _membership(laptop: Laptop) -> Dict[str, Any]:
    return {
        "school": laptop.school,
        "people": [
            {
                "id": one.id,
                "name": one.name,
                "role": one.role,
                "class": one.class_name,
                "picture": one.picture,
            }
            for one in laptop.people()
        ],
    }


def _status(laptop: Laptop, status: SyncStatus, messages: Messages) -> Dict[str, Any]:
    return {
        "sentence": messages.text(status.sentence),
        "enrolled": laptop.enrolled,
        "school": laptop.school,
        "waiting": status.waiting,
        "last_received_ms": status.last_received_ms,
        "last_attempt_ms": status.last_attempt_ms,
        "lessons": len(laptop.lessons()),
        "happening": happening_json(laptop.happening(), messages),
        "link": link_json(laptop.link, None, messages),
        "notice": messages.text(status.notice) if status.notice else None,
        "problem": problem_json(status.problem, messages),
        "set_aside": [problem_json(one, messages) for one in status.set_aside],
    }


def _account(account: SyncAccount, messages: Messages) -> Dict[str, Any]:
    receipt = account.receipt
    return {
        "sentence": messages.text(account.sentence),
        "requests": account.requests,
        "sent_bytes": account.sent_bytes,
        "received_bytes": account.received_bytes,
        "records_sent": account.records_sent,
        "records_received": account.records_received,
        "letters_posted": account.letters_posted,
        "borrowed_bytes": account.borrowed_bytes,
        "notice": messages.text(account.notice) if account.notice else None,
        "held": messages.text(account.held) if account.held else None,
        "left": [
            {
                "sentence": messages.text(one.sentence),
                "files": one.files,
                "size_bytes": one.size_bytes,
            }
            for one in account.left
        ],
        "receipt": {"seq": receipt.seq, "time_ms": receipt.time_ms} if receipt else None,
        "packs_installed": [
            {"pack": one.pack, "version": one.version} for one in account.packs_installed
        ],
        "problem": problem_json(account.problem, messages),
        "set_aside": [problem_json(one, messages) for one in account.set_aside],
    }


def _print(value: Mapping[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False)
    # A console of an old Windows cannot print every letter: JSON's own escapes stand for those.
    print(text if _printable(text, sys.stdout) else json.dumps(value), flush=True)


def _complain(sentence: str) -> None:
    _say("keruen: " + sentence, sys.stderr)


def _say(text: str, stream: TextIO) -> None:
    print(text if _printable(text, stream) else ascii(text), file=stream)


def _printable(text: str, stream: TextIO) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
