"""The project's commands: `python3 build COMMAND`. Any Python from 3.8 on will do to start them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Callable, Dict, List, NamedTuple, Optional, Sequence


class Command(NamedTuple):
    """A command's help, whether it takes further arguments, and what it does with them."""

    help: str
    extra: Optional[str]
    run: Callable[[List[str]], int]


def _demo(extra: List[str]) -> int:
    from build import project, system

    python = project.make_main()
    system.ensure()
    return project.run(python, ["-m", "build.demo", *extra])


def _test(extra: List[str]) -> int:
    from build import testing

    return testing.test(extra)


def _run(extra: List[str]) -> int:
    from build import project, system

    python = project.make_main()
    system.ensure()
    return project.run(python, ["-m", "client", *extra])


def _check(_extra: List[str]) -> int:
    from build import checks, project

    return checks.check(project.make_main())


def _bench(extra: List[str]) -> int:
    from build import bench

    return bench.bench(extra)


def _shots(extra: List[str]) -> int:
    from build import project, system

    python = project.make_main()
    system.ensure()
    return project.run(python, ["-m", "build.shots", *extra], project.variables(offscreen=True))


def _item_pictures(_extra: List[str]) -> int:
    from build import project, system

    python = project.make_main()
    system.ensure()
    return project.run(python, ["-m", "build.item_pictures"], project.variables(offscreen=True))


def _secret_pictures(_extra: List[str]) -> int:
    from build import project

    return project.run(project.make_main(), ["-m", "build.secret_pictures"])


def _package(extra: List[str]) -> int:
    from build import package

    return package.package(extra)


def _lock(_extra: List[str]) -> int:
    from build import lock

    return lock.lock()


COMMANDS: Dict[str, Command] = {
    "demo": Command("the whole road once, on this machine (--headless: no window)", "ARG", _demo),
    "test": Command("checks and all tests; arguments go to pytest", "PYTEST-ARG", _test),
    "run": Command("start the client; arguments go to keruen", "KERUEN-ARG", _run),
    "check": Command("format, lint, types, and the Windows 7 wheels", None, _check),
    "bench": Command("all measurements of tests/bench, or those named", "NAME", _bench),
    "shots": Command("render every screen into shots/", "ARG", _shots),
    "pictures": Command("the pictures of docs/items.md", None, _item_pictures),
    "secret-pictures": Command("the pictures that open a child's work", None, _secret_pictures),
    "package": Command("make the one-folder client and server in dist/", "NAME", _package),
    "lock": Command("renew the locked requirements", None, _lock),
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of `python3 build`."""
    top = argparse.ArgumentParser(prog="python3 build", description="Make, check and ship Keruen.")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    for name, command in COMMANDS.items():
        commands.add_parser(name, help=command.help, add_help=command.extra is None)
    return top


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    from build.say import BuildError

    known, extra = parser().parse_known_args(words)
    if known.command is None:
        parser().print_help()
        return 2
    command = COMMANDS[known.command]
    if extra and command.extra is None:
        parser().error(f"{known.command} takes no arguments, and got: {' '.join(extra)}")
    try:
        return command.run(extra)
    except BuildError as failure:
        print(f"\npython3 build {known.command} stopped: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    # Started as a folder, Python put build/ itself first: its modules would hide others' names.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    sys.exit(main())
