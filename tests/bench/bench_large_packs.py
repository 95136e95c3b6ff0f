"""Large packs: the memory of patching a 1 GB video, the speed of verifying, publishing once more.

The peer of verifying is ``sha256sum`` on the same file. ``KERUEN_BENCH_MB`` makes all of it smaller
than the 1,000 MB of the whole measurement (publishing takes half of that).
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
from typing import Any, Dict, List

from content.building.builder import build_pack
from content.installation import Installation
from content.patches.media_maker import make_media_patch
from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from tests.bench.table import tell
from tests.support.packs import KEY, TRUSTED, write_source

MEMORY_LIMIT_MB = 60.0
VERIFY_LIMIT = 0.7
AGAIN_LIMIT = 0.1
ROOT = Path(__file__).resolve().parents[2]
Row = Dict[str, Any]


def _process(*arguments: object) -> Dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.patch_process", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: Dict[str, float] = json.loads(done.stdout)
    return found


def _write_noise(path: Path, size_bytes: int, start: bytes = b"") -> None:
    with path.open("wb") as file:
        file.write(start)
        for _ in range(-(-size_bytes // (1 << 20))):
            file.write(os.urandom(1 << 20))


def _row(what: str, value: float, unit: str, limit: str, good: bool) -> Row:
    return {"what": what, "value": value, "unit": unit, "limit": limit, "good": good}


def measure_video(aside: Path, size_bytes: int) -> List[Row]:
    """A large video whose beginning was cut off, and one second in the middle changed."""
    sources = {1: write_source(aside / "s1", version=1), 2: aside / "s2"}
    video = Path("lessons") / "meaning" / "video.mp4"
    _write_noise(sources[1] / video, size_bytes)
    shutil.copytree(sources[1], sources[2])
    with (sources[1] / video).open("rb") as old, (sources[2] / video).open("wb") as new:
        old.seek(30_000_000 * size_bytes // 10**9)
        shutil.copyfileobj(old, new, 1 << 20)
        new.seek(new.tell() // 2)
        new.write(os.urandom(20_000))
    start_s = time.perf_counter()
    old_path, new_path = sources[1] / video, sources[2] / video
    patches = make_media_patch(old_path, new_path, aside / "patch")
    make_s = time.perf_counter() - start_s
    table = sources[2] / "pack.toml"
    table.write_text(table.read_text("utf-8").replace("version = 1", "version = 2"), "utf-8")
    manifest = build_pack(sources[2], aside / "repository", KEY)
    (aside / "manifest.json").write_bytes(manifest.to_bytes())
    used = _process("media", old_path, aside / "manifest.json", aside / "part", *patches)
    assert (aside / "part").stat().st_size == new_path.stat().st_size
    (aside / "part").unlink()
    memory_mb = used["memory_bytes"] / 1e6
    share = sum(one.stat().st_size for one in patches) / new_path.stat().st_size
    rows = [
        _row("media patch: share of the video", 100 * share, "%", "1", share < 0.01),
        _row("media patch: made in", make_s, "s", "", True),
        _row("media patch: applied in", used["seconds"], "s", "", True),
        _row(
            "media patch: memory above idle", memory_mb, "MB", f"{MEMORY_LIMIT_MB:g}",
            memory_mb <= MEMORY_LIMIT_MB,
        ),
    ]  # fmt: skip
    return rows + measure_verifying(aside)


def measure_verifying(aside: Path) -> List[Row]:
    """A pack on a laptop's disk, and the repository, each beside ``sha256sum`` on the video."""
    repository = Repository(aside / "repository")
    manifest = repository.manifest("equations", 2, TRUSTED)
    core = repository.object_path(manifest.core.object).read_bytes()
    staging = Installation(aside / "packs").begin(manifest)
    staging.put_core(core)
    video = repository.object_path(manifest.media[0].sha256)
    os.link(video, staging.media_path(manifest.media[0]))
    installed = staging.finish()
    start_s = time.perf_counter()
    subprocess.run(["sha256sum", str(video)], stdout=subprocess.DEVNULL, check=True)
    peer_s = time.perf_counter() - start_s
    used = _process("verify", installed.folder)
    start_s = time.perf_counter()
    assert verify_repository(repository, TRUSTED) == ()
    repository_s = time.perf_counter() - start_s
    rows = []
    for what, seconds in (("pack on disk", used["seconds"]), ("repository", repository_s)):
        speed = peer_s / seconds
        good = speed >= VERIFY_LIMIT
        rows.append(
            _row(f"verify a {what}: of sha256sum's speed", 100 * speed, "%", "at least 70", good)
        )
    memory_mb = used["memory_bytes"] / 1e6
    good = memory_mb < MEMORY_LIMIT_MB
    return [*rows, _row("verify a pack on disk: memory above idle", memory_mb, "MB", "", good)]


def measure_pictures(aside: Path) -> List[Row]:
    """A pack of 300 pictures of which half are replaced by others."""
    repository = aside / "repository"
    source = write_source(aside / "source", video_bytes=1_000)
    lesson = source / "lessons" / "meaning"
    for version in (1, 2):
        for number in range(300 // version):
            (lesson / f"picture-{number}.png").write_bytes(os.urandom(140_000))
        table = source / "pack.toml"
        text = table.read_text("utf-8").replace("version = 1", f"version = {version}")
        table.write_text(text, "utf-8")
        manifest = build_pack(source, repository, KEY)
        if version == 1:
            core = Repository(repository).object_path(manifest.core.object).read_bytes()
            staging = Installation(aside / "packs").begin(manifest)
            staging.put_core(core)
            installed = staging.finish()
    patch = Repository(repository).patch_path("equations", 1, 2)
    used = _process("small", patch, aside / "packs", installed.folder, KEY.public.to_text())
    memory_mb = used["memory_bytes"] / 1e6
    good = memory_mb <= MEMORY_LIMIT_MB
    size_mb = patch.stat().st_size / 1e6
    what = f"patch of {size_mb:.0f} MB: memory above idle"
    return [_row(what, memory_mb, "MB", f"{MEMORY_LIMIT_MB:g}", good)]


def measure_publishing(aside: Path, size_bytes: int) -> List[Row]:
    """Ten videos and some pictures; then one text changed."""
    source = write_source(aside / "source")
    lesson = source / "lessons" / "meaning"
    for number in range(10):
        _write_noise(lesson / f"film-{number}.mp4", size_bytes // 10)
    for number in range(100):
        (lesson / f"picture-{number}.png").write_bytes(os.urandom(100_000))
    # A file that was written just now is not believed to stay as it is.
    time.sleep(2.5)
    seconds = []
    for version in (1, 2):
        table = source / "pack.toml"
        text = table.read_text("utf-8").replace("version = 1", f"version = {version}")
        table.write_text(text, "utf-8")
        (lesson / "text.ru.md").write_text(f"# {version}\n", "utf-8")
        start_s = time.perf_counter()
        build_pack(source, aside / "published", KEY, cache=aside / "cache")
        seconds.append(time.perf_counter() - start_s)
    share = seconds[1] / seconds[0]
    return [
        _row("publish for the first time", seconds[0], "s", "", True),
        _row("publish with one text changed", seconds[1], "s", "", True),
        _row("publish with one text changed", 100 * share, "%", "10", share < AGAIN_LIMIT),
    ]


def main() -> int:
    """Measure, tell, and return 1 when a limit does not hold."""
    size_bytes = int(os.environ.get("KERUEN_BENCH_MB", "1000")) * 10**6
    rows: List[Row] = []
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "video").mkdir()
        rows += measure_video(Path(name) / "video", size_bytes)
        shutil.rmtree(Path(name) / "video")
        (Path(name) / "pictures").mkdir()
        rows += measure_pictures(Path(name) / "pictures")
        (Path(name) / "publish").mkdir()
        rows += measure_publishing(Path(name) / "publish", size_bytes // 2)
    tell("large_packs", rows)
    return int(not all(row["good"] for row in rows))


if __name__ == "__main__":
    raise SystemExit(main())
