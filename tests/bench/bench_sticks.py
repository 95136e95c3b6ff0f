"""Sticks: writing 2 GB beside ``cp`` and ``sync``, verified reading beside ``sha256sum``, updates.

``KERUEN_BENCH_MB`` makes the pack smaller than the 2,000 MB of the whole measurement;
``KERUEN_BENCH_STICK`` is a folder of the file system to write to, such as a real stick's, instead
of this machine's disk. Both sides of a comparison run by turns, and the best of each counts: what
else the machine does meanwhile slows either.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

from client.laptop.laptop import Laptop
from client.laptop.syncing.supply import Supply
from content.building.builder import build_pack
from content.carrying import plan_from_repository, serials, superfluous
from sync.roads.stick import StickRoad
from sync.sticks.laying import lay
from sync.sticks.marker import make_stick
from sync_server.lessons.publishing import publish
from tests.bench.table import tell
from tests.support.pack_source import PACK, noise
from tests.support.pack_source import write_source as write_lessons
from tests.support.packs import KEY, write_source
from tests.support.school import ADDRESS, MemoryRoad, School

ROOT = Path(__file__).resolve().parents[2]
SPEED_LIMIT = 0.8
MEMORY_LIMIT_MB = 60.0
LOOK_LIMIT_S = 1.0
VIDEO_BYTES = 50_000_000
TURNS = 5
LAPTOPS = 30
SLACK_BYTES = 4096
Row = Dict[str, Any]


def _process(kind: str, repository: Path, stick: Path) -> Dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.stick_process", kind, str(repository), str(stick)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: Dict[str, float] = json.loads(done.stdout)
    return found


def _row(what: str, value: float, unit: str, limit: str, good: bool) -> Row:
    return {"what": what, "value": value, "unit": unit, "limit": limit, "good": good}


def _second(what: str, seconds: float) -> Row:
    return _row(what, seconds, "s", f"<= {LOOK_LIMIT_S}", seconds <= LOOK_LIMIT_S)


def large_repository(aside: Path, size_bytes: int) -> Path:
    """A published pack of videos of 50 MB each."""
    source = write_source(aside / "source", "films", 1, 1000)
    lesson = source / "lessons" / "meaning"
    for number in range(max(1, size_bytes // VIDEO_BYTES)):
        with (lesson / f"film-{number:03d}.mp4").open("wb") as file:
            for _ in range(VIDEO_BYTES // 1_000_000):
                file.write(os.urandom(1_000_000))
    build_pack(source, aside / "repository", KEY)
    shutil.rmtree(source)
    return aside / "repository"


def _seconds(do: Callable[[], object]) -> float:
    start_s = time.perf_counter()
    do()
    return time.perf_counter() - start_s


def _copied(repository: Path, stick: Path) -> float:
    """Seconds of cp and sync, to an empty folder."""
    target = stick / "copied"
    shutil.rmtree(target, ignore_errors=True)
    os.sync()

    def work() -> None:
        subprocess.run(["cp", "-r", str(repository / "objects"), str(target)], check=True)
        subprocess.run(["sync", "-f", str(target)], check=True)

    return _seconds(work)


def _summed(folder: Path) -> float:
    """Seconds of sha256sum."""
    files = [str(path) for path in folder.rglob("*") if path.is_file()]
    command = ["sha256sum", *files]
    return _seconds(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True))


def measure_speed(aside: Path, stick: Path, size_bytes: int) -> List[Row]:
    """Writing and reading the same pack, ours and the system's tools by turns."""
    repository = large_repository(aside, size_bytes)
    objects_bytes = sum(one.stat().st_size for one in (repository / "objects").glob("*/*"))
    copy_s: List[float] = []
    write_s: List[float] = []
    sum_s: List[float] = []
    read_s: List[float] = []
    memory_mb: List[float] = []
    for _ in range(TURNS):
        shutil.rmtree(stick / "KERUEN", ignore_errors=True)
        copy_s.append(_copied(repository, stick))
        sum_s.append(_summed(stick / "copied"))
        shutil.rmtree(stick / "copied")
        os.sync()
        for kind, seconds in (("write", write_s), ("read", read_s)):
            done = _process(kind, repository, stick)
            seconds.append(done["seconds"])
            memory_mb.append(done["memory_bytes"] / 1e6)
    look_s = min(_process("look", repository, stick)["seconds"] for _ in range(TURNS))
    megabytes = objects_bytes / 1e6
    wrote, read = min(copy_s) / min(write_s), min(sum_s) / min(read_s)
    bound = f">= {SPEED_LIMIT:.0%}"
    return [
        _row("cp and sync", megabytes / min(copy_s), "MB/s", "", True),
        _row("writing a stick", megabytes / min(write_s), "MB/s", "", True),
        _row("writing beside cp and sync", wrote, "times", bound, wrote >= SPEED_LIMIT),
        _row("sha256sum", megabytes / min(sum_s), "MB/s", "", True),
        _row("verified reading", megabytes / min(read_s), "MB/s", "", True),
        _row("reading beside sha256sum", read, "times", bound, read >= SPEED_LIMIT),
        _row(
            "most memory of writing or reading",
            max(memory_mb),
            "MB",
            f"<= {MEMORY_LIMIT_MB:.0f}",
            max(memory_mb) <= MEMORY_LIMIT_MB,
        ),
        _row(
            "writing when nothing is new", look_s, "s", f"<= {LOOK_LIMIT_S}", look_s <= LOOK_LIMIT_S
        ),
        *measure_taking(aside, stick, repository),
    ]


def measure_taking(aside: Path, stick: Path, repository: Path) -> List[Row]:
    """A laptop that takes the whole pack, and comes again when nothing is new."""
    school = School(aside / "school")
    school.publisher, school.key_id = KEY, KEY.public.key_id
    place = school.data.repositories / KEY.public.key_id
    place.parent.mkdir(parents=True, exist_ok=True)
    repository.rename(place)
    publish(school.store, school.data.repositories, place, KEY.public.key_id)
    laptop = _laptop(school, aside / "laptop", 0)
    road, first_s = _visit(laptop, stick)
    _, again_s = _visit(laptop, stick)
    laptop.close()
    school.close()
    shutil.rmtree(aside / "laptop")
    return [
        _row("a laptop takes it all", road.received_bytes / 1e6 / first_s, "MB/s", "", True),
        _second("it comes again, nothing is new", again_s),
    ]


def _laptop(school: School, folder: Path, number: int) -> Laptop:
    laptop = Laptop.open(folder, None, MemoryRoad(school))
    laptop.enrol(ADDRESS, school.code((f"Pupil {number}",)))
    laptop.exchange()
    return laptop


def _visit(laptop: Laptop, stick: Path) -> Tuple[StickRoad, float]:
    """Take from a stick what is new; the lessons' part of a visit."""
    start_s = time.perf_counter()
    road = StickRoad(make_stick(stick))
    supply = Supply(laptop.store, laptop.library, road, lambda _: None, lambda: False, partial=True)
    delivery = supply.run(serials(road.shelf))
    assert delivery.problem is None and not delivery.set_aside, delivery
    return road, time.perf_counter() - start_s


def measure_updates(aside: Path, stick: Path) -> List[Row]:
    """Texts change and one of three videos: what 30 laptops read, what is written for them."""
    school = School(aside / "school-of-30")
    school.publish(video_bytes=3_000_000)
    volume = make_stick(stick)
    _laid(school, volume)
    laptops = [_laptop(school, aside / f"laptop-{number}", number) for number in range(LAPTOPS)]
    for laptop in laptops:
        _visit(laptop, stick)
    changed_bytes = _publish_changes(school)
    written_bytes = _laid(school, volume)
    catalogue_bytes = (school.repository.folder / "catalogue").stat().st_size
    manifest_bytes = len(school.repository.manifest_bytes(PACK, 2))
    core = school.repository.manifest(PACK, 2, school.repository.trusted_keys()).core
    patch_bytes = school.repository.patch_size(PACK, 1, 2)
    must_write = changed_bytes + catalogue_bytes + manifest_bytes + core.size_bytes
    read, seconds = [], []
    for laptop in laptops:
        road, _ = _visit(laptop, stick)
        assert laptop.library.current() == {PACK: 2}
        read.append(road.received_bytes)
        seconds.append(_visit(laptop, stick)[1])
        laptop.close()
    school.close()
    must_read = changed_bytes + catalogue_bytes + patch_bytes
    return [
        _written_row("written for an update", written_bytes, must_write + patch_bytes),
        _written_row("read by the laptop that read most", max(read), must_read),
        _row(
            "slowest second visit of 30", max(seconds), "s", f"<= {LOOK_LIMIT_S}", max(seconds) <= 1
        ),
    ]


def _written_row(what: str, size_bytes: int, bound_bytes: int) -> Row:
    limit = f"<= {bound_bytes + SLACK_BYTES}: what changed"
    return _row(what, size_bytes, "bytes", limit, size_bytes <= bound_bytes + SLACK_BYTES)


def _publish_changes(school: School) -> int:
    """A sentence more in each text, and another video in one lesson; returns that video's bytes."""
    place = school.folder / "sources" / "second"
    write_lessons(place, PACK, 2, note="A sentence more.", video_bytes=3_000_000)
    video = noise("another", 2_500_000)
    (place / "lessons" / "solving" / "video.mp4").write_bytes(video)
    school.publish_folder(place)
    return len(video)


def _laid(school: School, volume: Any) -> int:
    shelf = StickRoad(volume).shelf
    trusted = school.repository.trusted_keys()
    plan = plan_from_repository(school.repository, trusted, {PACK: "all"}, shelf=shelf)
    return lay(volume, plan.files, superfluous(shelf, plan)).written_bytes


def main() -> int:
    """Measure all, tell it."""
    size_bytes = int(os.environ.get("KERUEN_BENCH_MB", "2000")) * 1_000_000
    place = os.environ.get("KERUEN_BENCH_STICK")
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory(dir=place) as top:
        aside = Path(name)
        small, large = Path(top) / "small", Path(top) / "large"
        for folder in (small, large):
            folder.mkdir()
        rows = [*measure_speed(aside, large, size_bytes), *measure_updates(aside, small)]
    tell("sticks", rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
