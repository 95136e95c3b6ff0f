"""Peers that move one tree of files to another, each in its usual way; None where it is absent.

``bytes`` is what goes over the wire, without HTTP's headers where the peer uses HTTP.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import tarfile
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Optional, Sequence, Set, Tuple

_LOOK_S = 0.002


@dataclass(frozen=True)
class Cost:
    """Bytes to fetch, seconds to make and to apply, the most memory that applying took.

    That of a peer is its largest process' whole memory; ours is what is above the idle process.
    """

    bytes: int
    make_s: Optional[float] = None
    apply_s: Optional[float] = None
    memory_bytes: Optional[int] = None


def run(command: Sequence[str], cwd: Optional[Path] = None) -> Tuple[str, float, int]:
    """Output, seconds and highest memory in bytes of a programme that succeeds."""
    with tempfile.TemporaryFile("w+") as told:
        start_s = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, stdout=told, stderr=subprocess.STDOUT)
        memory_bytes = 0
        while process.poll() is None:
            memory_bytes = max(memory_bytes, *map(_peak_bytes, _family(process.pid)))
            time.sleep(_LOOK_S)
        seconds = time.perf_counter() - start_s
        told.seek(0)
        output = told.read()
    if process.returncode:
        raise RuntimeError(f"{command[0]}: {output[-400:]}")
    return output, seconds, memory_bytes


def _family(pid: int) -> Iterator[int]:
    """A process and those that it started (Linux)."""
    yield pid
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split():
            yield from _family(int(child))


def _peak_bytes(pid: int) -> int:
    """The most memory that a programme had so far.

    The kernel keeps it, so that looking now and then misses next to nothing. What wait4 tells would
    count the memory of whoever started the programme.
    """
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
        found = re.search(r"^VmHWM:\s+([0-9]+) kB", text, re.MULTILINE)
        return int(found[1]) * 1024 if found else 0
    return 0


def whole_files(old: Path, new: Path, _: Path) -> Cost:
    """Every changed file as it is."""
    return Cost(sum(len(data) for path, data in _tree(new).items() if _tree(old).get(path) != data))


def rsync(old: Path, new: Path, aside: Path) -> Cost:
    """rsync -z over a pipe, as over ssh without ssh's own bytes."""
    target = aside / "rsync"
    shutil.copytree(old, target)
    shell = aside / "shell"
    shell.write_text('#!/bin/sh\nshift\nexec "$@"\n', "ascii")
    shell.chmod(0o755)
    output, seconds, memory_bytes = run(
        ["rsync", "-rcz", "--delete", "--stats", "-e", str(shell), f"{new}/", f"host:{target}/"]
    )
    _expect(target, new)
    numbers = [
        int(re.sub(r"\D", "", found))
        for found in re.findall(r"Total bytes (?:sent|received): ([\d,.]+)", output)
    ]
    return Cost(sum(numbers), apply_s=seconds, memory_bytes=memory_bytes)


def casync(old: Path, new: Path, aside: Path) -> Cost:
    """casync with its usual chunks: the index, and the chunks that are new."""
    store, made = aside / "store", aside / "extracted"
    options = ["--without=all", "--with=symlinks", f"--store={store}"]
    seconds = 0.0
    before: Set[Path] = set()
    for name, tree in (("old", old), ("new", new)):
        before = {path for path in store.rglob("*") if path.is_file()}
        index = str(aside / f"{name}.caidx")
        _, seconds, _ = run(["casync", "make", *options, index, str(tree)])
    news = [path for path in store.rglob("*") if path.is_file() and path not in before]
    total_bytes = sum(path.stat().st_size for path in [*news, aside / "new.caidx"])
    _, apply_s, memory_bytes = run(
        ["casync", "extract", *options, str(aside / "new.caidx"), str(made)]
    )
    _expect(made, new)
    return Cost(total_bytes, seconds, apply_s, memory_bytes)


def bsdiff(old: Path, new: Path, aside: Path) -> Cost:
    """bsdiff between uncompressed tar files."""
    tars = _tars(old, new, aside)
    _, make_s, _ = run(["bsdiff", str(tars[0]), str(tars[1]), str(aside / "bsdiff")])
    _, apply_s, memory_bytes = run(
        ["bspatch", str(tars[0]), str(aside / "made.tar"), str(aside / "bsdiff")]
    )
    return Cost((aside / "bsdiff").stat().st_size, make_s, apply_s, memory_bytes)


def zsync(old: Path, new: Path, aside: Path, serve: Callable[[Path], object]) -> Cost:
    """zsync between uncompressed tar files on a web server: control file, and blocks by range."""
    site = aside / "zsync"
    site.mkdir()
    tars = _tars(old, new, aside)
    shutil.copyfile(tars[1], site / "new.tar")
    _, make_s, _ = run(["zsyncmake", "-u", "new.tar", "-o", "new.tar.zsync", "new.tar"], cwd=site)
    with serve(site) as proxy:  # type: ignore[attr-defined]
        url = f"{proxy.address}/new.tar.zsync"
        command = ["zsync", "-q", "-i", str(tars[0]), "-o", str(aside / "zsynced.tar"), url]
        _, apply_s, memory_bytes = run(command, cwd=aside)
        total_bytes = proxy.count.total_bytes
    if (aside / "zsynced.tar").read_bytes() != tars[1].read_bytes():
        raise RuntimeError("zsync made another file")
    return Cost(total_bytes, make_s, apply_s, memory_bytes)


def missing(*programmes: str) -> List[str]:
    """Those of the programmes that are not installed."""
    return [name for name in programmes if shutil.which(name) is None]


def _tars(old: Path, new: Path, aside: Path) -> Tuple[Path, Path]:
    made = (aside / "old.tar", aside / "new.tar")
    for path, tree in zip(made, (old, new)):
        if not path.exists():
            with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
                for name in sorted(_tree(tree)):
                    archive.add(tree / name, name, filter=_plain)
    return made


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mtime = member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _tree(folder: Path) -> Dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _expect(made: Path, wanted: Path) -> None:
    if _tree(made) != _tree(wanted):
        raise RuntimeError(f"{made.name} made other files")
