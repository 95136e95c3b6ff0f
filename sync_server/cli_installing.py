"""The commands of ``keruen-server`` that have it start with the computer."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import List, Sequence, Tuple

from sync_server.data_folder import DataFolder
from sync_server.errors import SetupError
from sync_server.installing import linux, windows
from sync_server.installing.carrying_out import carry_out, described
from sync_server.installing.plan import Step, Wish
from sync_server.output import tell

_OPTIONS = ("host", "port", "window", "rate", "budget")


def install(options: argparse.Namespace) -> None:
    """Have the server start with the computer, and now."""
    wish = _wish(options)
    if sys.platform == "win32":
        steps: Sequence[Step] = windows.install(wish)
    else:
        _check_systemd(options)
        steps = linux.install(wish, shutil.which)
    _do(options, steps, "The server starts with the computer now, and runs already.")


def uninstall(options: argparse.Namespace) -> None:
    """Have it start no more."""
    if sys.platform == "win32":
        steps: Sequence[Step] = windows.uninstall()
    else:
        _check_systemd(options)
        steps = linux.uninstall(_port(options), shutil.which)
    _do(options, steps, f"The server starts no more by itself. The data stay in {options.data}.")


def _do(options: argparse.Namespace, steps: Sequence[Step], sentence: str) -> None:
    if options.print:
        tell(options, {"steps": described(steps).splitlines()}, described(steps))
        return
    told = carry_out(steps)
    tell(options, {"told": told}, "\n".join([*told, sentence]))


def _wish(options: argparse.Namespace) -> Wish:
    data = options.data.resolve()
    # Also proves that there is such a folder, before the system is told of it.
    port = _port(options)
    return Wish(_program(), data, port, tuple(_run_options(options)), _owner(data))


def _port(options: argparse.Namespace) -> int:
    from sync_server.addresses import DEFAULT_PORT
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
