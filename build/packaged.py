"""Start the packaged programmes as on a machine that never heard of Python."""

from __future__ import annotations

import contextlib
import json
import os
import struct
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Tuple

from build.say import BuildError

_START_S = 60
_PNG = b"\x89PNG\r\n\x1a\n"


class Packaged(NamedTuple):
    """A packaged programme: its folder, its command's name and a folder to make files in."""

    folder: Path
    name: str
    scratch: Path

    @property
    def command(self) -> Path:
        """The file that one starts."""
        return self.folder / (self.name + (".exe" if os.name == "nt" else ""))

    def variables(self) -> Dict[str, str]:
        """Return all the environment that it gets: a home and a PATH with nothing in it."""
        empty = self.scratch / "empty"
        empty.mkdir(exist_ok=True)
        wanted = {"HOME": str(self.scratch), "PATH": str(empty), "LC_ALL": "C.UTF-8"}
        if os.name == "nt":
            wanted.update(SYSTEMROOT=os.environ["SYSTEMROOT"], LOCALAPPDATA=str(self.scratch))
        return wanted

    def run(self, *arguments: str) -> str:
        """Run it to its end and return what it printed. Raises BuildError if it fails."""
        done = subprocess.run(
            [str(self.command), *arguments],
            cwd=str(self.scratch),
            env=self.variables(),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_START_S,
            check=False,
        )
        if done.returncode:
            said = (done.stderr or done.stdout).strip()
            raise BuildError(f"the packaged {self.name} {' '.join(arguments)} failed:\n{said}")
        return done.stdout.strip()


def prove_client(client: Packaged) -> List[str]:
    """Ask the client for its version and state, and let it draw; return what was seen."""
    seen = [client.run("--version")]
    data = str(client.scratch / "laptop")
    status = json.loads(client.run("--data", data, "status"))
    seen.append(f"status: {status['sentence']}")
    picture = client.scratch / "first-screen.png"
    started_s = time.monotonic()
    client.run("--data", data, "--picture", str(picture))
    width, height = _png_size(picture)
    took_s = time.monotonic() - started_s
    seen.append(f"window: the first screen drawn at {width}x{height}, {took_s:.1f} s in all")
    return seen


def prove_portable(client: Packaged) -> List[str]:
    """Let the client put itself on a stick and run from there; return what was seen."""
    stick, machine = client.scratch / "stick", client.scratch / "machine"
    for folder in (stick, machine):
        folder.mkdir()
    made = json.loads(client.run("portable", str(stick)))
    system = "windows" if os.name == "nt" else "linux"
    portable = Packaged(Path(made["folder"]) / system, client.name, machine)
    portable.run("--picture", str(stick / "first-screen.png"))
    told = json.loads(portable.run("data"))
    if told["chosen"] != "portable" or not (Path(told["folder"]) / "keruen.db").is_file():
        raise BuildError(f"the portable {client.name} keeps its data in {told['folder']}")
    left = [str(path) for path in machine.rglob("*") if path.is_file()]
    if left:
        raise BuildError(f"the portable {client.name} left on the machine: {', '.join(left)}")
    size = f"{made['size_bytes'] / 1_000_000:.0f} MB"
    return [f"portable: ran from a stick ({size}), its data there and nothing on the machine"]


def _png_size(path: Path) -> Tuple[int, int]:
    head = path.read_bytes()[:24] if path.exists() else b""
    if not head.startswith(_PNG):
        raise BuildError("the packaged client drew no picture of its first screen")
    width, height = struct.unpack(">II", head[16:24])
    return int(width), int(height)


def prove_server(server: Packaged) -> List[str]:
    """Let the server make its data folder, serve and answer; return what was seen."""
    seen = [server.run("--version")]
    with _serving(server) as url:
        seen.append(f"run: /healthz answers {_healthz(url)}")
    return seen


def prove_road(client: Packaged, server: Packaged) -> List[str]:
    """Let the packaged client join the packaged server's school and sync; return what was seen."""
    with _serving(server) as url:
        words = ["enrol", "--data", str(_school(server)), "--class", "7A", "--student", "Aru"]
        code = json.loads(server.run(*words, "--json"))["code"]
        laptop = ["--data", str(client.scratch / "enrolled"), "--language", "en"]
        joined = json.loads(client.run(*laptop, "enrol", url, code))
        account = json.loads(client.run(*laptop, "sync"))
    return [f"enrol: joined {joined['school']}", f"sync: {account['sentence']}"]


def _school(server: Packaged) -> Path:
    return server.scratch / "school"


@contextlib.contextmanager
def _serving(server: Packaged) -> Iterator[str]:
    """Run the packaged server on a school of its own; give its address."""
    data = str(_school(server))
    server.run("init", data, "--school", "Packaged", "--json")
    words = ["run", "--data", data, "--host", "127.0.0.1", "--port", "0", "--quiet", "--json"]
    with subprocess.Popen(
        [str(server.command), *words],
        cwd=str(server.scratch),
        env=server.variables(),
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield _announced(process)
        finally:
            process.terminate()
            process.wait(timeout=_START_S)


def _announced(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline() if process.stdout else ""
    try:
        announced: Dict[str, Any] = json.loads(line)
        return str(announced["listening"])
    except (ValueError, KeyError) as error:
        raise BuildError(f"the packaged server did not say where it listens: {line!r}") from error


def _healthz(url: str) -> int:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url.rstrip('/')}/healthz", timeout=_START_S) as answer:
            return int(answer.status)
    except urllib.error.URLError as error:
        raise BuildError(f"the packaged server does not answer: {error}") from error
