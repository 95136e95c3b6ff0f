"""Carrying out a plan, and telling what it would do."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import Callable, Iterable, List

from content.storage import replace_durably
from sync_server.errors import SetupError
from sync_server.installing.plan import Remove, Run, Step, Write

_ENCODING = "oem" if sys.platform == "win32" else "utf-8"
"""What the system's own programmes write in: on Windows another code page than files'."""
Call = Callable[..., "subprocess.CompletedProcess[str]"]


def carry_out(steps: Iterable[Step], call: Call = subprocess.run) -> List[str]:
    """Do everything in order; return sentences about what failed and was not needed.

    Raises:
        SetupError: something that is needed failed. What was done before stays.
    """
    told: List[str] = []
    for step in steps:
        if isinstance(step, Run):
            problem = _run(step, call)
            if problem and step.needed:
                raise SetupError(problem)
            told += [problem] if problem else []
        elif isinstance(step, Write):
            _write(step)
        else:
            _remove(step)
    return told


def described(steps: Iterable[Step]) -> str:
    """Return the plan as one would do it by hand."""
    lines: List[str] = []
    for step in steps:
        if isinstance(step, Run):
            lines.append(shlex.join(step.command))
        elif isinstance(step, Remove):
            lines.append(f"# remove {step.path}")
        else:
            encoding = "utf-16" if step.content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
            lines += [f"# write {step.path}:", step.content.decode(encoding).rstrip()]
    return "\n".join(lines)


def _run(step: Run, call: Call) -> str:
    """Run a command; return what went wrong, or nothing."""
    name = shlex.join(step.command)
    try:
        done = call(
            list(step.command),
            capture_output=True,
            text=True,
            encoding=_ENCODING,
            errors="replace",
            check=False,
        )
    except OSError as error:
        return f"{name} cannot be run: {error.strerror}."
    if done.returncode == 0:
        return ""
    said = (done.stderr or done.stdout or "").strip().splitlines()
    return f"{name} failed: {said[-1] if said else done.returncode}"


def _write(step: Write) -> None:
    try:
        if step.path.exists() and step.path.read_bytes() != step.content:
            before = step.path.with_name(step.path.name + ".before")
            replace_durably(before, [step.path.read_bytes()], step.path.parent)
        replace_durably(step.path, [step.content], step.path.parent)
    except OSError as error:
        raise SetupError(
            f"{step.path} cannot be written ({error.strerror}): run this as the administrator."
        ) from error


def _remove(step: Remove) -> None:
    try:
        step.path.unlink(missing_ok=True)
    except OSError as error:
        raise SetupError(
            f"{step.path} cannot be removed ({error.strerror}): run this as the administrator."
        ) from error
