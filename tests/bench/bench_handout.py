"""80 laptops take an update of 200 MB and a new pack of 50 MB from a school's server, and nginx.

Both serve the same files, from the system's cache, to the same number of laptops on the same two
cores; nginx is as it is installed, with ``sendfile`` and a worker for each core. The laptops are
two processes that read and throw away, and cost both servers the same.
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
from typing import Any, Dict, Iterator, List

from sync_server.data_folder import DataFolder
from tests.bench.processes import cpu_s, peak_bytes
from tests.bench.table import tell
from tests.support.server import ROOT, ServerProcess

LAPTOPS, PROCESSES = 80, 2
PATCH_BYTES, PATCHES = 8_000_000, 25
MEDIA_BYTES, MEDIA = 1_000_000, 50
LEAST_SHARE = 0.8
MOST_MB = 150
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
        listen 127.0.0.1:{port};
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


@contextlib.contextmanager
def nginx(folder: Path, root: Path) -> Iterator[tuple[str, List[int]]]:
    """Run nginx over the same files; gives its address and its processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = folder / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""
    config.write_text(user + _NGINX.format(folder=folder, port=port, root=root), "ascii")
    process = subprocess.Popen(["nginx", "-e", f"{folder}/nginx.log", "-c", str(config)])
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield f"http://127.0.0.1:{port}", [process.pid, *map(int, children)]
    finally:
        process.terminate()
        process.wait(20)


def take(url: str, paths: Path, pids: List[int], server: str) -> Dict[str, Any]:
    """Let all laptops take everything from a server."""
    before_s, began_s = sum(map(cpu_s, pids)), time.monotonic()
    command = [sys.executable, "-m", "tests.bench.takers", url, str(paths)]
    takers = [
        subprocess.Popen([*command, str(LAPTOPS // PROCESSES)], cwd=ROOT, stdout=subprocess.PIPE)
        for _ in range(PROCESSES)
    ]
    told = [json.loads(one.communicate(timeout=900)[0]) for one in takers]
    duration_s = time.monotonic() - began_s
    taken_bytes = sum(one["taken_bytes"] for one in told)
    return {
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
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = DataFolder(folder / "server")
        data.create()
        data.open_store().close()
        paths = folder / "paths"
        paths.write_text("\n".join(write_objects(data.repositories)) + "\n", "ascii")
        rows = []
        for turn in range(3):
            # They take turns in going first. The best of each counts: machines have more to do.
            for which in ("Keruen", "nginx")[:: 1 if turn % 2 else -1]:
                rows.append(_measured(which, folder, data, paths))
    tell("handout", rows)
    ours, theirs = (_best(rows, name) for name in ("Keruen", "nginx"))
    share = ours["mb_per_s"] / theirs["mb_per_s"]
    print(f"of nginx's throughput: {share:.2f}; wanted: {LEAST_SHARE}")
    return int(share < LEAST_SHARE or ours["memory_mb"] > MOST_MB)


def _measured(which: str, folder: Path, data: DataFolder, paths: Path) -> Dict[str, Any]:
    if which == "nginx":
        with nginx(folder, data.repositories) as (url, pids):
            return take(url, paths, pids, which)
    with ServerProcess(data.root) as server:
        row = take(server.url, paths, [server.process.pid], which)
        server.stop()
        return row


def _best(rows: List[Dict[str, Any]], name: str) -> Dict[str, Any]:
    return max((row for row in rows if row["server"] == name), key=lambda row: row["mb_per_s"])


if __name__ == "__main__":
    raise SystemExit(main())
