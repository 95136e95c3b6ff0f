"""Make the project's Python environments from the hash-locked requirements.

An environment is finished when its stamp is written, which happens last: whatever interrupted the
making, the next run sees no stamp and begins again. The stamp names everything that the environment
was made of, so a changed lock, interpreter or checkout makes it anew, and nothing else does.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence

from build import say, system
from build.interpreters import Interpreter
from build.paths import CACHE, PYPROJECT, ROOT
from build.say import BuildError

_LAYOUT = 1
"""Raised when the way of making an environment changes, so that old ones are made anew."""
_STAMP = "keruen-stamp.json"
_STARTED = "keruen-started"
_LAST_LINES = 15


class Plan(NamedTuple):
    """An environment to be made: where, by which Python, of which requirements.

    `requirements` is the text of a hash-locked requirements file. `complete` says that it names
    every transitive requirement, so that pip adds nothing of its own and the set is checked
    afterwards. `editable` puts the project itself in, with its commands.
    """

    folder: Path
    interpreter: Interpreter
    requirements: str
    editable: bool
    complete: bool = False

    @property
    def scripts(self) -> Path:
        """The folder of its commands."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    @property
    def stamp(self) -> Path:
        """The file that says it is finished."""
        return self.folder / _STAMP


def fingerprint(plan: Plan) -> Dict[str, object]:
    """Return what the finished environment's stamp must say."""
    project = _packaging_part(PYPROJECT.read_bytes()) if plan.editable else b""
    return {
        "layout": _LAYOUT,
        "root": str(ROOT),
        "python": str(plan.interpreter.path),
        "version": plan.interpreter.label,
        "requirements": hashlib.sha256(plan.requirements.encode()).hexdigest(),
        "project": hashlib.sha256(project).hexdigest(),
    }


def _packaging_part(pyproject: bytes) -> bytes:
    """Return what of pyproject.toml an installation depends on: all above the tools' settings."""
    return pyproject.partition(b"\n[tool.ruff")[0]


def is_finished(plan: Plan) -> bool:
    """Tell whether the environment stands and is made of what the plan says."""
    try:
        stamp = json.loads(plan.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(stamp == fingerprint(plan)) and plan.python.exists()


def ensure(plan: Plan) -> Path:
    """Make the environment unless it is finished, and return its interpreter.

    Raises BuildError with what to do when it cannot be made.
    """
    if is_finished(plan):
        return plan.python
    with _alone():
        if not is_finished(plan):
            _make(plan)
    return plan.python


def clean_variables() -> Dict[str, str]:
    """Return the process's variables without those that would bend another Python's imports."""
    unwanted = (
        "PYTHONHOME",
        "PYTHONPATH",
        "VIRTUAL_ENV",
        "PYTHONSTARTUP",
        "PIP_REQUIRE_VIRTUALENV",
    )
    return {name: value for name, value in os.environ.items() if name not in unwanted}


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Keep a second `python3 build` out while one makes the environment; a crash frees the way."""
    CACHE.mkdir(exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows, where two builds at once are nobody's habit
        yield
        return
    with (CACHE / "environment.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say.step("another `python3 build` is making the environment: waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make(plan: Plan) -> None:
    started_s = time.monotonic()
    name = plan.folder.name
    say.step(f"making {name} with Python {plan.interpreter.label}; this happens once")
    _clear(plan.folder)
    _create(plan)
    _install(plan)
    if plan.editable:
        _install_project(plan)
    if plan.complete:
        _run(
            [str(plan.python), "-m", "pip", "check"], f"the packages in {name} do not fit together"
        )
    plan.stamp.write_text(json.dumps(fingerprint(plan), indent=1), encoding="utf-8")
    say.step(f"{name} is ready ({say.seconds(started_s)})")


def _clear(folder: Path) -> None:
    """Remove what an earlier or interrupted making left; never a folder that is not ours."""
    if not folder.exists():
        return
    ours = any((folder / mark).exists() for mark in (_STARTED, _STAMP, "pyvenv.cfg"))
    if not ours and any(folder.iterdir()):
        raise BuildError(
            f"{folder} exists and is no Python environment: move it away, then try again."
        )
    shutil.rmtree(folder)


def _create(plan: Plan) -> None:
    try:
        plan.folder.mkdir()
        (plan.folder / _STARTED).touch()
    except OSError as error:
        raise BuildError(f"{plan.folder} cannot be written ({error.strerror}).") from error
    _need_ensurepip(plan.interpreter)
    _run(
        [str(plan.interpreter.path), "-m", "venv", str(plan.folder)],
        f"Python {plan.interpreter.label} could not make an environment",
    )


def _need_ensurepip(interpreter: Interpreter) -> None:
    probe = [str(interpreter.path), "-I", "-c", "import ensurepip, venv"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return
    package = f"python{interpreter.version[0]}.{interpreter.version[1]}-venv"
    if system.may_install():
        system.install([package])
        return
    raise BuildError(
        f"{interpreter.path} has no ensurepip, so it cannot make an environment. "
        f"Install the package {package}:\n{system.install_command([package])}"
    )


def _install(plan: Plan) -> None:
    wanted = plan.folder / "requirements.txt"
    wanted.write_text(plan.requirements, encoding="utf-8")
    command = [str(plan.python), "-m", "pip", "install", "--require-hashes"]
    command += ["--only-binary=:all:", "--no-input", "--no-warn-script-location"]
    command += ["--disable-pip-version-check", "--progress-bar=off", "-r", str(wanted)]
    if plan.complete:
        command.append("--no-deps")
    total = plan.requirements.count("==")
    _run(
        command,
        "the packages could not be installed. Check the connection (or PIP_INDEX_URL, if this "
        "place has its own package index) and run the command again: what was fetched is kept",
        say.Counter("packages", _expected(plan, total)),
    )


def _expected(plan: Plan, total: int) -> int:
    """Return how many pins pip takes up; one line in two or so is for another Python or system."""
    from build.requirements import parse

    names = {pin.name for pin in parse(plan.requirements) if "win32" not in pin.marker}
    return min(total, len(names))


def _install_project(plan: Plan) -> None:
    command = [str(plan.python), "-m", "pip", "install", "--no-deps", "--no-build-isolation"]
    command += ["--no-index", "--disable-pip-version-check", "--editable", str(ROOT)]
    _run(command, "the project itself could not be put into the environment")


def _run(command: Sequence[str], failure: str, counter: Optional[say.Counter] = None) -> None:
    """Run a quiet command; on failure show the end of what it said."""
    variables = clean_variables()
    if os.name != "nt":
        variables.setdefault("PIP_CACHE_DIR", str(_pip_cache(variables)))
    lines: List[str] = []
    try:
        process = subprocess.Popen(
            list(command),
            cwd=str(ROOT),
            env=variables,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        raise BuildError(f"{failure}: {command[0]} does not start ({error.strerror})") from error
    with process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            if counter and line.startswith(("Collecting ", "Processing ")):
                counter.advance()
    if counter:
        counter.finish()
    if process.returncode:
        for line in lines[-_LAST_LINES:]:
            say.detail(line)
        raise BuildError(f"{failure}. The command was:\n{say.command_line(command)}")


def _pip_cache(variables: Dict[str, str]) -> Path:
    """Return pip's usual cache if it can be written, else one inside the checkout."""
    home = variables.get("HOME")
    base = variables.get("XDG_CACHE_HOME") or (f"{home}/.cache" if home else str(CACHE))
    usual = Path(base, "pip")
    try:
        usual.mkdir(parents=True, exist_ok=True)
    except OSError:
        return CACHE / "pip"
    return usual if os.access(str(usual), os.W_OK) else CACHE / "pip"
