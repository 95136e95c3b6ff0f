"""`python3 build package [NAME]`: the client and the server as folders that need no Python.

Each is made in `dist/` by PyInstaller from `keruen.spec`, weighed, and then started from there
with an empty environment and no Python on PATH. On Windows the same command makes those for
Windows; on Windows 7's terms it is run with Python 3.8.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Iterator, List, Optional, Sequence, Tuple

from build import freezing, packaged, project, say, system
from build.paths import BUILD, CACHE, DIST, ROOT
from build.say import BuildError

MEGABYTE = 1_000_000
_LARGEST_SHOWN = 8
_FIND_LIBRARY = """
import ctypes, os, sys, sysconfig
print("%d.%d" % sys.version_info[:2])
name = sysconfig.get_config_var("INSTSONAME") or ""
beside = os.path.join(sysconfig.get_config_var("LIBDIR") or "", name)
ctypes.CDLL(beside if os.path.exists(beside) else name)
"""


def package(names: Sequence[str]) -> int:
    """Make, weigh and try the programmes in `names`, or both."""
    try:
        chosen = freezing.chosen(names)
    except KeyError as error:
        known = ", ".join(freezing.PROGRAMMES)
        raise BuildError(f"there is no programme {error}. There are: {known}.") from error
    python = project.make_main()
    system.ensure()
    _need_tools(python)
    for programme in chosen:
        _freeze(python, programme)
        _weigh(DIST / programme.name)
    if freezing.SERVER in chosen:
        say.step(f"{_archive(freezing.SERVER).name} is made, for keruen-server update")
    _try(chosen)
    return 0


def lacking(python: Path) -> List[str]:
    """Return the Debian packages that PyInstaller needs here beside Python's own.

    They are `strip`, without which the client is twice as large, and Python as a shared library,
    which Debian keeps apart from its interpreter.
    """
    packages = []
    if not shutil.which("strip"):
        packages.append("binutils")
    probe = subprocess.run(
        [str(python), "-c", _FIND_LIBRARY], capture_output=True, text=True, check=False
    )
    if probe.returncode:
        packages.append(f"libpython{probe.stdout.strip()}")
    return packages


def _need_tools(python: Path) -> None:
    packages = [] if os.name == "nt" else lacking(python)
    if packages and system.may_install():
        system.install(packages)
    elif packages:
        raise BuildError(
            f"packaging needs {' and '.join(packages)}:\n{system.install_command(packages)}"
        )


def _freeze(python: Path, programme: freezing.Programme) -> None:
    started_s = time.monotonic()
    say.step(f"packaging {programme.name}: about half a minute")
    command = [str(python), "-m", "PyInstaller", str(BUILD / "keruen.spec"), "--noconfirm"]
    command += ["--workpath", str(CACHE / "pyinstaller"), "--distpath", str(DIST)]
    command += ["--log-level", "WARN", "--", programme.name]
    done = subprocess.run(
        command,
        cwd=str(ROOT),
        env=project.variables(offscreen=True),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        say.detail("\n".join(done.stdout.splitlines()[-20:]))
        raise BuildError(f"PyInstaller could not make {programme.name}; its last words are above.")
    say.step(f"{DIST.name}/{programme.name} is made ({say.seconds(started_s)})")


def _archive(programme: freezing.Programme) -> Path:
    """Pack a programme's folder into one file, from which a server updates itself."""
    kind = "windows" if os.name == "nt" else "linux"
    name = DIST / f"{programme.name}-{kind}"
    return Path(shutil.make_archive(str(name), "zip", str(DIST), programme.name))


def sizes(folder: Path) -> List[Tuple[int, str]]:
    """Return (bytes, path in the folder) of every file, the largest first."""
    found = (
        (path.stat().st_size, path.relative_to(folder).as_posix())
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )
    return sorted(found, reverse=True)


def _weigh(folder: Path) -> None:
    files = sizes(folder)
    total = sum(size for size, _ in files) / MEGABYTE
    say.step(f"{folder.name}: {total:.1f} MB unpacked, in {len(files)} files; the largest:")
    for size, name in files[:_LARGEST_SHOWN]:
        say.detail(f"{size / MEGABYTE:6.1f} MB  {name}")


def _try(chosen: Sequence[freezing.Programme]) -> None:
    say.step("starting them with an empty environment")
    with tempfile.TemporaryDirectory(prefix="keruen-") as scratch:
        made = {
            one.name: packaged.Packaged(DIST / one.name, one.name, Path(scratch)) for one in chosen
        }
        client, server = made.get(freezing.CLIENT.name), made.get(freezing.SERVER.name)
        for seen in _seen(client, server):
            say.detail(seen)
    say.step(f"run with no Python around: {', '.join(made)}")


def _seen(
    client: Optional[packaged.Packaged], server: Optional[packaged.Packaged]
) -> Iterator[str]:
    if client:
        yield from packaged.prove_client(client)
        yield from packaged.prove_portable(client)
    if server:
        yield from packaged.prove_server(server)
    if client and server:
        yield from packaged.prove_road(client, server)
