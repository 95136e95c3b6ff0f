"""The peer: Kolibri 0.19.5 from the package index, its server and its single-user sync."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any, Dict, List, Optional

from tests.bench.processes import cpu_s, peak_bytes
from tests.bench.table import RESULTS

NAME = "Kolibri 0.19.5"
ROUNDS = 3
MEASURED_ONCE: List[Dict[str, Any]] = [
    {
        "act": "sync of 20 new attempts, a laptop at a time (measured once)",
        "server": NAME,
        "exchanges": 5,
        "per_s": 0.125,
        "p50_ms": 8090.0,
        "server_cpu_ms": 930.0,
        "memory_mb": 145.0,
    }
]
_VENV = RESULTS.parent / "kolibri"
_PUPIL = Path(__file__).with_name("kolibri_pupil.py")
_USERS = """
from kolibri.core.auth.models import Facility, FacilityUser
school = Facility.objects.first()
for number in range({count}):
    user = FacilityUser(username="pupil%d" % number, facility=school, full_name="Pupil")
    user.set_password("pw")
    user.save()
    print("USER " + user.id)
print("SCHOOL " + school.id)
"""


def install() -> Optional[Path]:
    """Return the command, installed where it was not, or None where it cannot be had."""
    command = _VENV / "bin" / "kolibri"
    if command.exists():
        return command
    try:
        subprocess.run([sys.executable, "-m", "venv", str(_VENV)], check=True, timeout=120)
        pip = [str(_VENV / "bin" / "pip"), "install", "--quiet", "kolibri==0.19.5"]
        subprocess.run(pip, check=True, timeout=600)
    except (OSError, subprocess.SubprocessError):
        return None
    return command if command.exists() else None


def measure(pupils_at_once: int = 4) -> List[Dict[str, Any]]:
    """Return a row for one laptop at a time and one for several; old figures where it fails."""
    command = install()
    if command is None:
        return MEASURED_ONCE
    with tempfile.TemporaryDirectory() as name:
        try:
            with _Server(command, Path(name), pupils_at_once + 1) as server:
                alone = server.sync([0])
                together = server.sync(range(1, pupils_at_once + 1))
        except (OSError, subprocess.SubprocessError, RuntimeError) as error:
            print(f"{NAME}: {error}", file=sys.stderr)
            return MEASURED_ONCE
    return [
        {"act": "sync of 20 new attempts, a laptop at a time", **alone},
        {"act": f"sync of 20 new attempts, {pupils_at_once} laptops at once", **together},
    ]


class _Server:
    """A school with pupils, and laptops that sync with it."""

    def __init__(self, command: Path, folder: Path, pupils: int) -> None:
        self._command, self._folder = str(command), folder
        self._home = folder / "server"
        provision = ["manage", "provisiondevice", "--facility", "School", "--superusername"]
        provision += ["admin", "--superuserpassword", "pw", "--preset", "formal"]
        self._run([*provision, "--language_id", "en", "--noinput"])
        lines = self._run(["shell"], _USERS.format(count=pupils)).splitlines()
        self._pupils = [line.split()[1] for line in lines if line.startswith("USER ")]
        (self._school,) = [line.split()[1] for line in lines if line.startswith("SCHOOL ")]
        port, zip_port = _free_port(), _free_port()
        self._url = f"http://127.0.0.1:{port}/"
        start = ["start", "--foreground", "--port", str(port), "--zip-port", str(zip_port)]
        self._process = subprocess.Popen(
            [self._command, *start],
            env=self._environment(self._home),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> _Server:
        for _ in range(60):
            try:
                urllib.request.urlopen(self._url + "api/public/info/", timeout=5).close()  # noqa: S310
                return self
            except OSError:
                time.sleep(1)
        raise RuntimeError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(60)

    def sync(self, numbers: Any) -> Dict[str, Any]:
        before_s, count = cpu_s(self._process.pid), 0
        processes = [self._laptop(number) for number in numbers]
        spans: List[List[float]] = []
        for process in processes:
            output, _ = process.communicate(timeout=600)
            count += 1 + ROUNDS
            found = [line for line in output.splitlines() if "SPANS " in line]
            if not found:
                raise RuntimeError("a laptop did not sync:\n" + output[-500:])
            spans += json.loads(found[0].split("SPANS ", 1)[1])
        durations_s = sorted(end - start for start, end in spans)
        busy_s = max(end for _, end in spans) - min(start for start, _ in spans)
        return {
            "server": NAME,
            "exchanges": len(spans),
            "per_s": len(spans) / busy_s,
            "p50_ms": durations_s[len(spans) // 2] * 1000,
            "p99_ms": durations_s[-1] * 1000,
            "server_cpu_ms": (cpu_s(self._process.pid) - before_s) / count * 1000,
            "memory_mb": peak_bytes(self._process.pid) / 1e6,
        }

    def _laptop(self, number: int) -> subprocess.Popen[str]:
        pupil = {
            "url": self._url,
            "facility": self._school,
            "id": self._pupils[number],
            "name": f"pupil{number}",
            "password": "pw",
            "rounds": ROUNDS,
        }
        environment = self._environment(self._folder / f"laptop{number}")
        with _PUPIL.open("rb") as script:
            return subprocess.Popen(
                [self._command, "shell"],
                env={**environment, "KERUEN_PUPIL": json.dumps(pupil)},
                stdin=script,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def _run(self, arguments: List[str], typed: str = "") -> str:
        return subprocess.run(
            [self._command, *arguments],
            env=self._environment(self._home),
            input=typed,
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        ).stdout

    def _environment(self, home: Path) -> Dict[str, str]:
        return {**os.environ, "KOLIBRI_HOME": str(home)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
