"""80 laptops take an update of 200 MB and a new pack of 50 MB from a school's server, and nginx.

Both serve the same files, from the system's cache, to the same number of laptops on the same two
cores; nginx is as it is installed, with ``sendfile`` and a worker for each core. The laptops are
two processes that read and throw away, and cost both servers the same.

Over a gigabit cable, which is the most that a school has, and over loopback, where nothing but the
two programmes themselves holds anybody up; so that number depends on how the system's TCP finds its
speed, which is told beside it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, NamedTuple

from sync_server.data_folder import DataFolder
from tests.bench.cable import GIGABIT, SERVER, Cable
from tests.bench.processes import cpu_s, peak_bytes
from tests.bench.table import tell
from tests.support.link import own_sender
from tests.support.server import ROOT, ServerProcess

LAPTOPS, PROCESSES = 80, 2
PATCH_BYTES, PATCHES = 8_000_000, 25
MEDIA_BYTES, MEDIA = 1_000_000, 50
LEAST_SHARE = 0.8
MOST_MB = 150
NGINX_PORT = 8766
PUBLISHER = "0123456789abcdef" * 2
_NGINX = """\
daemon off;
master_process on;
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen {listen};
        location /repository/ {{ alias {root}/; }}
    }}
}}
"""


def write_objects(root: Path) -> List[str]:
    """Write the files of both packs as they lie in a repository; return their paths."""
    paths = []
    sizes = [PATCH_BYTES] * PATCHES + [MEDIA_BYTES] * MEDIA
    for number, size_bytes in enumerate(sizes):
        data = hashlib.shake_128(b"%d" % number).digest(size_bytes)
        name = hashlib.sha256(data).hexdigest()
        place = root / PUBLISHER / "objects" / name[:2] / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        paths.append(f"/repository/{PUBLISHER}/objects/{name[:2]}/{name}")
    return paths


class Place(NamedTuple):
    """Where they are measured: how something is begun at the server's, and at the laptops'."""

    name: str
    address: str
    serving: Callable[[Callable[[], Any]], Any]
    taking: Callable[[Callable[[], Any]], Any]
    turns: int


@contextlib.contextmanager
def places() -> Iterator[List[Place]]:
    """The places that this machine has."""
    here = Place(f"loopback, {own_sender()}", "127.0.0.1", _here, _here, turns=3)
    with contextlib.ExitStack() as stack:
        try:
            cable = stack.enter_context(Cable(GIGABIT))
        except OSError as error:
            print(f"no cable can be laid here: {error}")
            yield [here]
            return
        yield [Place("gigabit", SERVER, cable.server.call, cable.laptops.call, turns=1), here]


def _here(function: Callable[[], Any]) -> Any:
    return function()


@contextlib.contextmanager
def nginx(place: Place, folder: Path, root: Path) -> Iterator[tuple[str, List[int]]]:
    """Run nginx over the same files; gives its address and its processes."""
    config = folder / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""
    listen = f"{place.address}:{NGINX_PORT}"
    config.write_text(user + _NGINX.format(folder=folder, listen=listen, root=root), "ascii")
    command = ["nginx", "-e", f"{folder}/nginx.log", "-c", str(config)]
    process = place.serving(lambda: subprocess.Popen(command))
    try:
        place.serving(lambda: _until_it_listens(place.address))
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield f"http://{listen}", [process.pid, *map(int, children)]
    finally:
        process.terminate()
        process.wait(20)


def _until_it_listens(address: str) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex((address, NGINX_PORT)) == 0:
                return
        time.sleep(0.05)
    raise OSError("nginx does not listen")


def take(place: Place, url: str, paths: Path, pids: List[int], server: str) -> Dict[str, Any]:
    """Let all laptops take everything from a server."""
    before_s, began_s = sum(map(cpu_s, pids)), time.monotonic()
    command = [sys.executable, "-m", "tests.bench.takers", url, str(paths)]
    command.append(str(LAPTOPS // PROCESSES))
    takers = [
        place.taking(lambda: subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE))
        for _ in range(PROCESSES)
    ]
    told = [json.loads(one.communicate(timeout=1800)[0]) for one in takers]
    duration_s = time.monotonic() - began_s
    taken_bytes = sum(one["taken_bytes"] for one in told)
    return {
        "place": place.name,
        "server": server,
        "laptops": LAPTOPS,
        "taken_mb": taken_bytes // 1_000_000,
        "duration_s": duration_s,
        "mb_per_s": taken_bytes / duration_s / 1e6,
        "server_cpu_s": sum(map(cpu_s, pids)) - before_s,
        "memory_mb": sum(map(peak_bytes, pids)) / 1e6,
    }


def main() -> int:
    """Measure, tell, and return 1 when the server is slower or larger than it may be."""
    if shutil.which("nginx") is None:
        print("There is no nginx here to measure beside.")
        return 0
    rows: List[Dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name, places() as found:
        folder = Path(name)
        data = DataFolder(folder / "server")
        data.create()
        data.open_store().close()
        paths = folder / "paths"
        paths.write_text("\n".join(write_objects(data.repositories)) + "\n", "ascii")
        for place in found:
            for turn in range(place.turns):
                # They take turns in going first. The best of each counts: machines have more to do.
                for which in ("Keruen", "nginx")[:: 1 if turn % 2 else -1]:
                    rows.append(_measured(which, place, folder, data, paths))
    tell("handout", rows)
    return max(_judged(rows, place) for place in found)


def _measured(
    which: str, place: Place, folder: Path, data: DataFolder, paths: Path
) -> Dict[str, Any]:
    if which == "nginx":
        with nginx(place, folder, data.repositories) as (url, pids):
            return take(place, url, paths, pids, which)
    options = ("--host", place.address, "--port", "0")
    with place.serving(lambda: ServerProcess(data.root, *options)) as server:
        row = take(place, server.url, paths, [server.process.pid], which)
        server.stop()
        return row


def _judged(rows: List[Dict[str, Any]], place: Place) -> int:
    ours, theirs = (_best(rows, place, name) for name in ("Keruen", "nginx"))
    share = ours["mb_per_s"] / theirs["mb_per_s"]
    print(f"{place.name}: {share:.2f} of nginx's throughput; wanted: {LEAST_SHARE}")
    return int(share < LEAST_SHARE or ours["memory_mb"] > MOST_MB)


def _best(rows: List[Dict[str, Any]], place: Place, name: str) -> Dict[str, Any]:
    own = (row for row in rows if (row["place"], row["server"]) == (place.name, name))
    return max(own, key=lambda row: row["mb_per_s"])


if __name__ == "__main__":
    raise SystemExit(main())
