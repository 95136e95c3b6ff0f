"""What a weak link is used for: lessons at its speed, and a pupil's answers past a video.

Two hosts with the kernel's TCP between them (`tests.support.link`), a server with its packs on
the one and a laptop on the other. curl fetches one file of the same size from the same server.

How much of a link TCP can use is the sender's to say, not the laptop's. A server that sends by BBR
lets the link run empty for 200 ms and a round trip every 10 s to measure it (ProbeRTT), which costs
4 to 5 % here whoever fetches. So a link is used well when 95 % of it are, or where curl, with one
file and nothing to wait for, uses less, as much as curl uses but for ``SPREAD``: ``wanted_use``
says which it was.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence

from client.laptop.laptop import Laptop
from content.building.builder import build_pack
from content.trust.keys import PublisherKey
from tests.bench.table import tell
from tests.support.link import FAR, Link, obstacle, own_sender, use_of
from tests.support.link_shape import Shape
from tests.support.pack_source import RIGHT_ANSWERS, noise, write_source
from tests.support.server import ROOT, School

PORT = 8765
USUAL_SENDER = "cubic"
"""How most servers' TCP finds its speed. A system that does it otherwise is measured as well."""
KEY = PublisherKey.from_seed(b"bench link".ljust(32, b"."))
FULL_BYTES = 20_000_000
LEAST_USE = 0.95
SPREAD = 0.005
"""So much the same fetching differs from run to run under BBR."""
VIDEO_BYTES = 1_000_000
SMALL = Shape(1_000_000, 0.15)
LOSSY = Shape(1_000_000, 0.15, loss=0.01)
SLOW = Shape(256_000, 0.3)


class Village:
    """A school's data folder with packs, and a server on the far side of a link."""

    def __init__(self, folder: Path, size_bytes: int) -> None:
        self.folder = folder
        self.school = School(folder / "server")
        videos = size_bytes // VIDEO_BYTES
        # Text alone; text with short recordings; and videos.
        for at in range(20):
            self._build(f"text-{at:02}", 0)
        for at in range(videos * 3 // 10):
            self._build(f"sound-{at:02}", 80_000)
        for at in range(videos * 3 // 10):
            self._build(f"video-{at:02}", VIDEO_BYTES)
        self.school.publish(folder / "repository", KEY.public.key_id)
        self.one_file = f"objects/aa/{'a' * 64}"
        place = self.school.folder.repositories / KEY.public.key_id / self.one_file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(noise("one file", size_bytes))

    def _build(self, pack: str, video_bytes: int) -> None:
        source = self.folder / "source" / pack
        write_source(source, pack, video_bytes=video_bytes)
        build_pack(source, self.folder / "repository", KEY)

    @contextlib.contextmanager
    def behind(self, link: Link) -> Iterator[str]:
        """Run the server on the far host; gives its address."""
        options = ["--host", FAR, "--port", str(PORT), "--quiet"]
        command = [sys.executable, "-m", "sync_server", "run", "--data"]
        command += [str(self.folder / "server"), *options]
        with link.server(
            command, PORT, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ):
            yield f"http://{FAR}:{PORT}"

    def laptop(self, name: str, address: str) -> Laptop:
        """A new laptop of the school; call it on the near host."""
        shutil.rmtree(self.folder / name, ignore_errors=True)
        laptop = Laptop.open(self.folder / name)
        laptop.enrol(address, str(self.school.code(students=["Айгерім Т."]).code))
        return laptop


def lessons(village: Village, shape: Shape, sender: str) -> Dict[str, Any]:
    """Fetch all lessons over a link, by a sync of a laptop that has none."""
    with Link(shape, sender) as link, village.behind(link) as address:
        laptop = link.near.call(lambda: village.laptop("lessons", address))
        before, began_s = link.counts(), time.monotonic()
        account = link.near.call(laptop.sync)
        duration_s, after = time.monotonic() - began_s, link.counts()
        assert account.problem is None and not account.set_aside, account
        packs = village.folder / "lessons" / "packs"
        files = [one for one in packs.rglob("*") if one.is_file()]
        row = _row("Keruen: a sync", shape, duration_s, before, after)
        row.update({"requests": account.requests, "payload_bytes": account.received_bytes})
        assert sum(one.stat().st_size for one in files) > account.received_bytes * 0.9
        laptop.close()
        return row


def one_file(village: Village, shape: Shape, sender: str, size_bytes: int) -> Dict[str, Any]:
    """Fetch one file of that size with curl."""
    with Link(shape, sender) as link, village.behind(link) as address:
        url = f"{address}/repository/{KEY.public.key_id}/{village.one_file}"
        command = ["curl", "-sS", "--fail", "-o", str(village.folder / "one"), url]
        before, began_s = link.counts(), time.monotonic()
        assert link.near.call(lambda: subprocess.call(command)) == 0
        duration_s, after = time.monotonic() - began_s, link.counts()
        row = _row("curl: one file", shape, duration_s, before, after)
        return {**row, "requests": 1, "payload_bytes": size_bytes}


def _row(
    what: str, shape: Shape, duration_s: float, before: Sequence[Any], after: Sequence[Any]
) -> Dict[str, Any]:
    delivered_bytes = after[1].delivered_bytes - before[1].delivered_bytes
    return {
        "link": _name(shape),
        "what": what,
        "duration_s": round(duration_s, 2),
        "down_bytes": delivered_bytes,
        "up_bytes": after[0].delivered_bytes - before[0].delivered_bytes,
        "use": use_of(delivered_bytes, duration_s, shape),
    }


def _name(shape: Shape) -> str:
    text = f"{shape.down_bit_per_s / 1000:g} kbit/s, {2000 * shape.delay_s:g} ms"
    return text + (f", {100 * shape.loss:g} % loss" if shape.loss else "")


def answers(village: Village, shape: Shape, sender: str, count: int = 12) -> Dict[str, Any]:
    """Hand in answers while a video is on its way; measure until the school's receipt is here."""
    chance = random.Random(4)
    waits_s: List[float] = []
    with Link(shape, sender) as link, village.behind(link) as address:
        laptop = link.near.call(lambda: village.laptop("answers", address))
        before = link.counts()
        stop, began = threading.Event(), threading.Event()
        moved: List[int] = []

        def carry() -> None:
            def heard(progress: Any) -> None:
                moved.append(progress.done_bytes)
                if progress.sentence.key == "road.media" and progress.done_bytes > 100_000:
                    began.set()

            laptop.carry(heard, stop.is_set)

        laptop_carry = threading.Thread(target=carry)
        link.near.call(laptop.exchange)
        link.near.call(laptop_carry.start)
        assert began.wait(600), "no video began to come"
        began_s, person = time.monotonic(), laptop.people()[0].id
        for at in range(count):
            time.sleep(chance.uniform(2, 6))
            laptop.save_draft(person, "text-00", "meaning", "check", {"root": "abc"[at % 3]})
            laptop.hand_in(person, "text-00", "meaning", "check", _answers(at), "kk")
            handed_in_s = time.monotonic()
            account = link.near.call(laptop.exchange)
            waits_s.append(time.monotonic() - handed_in_s)
            assert account.problem is None and account.records_sent == 1, account
        duration_s, after = time.monotonic() - began_s, link.counts()
        assert laptop_carry.is_alive(), "the download ended before the answers were sent"
        stop.set()
        laptop_carry.join()
        laptop.close()
    row = _row("answers during a video", shape, duration_s, before, after)
    return {
        "link": row["link"],
        "what": row["what"],
        "times": count,
        "median_s": round(statistics.median(waits_s), 2),
        "worst_s": round(max(waits_s), 2),
    }


def _answers(at: int) -> Dict[str, Any]:
    return {**RIGHT_ANSWERS, "root": "abc"[at % 3], "why": noise(str(at), 60).hex()}


def main(size_bytes: int = FULL_BYTES, only: Optional[Sequence[str]] = None) -> int:
    """Measure, tell, and return 1 when a link is not used as it must be."""
    missing = obstacle()
    if missing:
        print(f"No link can be made here: {missing}.")
        return 0
    rows: List[Dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        village = Village(Path(name), size_bytes)
        for sender in dict.fromkeys((USUAL_SENDER, own_sender())):
            for act, run in _acts(village, sender, size_bytes).items():
                if only is None or act in only:
                    rows.append({"act": act, "sender": sender, **run()})
                    print(rows[-1], flush=True)
        village.school.close()
    _add_bounds(rows)
    tell("link", rows)
    by_sender = [[row for row in rows if row["sender"] == sender] for sender in _senders(rows)]
    return int(not all(_good({row["act"]: row for row in some}) for some in by_sender))


def _add_bounds(rows: Sequence[Dict[str, Any]]) -> None:
    """Note beside each sync what the sender of its server lets anybody use, if that is less."""
    for row in rows:
        if row["act"] == "lessons":
            bounds = [
                one["use"] - SPREAD
                for one in rows
                if (one["act"], one["sender"]) == ("file", row["sender"])
            ]
            row["wanted_use"] = min([LEAST_USE, *bounds])


def _senders(rows: Sequence[Dict[str, Any]]) -> List[str]:
    return list(dict.fromkeys(row["sender"] for row in rows))


def _acts(
    village: Village, sender: str, size_bytes: int
) -> Dict[str, Callable[[], Dict[str, Any]]]:
    return {
        "answers": lambda: answers(village, SLOW, sender),
        "lessons": lambda: lessons(village, SMALL, sender),
        "file": lambda: one_file(village, SMALL, sender, size_bytes),
        "lossy": lambda: lessons(village, LOSSY, sender),
        "lossy-file": lambda: one_file(village, LOSSY, sender, size_bytes),
    }


def _good(rows: Dict[str, Dict[str, Any]]) -> bool:
    """Whether what was measured is what a school was promised."""
    good = rows.get("answers", {}).get("worst_s", 0) < 3
    if "lessons" in rows:
        good = good and rows["lessons"]["use"] >= rows["lessons"]["wanted_use"]
    if "lossy" in rows and "lossy-file" in rows:
        ours, curls = (
            row["payload_bytes"] / row["duration_s"] for row in (rows["lossy"], rows["lossy-file"])
        )
        good = good and ours >= 0.95 * curls
    return good


if __name__ == "__main__":
    size = int(float(sys.argv[1]) * 1e6) if len(sys.argv) > 1 else FULL_BYTES
    raise SystemExit(main(size, sys.argv[2:] or None))
