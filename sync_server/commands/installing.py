"""The commands of ``keruen-server`` that have it start with the computer."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from functools import partial
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

from sync_server.commands.output import tell
from sync_server.commands.serving import check_serving
from sync_server.data_folder import DataFolder
from sync_server.errors import SetupError
from sync_server.installing import linux, windows
from sync_server.installing.carrying_out import carry_out, described
from sync_server.installing.plan import Step, Wish
from sync_server.network.addresses import answers_at
from sync_server.settings import INSTALLED

_TRIES, _PAUSE_S = 30, 2.0
"""A minute: an old PC takes a while to read a programme from its disk."""
_WHY = (
    "Run it yourself, and it says why: keruen-server run --data DATA, with the same options."
    if sys.platform == "win32"
    else "It says why in its log: journalctl -u keruen-server"
)
_OPTIONS = ("host", "port", "window", "rate", "budget")


def install(options: argparse.Namespace) -> None:
    """Have the server start with the computer, and now."""
    folder = DataFolder(options.data)
    with folder.store() as store:
        check_serving(options, store)
    wish = _wish(options)
    if sys.platform == "win32":
        steps: Sequence[Step] = windows.install(wish)
    else:
        _check_systemd(options)
        steps = linux.install(wish, shutil.which)
    if options.print:
        tell(options, {"steps": described(steps).splitlines()}, described(steps))
        return
    told = carry_out(steps)
    _remember(options, _run_options(options)[1:])
    if not _answers_soon(folder):
        raise SetupError(f"It is set up, but does not answer within a minute. {_WHY}")
    sentence = "The server starts with the computer now, and runs already."
    tell(options, {"told": told}, "\n".join([*told, sentence]))


def uninstall(options: argparse.Namespace) -> None:
    """Have it start no more."""
    if sys.platform == "win32":
        steps: Sequence[Step] = windows.uninstall()
    else:
        _check_systemd(options)
        steps = linux.uninstall(_port(options), shutil.which)
    if options.print:
        tell(options, {"steps": described(steps).splitlines()}, described(steps))
        return
    told = carry_out(steps)
    _remember(options, None)
    sentence = f"The server starts no more by itself. The data stay in {options.data}."
    tell(options, {"told": told}, "\n".join([*told, sentence]))


def _remember(options: argparse.Namespace, typed: Optional[Sequence[str]]) -> None:
    """Keep what was typed for install: an update gives it again."""
    with DataFolder(options.data).store() as store, store.transaction() as transaction:
        transaction.set_setting(INSTALLED, json.dumps(typed))


def update(options: argparse.Namespace) -> None:
    """Set a new version up in place of this one, or the one before again."""
    from sync_server.updating import archive, versions

    if (options.archive is None) != options.back:
        raise SetupError("Say which file the new version is, or --back for the one before.")
    folder = DataFolder(options.data)
    folder.identity()
    if options.back:
        note = versions.go_back(folder, partial(_answers_soon, folder))
        tell(options, {"folder": note.old}, f"The version in {note.old} runs again.")
        return
    typed = _remembered(folder)
    if typed is None:
        raise SetupError("It does not start with the computer yet: give the command install first.")
    if not getattr(sys, "frozen", False):
        raise SetupError("This one was installed with pip: update it with pip, then install again.")
    here = Path(_program()[0]).parent
    place = here.parent / f".{archive.PROGRAMME}.file"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    try:
        copy = place / options.archive.name
        sha256 = archive.take(options.archive, copy, options.sha256)
        note = versions.update(folder, copy, here, typed, partial(_answers_soon, folder))
    finally:
        shutil.rmtree(place, ignore_errors=True)
    text = (
        f"Version {note.version} runs from {note.new}. The one before stays in {note.old}; back to "
        f"it: keruen-server update --data {options.data} --back"
    )
    if options.sha256 is None:
        text += (
            f"\nThe file's SHA-256 is {sha256}: compare it with what you are told of it in another "
            "way, for files are forged. --sha256 does so beforehand."
        )
    tell(options, {"version": note.version, "folder": note.new, "sha256": sha256}, text)


def _remembered(folder: DataFolder) -> Optional[List[str]]:
    with folder.store() as store, store.transaction() as transaction:
        typed: Optional[List[str]] = json.loads(transaction.setting(INSTALLED) or "null")
    return typed


def _answers_soon(folder: DataFolder) -> bool:
    """Wait for the server to answer where it listens."""
    from sync_server.settings import whereabouts

    for _ in range(_TRIES):
        with folder.store() as store:
            host, port = whereabouts(store)
        if answers_at(host, port):
            return True
        time.sleep(_PAUSE_S)
    return False


def _wish(options: argparse.Namespace) -> Wish:
    data = options.data.resolve()
    # Also proves that there is such a folder, before the system is told of it.
    port = _port(options)
    return Wish(_program(), data, port, tuple(_run_options(options)), _owner(data))


def _port(options: argparse.Namespace) -> int:
    from sync_server.network.addresses import DEFAULT_PORT
    from sync_server.settings import PORT

    with DataFolder(options.data).store() as store, store.transaction() as transaction:
        kept = int(transaction.setting(PORT) or DEFAULT_PORT)
    return int(getattr(options, "port", None) or kept)


def _run_options(options: argparse.Namespace) -> List[str]:
    """Return the options of ``run`` as they were typed for ``install``."""
    typed: List[str] = ["--quiet"]
    for name in _OPTIONS:
        value = getattr(options, name)
        if value is not None:
            typed += [f"--{name}", str(value)]
    for address in options.upstream:
        typed += ["--upstream", address]
    if options.silent_outside:
        typed.append("--silent-outside")
    if not options.announce:
        typed.append("--no-announce")
    return typed


def _program() -> Tuple[str, ...]:
    """Return how this very programme is called: packaged, or by its Python."""
    here = str(Path(sys.executable).resolve() if getattr(sys, "frozen", False) else sys.executable)
    return (here,) if getattr(sys, "frozen", False) else (here, "-m", "sync_server")


def _owner(data: Path) -> str:
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        return pwd.getpwuid(data.stat().st_uid).pw_name
    except KeyError:
        return str(data.stat().st_uid)


def _check_systemd(options: argparse.Namespace) -> None:
    if options.print:
        return
    if not Path("/run/systemd/system").is_dir():
        raise SetupError(
            "This system does not start its services with systemd: have it run at the start "
            "what --print shows as ExecStart."
        )
    if os.geteuid() != 0:
        raise SetupError("Only the administrator may do this: put sudo before the command.")
