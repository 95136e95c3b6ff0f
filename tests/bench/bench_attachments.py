"""What a photo and a recording cost on the wire, beside a plain PUT of the same bytes by curl."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional
from urllib.parse import urlsplit

from client.laptop.laptop import Laptop
from tests.bench.counting_proxy import CountingProxy
from tests.bench.table import tell
from tests.support.server import School, running_server
from tests.support.web import Reply, serving

WORK = ("algebra-7-linear", "meaning")
SMALLEST_BYTES = 2_000
MOST_OVERHEAD = 0.02


class Counting:
    """Counts what acts cost through a proxy."""

    def __init__(self, proxy: CountingProxy) -> None:
        self.proxy = proxy
        self.rows: List[Dict[str, Any]] = []

    def count(self, act: str, do: Callable[[], Any], bound_bytes: int, curl: Optional[int]) -> None:
        """Do something and note what it cost beside the bytes that it has to carry."""
        self.proxy.reset()
        do()
        count = self.proxy.count
        self.rows.append(
            {
                "act": act,
                "requests": count.requests,
                "up_bytes": count.up_bytes,
                "down_bytes": count.down_bytes,
                "file_bytes": bound_bytes,
                "curl_bytes": curl,
                "limit_bytes": SMALLEST_BYTES + int((1 + MOST_OVERHEAD) * bound_bytes),
            }
        )


def curl_bytes(path: Path) -> Optional[int]:
    """What curl sends and receives to PUT a file at once; None where there is no curl."""
    if shutil.which("curl") is None:
        return None
    with serving(lambda _: Reply(body=b"")) as server:
        command = ["curl", "-sS", "--noproxy", "*", "-T", str(path), f"http://{server.address}/x"]
        subprocess.run(command, check=True)
        return server.received_bytes + server.sent_bytes


def _file(folder: Path, name: str, size_bytes: int) -> Path:
    path = folder / name
    path.write_bytes(hashlib.shake_128(name.encode()).digest(size_bytes))
    return path


def main() -> int:
    """Measure, tell, and return 1 when an act cost more than it may."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        school = School(folder / "server")
        pupil, teacher = Laptop.open(folder / "pupil"), Laptop.open(folder / "teacher")
        with running_server(folder / "server") as address:
            parts = urlsplit(address)
            with CountingProxy((str(parts.hostname), int(parts.port or 0))) as proxy:
                counting = Counting(proxy)
                pupil.enrol(proxy.address, str(school.code(["Айгерім Т."]).code), "1")
                teacher.enrol(proxy.address, str(school.code((), ["Гүлнар"]).code), "2")
                _walk(counting, folder, pupil, teacher)
        pupil.close()
        teacher.close()
        school.close()
    tell("attachments", counting.rows)
    carried = (row["up_bytes"] + row["down_bytes"] <= row["limit_bytes"] for row in counting.rows)
    return int(not all(carried))


def _walk(counting: Counting, folder: Path, pupil: Laptop, teacher: Laptop) -> None:
    person = pupil.people()[0].id
    pupil.sync()
    teacher.sync()
    for what, size_bytes in (("a photo", 250_000), ("a recording", 4_000_000)):
        path = _file(folder, f"{size_bytes}.ogg", size_bytes)
        names = {"file": [pupil.attach(path).name]}
        pupil.hand_in(person, *WORK, f"task-{size_bytes}", names, "kk")
        counting.count(f"{what}, up", pupil.sync, size_bytes, curl_bytes(path))
        counting.count(f"{what}, down", teacher.sync, size_bytes, None)
        pupil.hand_in(person, *WORK, f"again-{size_bytes}", names, "kk")
        counting.count(f"{what} named by another work", pupil.sync, 0, None)


if __name__ == "__main__":
    raise SystemExit(main())
