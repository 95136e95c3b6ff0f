"""What updates cost: our patches beside rsync -z, casync, zsync, bsdiff and fetching whole files.

Ours is counted on the wire between a laptop and a plain web server: catalogue, patch and media
patches, signatures and HTTP headers in both directions. Peers get the same two trees; their bytes
are without HTTP headers where they use HTTP, except zsync's, which are counted on the wire.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional

from content.building.builder import build_pack
from content.installation import Installation
from content.patches.patch import parse_patch
from content.patches.patch_set import PatchSet
from content.repositories.repository import Repository
from tests.bench import peers
from tests.bench.counting_proxy import CountingProxy
from tests.bench.patch_cases import Case, books, made, source
from tests.bench.peers import Cost
from tests.bench.table import tell
from tests.support.packs import KEY
from tests.support.static_site import StaticLaptop, nginx, port_of, static_site

PACK = "measured"
MAKE_LIMIT_S = 5.0
MAX_REQUESTS = 3
Row = Dict[str, Any]


def rows_of(case: Case, aside: Path) -> Iterator[Row]:
    """One row a way of updating."""
    yield from _ours(case, aside / "ours")
    ways: List[Any] = [
        ("rsync -z", peers.rsync, ["rsync"]),
        ("casync", peers.casync, ["casync"]),
        ("zsync", _zsync, ["zsync", "zsyncmake"]),
        ("bsdiff", peers.bsdiff, ["bsdiff", "bspatch"]),
        ("whole files", peers.whole_files, []),
    ]
    for name, measure, programmes in ways:
        place = aside / name.split()[0]
        place.mkdir(parents=True)
        row = _row(case, name, None)
        absent = peers.missing(*programmes) + (["nginx"] if name == "zsync" and not nginx() else [])
        if absent:
            row["note"] = f"absent: {', '.join(absent)}"
        else:
            row = _row(case, name, measure(case.old, case.new, place))
        shutil.rmtree(place)
        yield row


def _row(case: Case, way: str, cost: Optional[Cost], **more: Any) -> Row:
    memory = cost.memory_bytes if cost else None
    return {
        "case": case.name,
        "way": way,
        "bytes": cost.bytes if cost else None,
        "limit_bytes": None,
        "requests": None,
        "make_s": cost.make_s if cost else None,
        "apply_s": cost.apply_s if cost else None,
        "memory_mb": memory / 1e6 if memory is not None else None,
        "note": None,
        **more,
    }


def _zsync(old: Path, new: Path, aside: Path) -> Cost:
    @contextlib.contextmanager
    def serve(site: Path) -> Iterator[CountingProxy]:
        with contextlib.ExitStack() as stack:
            address = stack.enter_context(static_site(site, "x", aside / "nginx"))
            yield stack.enter_context(_Below(("127.0.0.1", port_of(address))))

    return peers.zsync(old, new, aside, serve)


class _Below(CountingProxy):
    @property
    def address(self) -> str:
        return f"{super().address}/repository/x"


def _ours(case: Case, aside: Path) -> Iterator[Row]:
    repository = Repository(aside / "repository")
    repository.folder.mkdir(parents=True)
    build_pack(source(case.old, aside / "source-1", 1), repository.folder, KEY)
    key_id = KEY.public.key_id
    laptop = StaticLaptop(aside / "laptop", KEY.public)
    with contextlib.ExitStack() as stack:
        site = static_site(repository.folder, key_id, aside / "nginx")
        target = ("127.0.0.1", port_of(stack.enter_context(site)))
        proxy = stack.enter_context(CountingProxy(target))
        _expect_done(laptop.update(proxy.address, repository))
        kept = aside / "kept"
        shutil.copytree(laptop.packs, kept, symlinks=True)
        publish_s, make_s = _publish(source(case.new, aside / "source-2", 2), repository)
        proxy.reset()
        start_s = time.perf_counter()
        _expect_done(laptop.update(proxy.address, repository))
        update_s = time.perf_counter() - start_s
        count = proxy.count
    laptop.close()
    installed = Installation(laptop.packs).find(PACK, 2)
    assert installed is not None
    assert not installed.problems() and not installed.missing_media
    patch_bytes = repository.patch_size(PACK, 1, 2)
    small = _in_a_process(
        "small", repository.patch_path(PACK, 1, 2), kept, kept / PACK / "1", KEY.public.to_text()
    )
    patch = Cost(patch_bytes, make_s, small["seconds"], int(small["memory_bytes"]))
    yield _row(
        case, "ours: the patch", patch, limit_bytes=case.patch_limit_bytes,
        note=f"publishing took {publish_s:.1f} s",
    )  # fmt: skip
    data = repository.patch_bytes(PACK, 1, 2)
    for one in parse_patch(data, "patch").media:
        manifest = installed.folder / ".keruen" / "manifest.json"
        old = kept / PACK / "1" / "lessons" / "book" / "video.mp4"
        packed = [repository.object_path(stored.sha256) for stored in one.objects]
        used = _in_a_process("media", old, manifest, aside / "part", *packed)
        cost = Cost(one.size_bytes, None, used["seconds"], int(used["memory_bytes"]))
        yield _row(case, "ours: the media patch", cost)
    whole = Cost(count.total_bytes, None, update_s)
    yield _row(
        case, "ours: all on the wire", whole,
        limit_bytes=case.update_limit_bytes, requests=count.requests,
    )  # fmt: skip


def _publish(folder: Path, repository: Repository) -> Any:
    """Seconds that publishing took, and seconds of those for the patches."""
    make: Callable[[PatchSet], Any] = PatchSet.make
    made_s = []

    def timed(patches: PatchSet) -> Any:
        start_s = time.perf_counter()
        found = make(patches)
        made_s.append(time.perf_counter() - start_s)
        return found

    PatchSet.make = timed  # type: ignore[method-assign]
    start_s = time.perf_counter()
    try:
        build_pack(folder, repository.folder, KEY)
    finally:
        PatchSet.make = make  # type: ignore[method-assign]
    return time.perf_counter() - start_s, made_s[0]


def _expect_done(delivery: Any) -> None:
    if delivery.problem or delivery.set_aside:
        raise RuntimeError(f"the update failed: {delivery.problem or delivery.set_aside}")


def _in_a_process(kind: str, *arguments: object) -> Dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.patch_process", kind, *map(str, arguments)]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, check=True)
    found: Dict[str, float] = json.loads(done.stdout)
    return found


def _is_over(row: Row) -> bool:
    """Tell whether a row breaks its limit; time has one only where bytes of a patch have."""
    if not row["limit_bytes"]:
        return False
    slow = row["way"] == "ours: the patch" and row["make_s"] >= MAKE_LIMIT_S
    return row["bytes"] > row["limit_bytes"] or (row["requests"] or 0) > MAX_REQUESTS or slow


def main() -> int:
    """Measure, tell, and return 1 when an update cost more than it may."""
    rows: List[Row] = []
    with tempfile.TemporaryDirectory() as name:
        aside = Path(name)
        cases = [*books(aside)]
        if not cases:
            print("No sample books are here: set KERUEN_DATA_SAMPLES to a folder that has them.")
        for number, case in enumerate([*cases, *made(aside)]):
            rows += rows_of(case, aside / str(number))
    tell("patches", rows)
    return int(any(map(_is_over, rows)))


if __name__ == "__main__":
    raise SystemExit(main())
