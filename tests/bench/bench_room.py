"""What a live lesson notices of a laptop that fetches videos over the same link.

Somebody on the laptop's side asks for 2 KB four times a second, about what a voice needs; meanwhile
a laptop fetches videos: not at all (the bound), as fast as it can, with room left for a lesson, and
at a fixed rate. Told are the lesson's waits, what the laptop got, and what it took the link for.
"""

from __future__ import annotations

import http.client
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Dict, List, Optional

from client.laptop.laptop import Laptop
from sync.link.rules import LinkRules
from tests.bench.bench_link import KEY, PORT, Village
from tests.bench.table import tell
from tests.support.link import FAR, Link, obstacle
from tests.support.link_shape import Shape
from tests.support.pack_source import noise

SHAPES = (Shape(1_000_000, 0.05), Shape(256_000, 0.3))
RULES: Dict[str, Optional[LinkRules]] = {
    "nothing": None,
    "as fast as it can": LinkRules(),
    "room for a lesson": LinkRules(leave_room=True),
    "128 kbit/s": LinkRules(rate_bytes_per_s=16_000),
}
DURATION_S = 70.0
VOICE_BYTES, VOICE_EVERY_S = 2000, 0.25
VIDEOS_BYTES = 14_000_000


class Voice(threading.Thread):
    """Somebody in a live lesson: asks, and notes how long each answer took."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.waits_s: List[float] = []
        self.over = threading.Event()

    def run(self) -> None:
        """Ask until it is over."""
        connection = http.client.HTTPConnection(FAR, PORT, timeout=60)
        while not self.over.is_set():
            began_s = time.monotonic()
            connection.request("GET", f"/repository/{KEY.public.key_id}/{_VOICE}")
            assert len(connection.getresponse().read()) == VOICE_BYTES
            self.waits_s.append(time.monotonic() - began_s)
            time.sleep(max(0.0, VOICE_EVERY_S - self.waits_s[-1]))
        connection.close()


_VOICE = f"objects/bb/{'b' * 64}"


def lesson(village: Village, shape: Shape, name: str) -> Dict[str, Any]:
    """Hold a lesson of ``DURATION_S`` while a laptop does what ``RULES`` say."""
    rules = RULES[name]
    with Link(shape) as link, village.behind(link) as address:
        laptop = link.near.call(lambda: village.laptop("room", address))
        link.near.call(laptop.exchange)
        laptop.link.set_rules(rules or LinkRules())
        voice, began_s = Voice(), time.monotonic()
        link.near.call(voice.start)
        received_bytes = link.near.call(lambda: _fetch(laptop, began_s, rules is not None))
        duration_s = time.monotonic() - began_s
        voice.over.set()
        voice.join()
        rate = laptop.link.measure.bytes_per_s
        laptop.close()
    waits_ms = sorted(1000 * wait_s for wait_s in voice.waits_s)
    return {
        "link": f"{shape.down_bit_per_s / 1000:g} kbit/s, {2000 * shape.delay_s:g} ms",
        "laptop fetches": name,
        "kbit_per_s": round(received_bytes * 8 / duration_s / 1000),
        "measured_kbit_per_s": round(rate * 8 / 1000) or None,
        "lesson_median_ms": round(statistics.median(waits_ms)),
        "lesson_95th_ms": round(waits_ms[int(len(waits_ms) * 0.95)]),
        "lesson_worst_ms": round(waits_ms[-1]),
    }


def _fetch(laptop: Laptop, began_s: float, fetching: bool) -> int:
    if fetching:
        return laptop.carry(cancel=lambda: time.monotonic() - began_s > DURATION_S).received_bytes
    time.sleep(DURATION_S / 2)
    return 0


def main() -> int:
    """Measure and tell."""
    missing = obstacle()
    if missing:
        print(f"No link can be made here: {missing}.")
        return 0
    rows: List[Dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        village = Village(Path(name), VIDEOS_BYTES)
        repository = village.school.folder.repositories / KEY.public.key_id
        (repository / _VOICE).parent.mkdir(parents=True, exist_ok=True)
        (repository / _VOICE).write_bytes(noise("voice", VOICE_BYTES))
        for shape in SHAPES:
            for rules in RULES:
                rows.append(lesson(village, shape, rules))
                print(rows[-1], flush=True)
        village.school.close()
    tell("room", rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
