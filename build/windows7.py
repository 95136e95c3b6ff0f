"""Prove that the client's pins for Windows 7 install there: 64-bit, Python 3.8, no compiler.

Three things are shown for `constraints-windows7.txt`: the package index has a wheel of every pin
for that platform, each wheel is one whose hash the lock accepts, and the set is closed: whatever a
wheel requires there is among the pins, in a version that it takes. pip cannot show the last by
itself, because it judges environment markers by the Python it runs on.

Runs inside `.venv` (`python -m build.windows7`), whose `packaging` reads the requirements.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from typing import Any, Dict, List, Mapping, Tuple

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from build import requirements
from build.paths import CACHE, LOCK, PYPROJECT, WINDOWS7_PINS

PYTHON = "3.8.10"
"""The last 3.8 that python.org built for Windows."""
MARKERS: Mapping[str, str] = {
    "implementation_name": "cpython",
    "implementation_version": PYTHON,
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_release": "7",
    "platform_system": "Windows",
    "platform_version": "6.1.7601",
    "python_full_version": PYTHON,
    "python_version": "3.8",
    "sys_platform": "win32",
}
"""PEP 508's environment markers on the oldest machine that Keruen serves."""

_PROOF = CACHE / "windows7-wheels.json"
_UNREACHABLE = (
    "NewConnectionError",
    "ConnectTimeout",
    "Connection refused",
    "Network is unreachable",
    "ProxyError",
    "Read timed out",
    "Temporary failure in name resolution",
)


class UnreachableError(Exception):
    """The package index could not be asked."""


class RefutedError(Exception):
    """The pins cannot be installed on Windows 7; the text says why, a line each."""


class Wheel:
    """A wheel as pip's installation report describes it."""

    def __init__(self, entry: Mapping[str, Any]) -> None:
        metadata = entry["metadata"]
        self.name = requirements.normalised(metadata["name"])
        self.version: str = metadata["version"]
        self.requires_python: str = metadata.get("requires_python") or ""
        self.requires: List[str] = metadata.get("requires_dist") or []
        info = entry["download_info"]
        self.file: str = info["url"].rsplit("/", 1)[-1]
        self.sha256: str = info.get("archive_info", {}).get("hashes", {}).get("sha256", "")


def ask_index() -> Tuple[Wheel, ...]:
    """Ask the package index for every pin's wheel.

    Raises RefutedError with pip's words when one has none, UnreachableError when nobody answers.
    """
    with tempfile.TemporaryDirectory() as nowhere:
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"]
        command += ["--no-deps", "--only-binary=:all:", "--quiet", "--report", "-"]
        command += ["--platform", "win_amd64", "--python-version", "3.8", "--implementation", "cp"]
        command += ["--target", nowhere, "--disable-pip-version-check", "--no-input"]
        command += ["-r", str(WINDOWS7_PINS)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        report = json.loads(done.stdout)
        return tuple(Wheel(entry) for entry in report["install"])
    if any(sign in done.stderr for sign in _UNREACHABLE):
        raise UnreachableError
    raise RefutedError("\n".join(done.stderr.strip().splitlines()[-4:]))


def unmet(text: str, have: Mapping[str, str], extra: str = "") -> str:
    """Return what is wrong with a requirement on Windows 7 given the pins, or nothing."""
    requirement = Requirement(text)
    if requirement.marker and not requirement.marker.evaluate({**MARKERS, "extra": extra}):
        return ""
    version = have.get(requirements.normalised(requirement.name))
    if version is None:
        return f"{requirement.name} is required and not pinned"
    if not requirement.specifier.contains(version, prereleases=True):
        return f"{requirement} is required and {version} is pinned"
    return ""


def findings(wheels: Tuple[Wheel, ...], wanted: Tuple[requirements.Pin, ...]) -> List[str]:
    """Return every reason why these wheels are not what the pins promise."""
    pins = requirements.versions(wanted)
    have = {wheel.name: wheel.version for wheel in wheels}
    locked: Dict[Tuple[str, str], Tuple[str, ...]] = {
        (pin.name, pin.version): pin.sha256 for pin in requirements.read(LOCK)
    }
    wrong = [
        f"{name} {version}: no wheel" for name, version in pins.items() if have.get(name) != version
    ]
    for wheel in wheels:
        if not SpecifierSet(wheel.requires_python).contains(PYTHON):
            wrong.append(f"{wheel.file} asks for Python {wheel.requires_python}")
        if wheel.sha256 not in locked.get((wheel.name, wheel.version), ()):
            wrong.append(f"{wheel.file} is not in requirements.lock: run `python3 build lock`")
        wrong += [
            f"{wheel.file}: {why}" for why in (unmet(one, pins) for one in wheel.requires) if why
        ]
    wrong += [f"pyproject.toml: {why}" for why in (unmet(one, pins) for one in direct()) if why]
    return wrong


def direct() -> List[str]:
    """Return what pyproject.toml asks for the client."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["client"]]


def _key() -> str:
    facts = WINDOWS7_PINS.read_bytes() + LOCK.read_bytes() + PYPROJECT.read_bytes()
    return hashlib.sha256(facts).hexdigest()


def _proved() -> Dict[str, str]:
    """Return the wheels of an earlier proof of these very pins, or nothing."""
    try:
        proof = json.loads(_PROOF.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(proof["wheels"]) if proof.get("key") == _key() else {}


def prove() -> str:
    """Return the sentence that the proof comes down to.

    Raises RefutedError with every reason when the pins do not hold, and UnreachableError when they
    could not be tried and were not proved before.
    """
    earlier = _proved()
    if earlier:
        return f"{len(earlier)} wheels for win_amd64 and Python 3.8, proved before"
    wanted = requirements.read(WINDOWS7_PINS)
    wheels = ask_index()
    wrong = findings(wheels, wanted)
    if wrong:
        raise RefutedError("\n".join(wrong))
    CACHE.mkdir(exist_ok=True)
    proof = {"key": _key(), "wheels": {wheel.name: wheel.file for wheel in wheels}}
    _PROOF.write_text(json.dumps(proof, indent=1), encoding="utf-8")
    return f"{len(wheels)} wheels for win_amd64 and Python 3.8; none missing, none from source"


def main() -> int:
    """Say how it went; 0 if the pins are proved."""
    try:
        print(prove())
    except RefutedError as refuted:
        print(refuted)
        return 1
    except UnreachableError:
        print("the package index could not be asked, and these pins were not proved before")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
