"""Peers that move one tree of files to another, each in its usual way; None where it is absent.

``bytes`` is what goes over the wire, without HTTP's headers where the peer uses HTTP.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence, Set, Tuple


@dataclass(frozen=True)
class Cost:
    """Bytes to fetch, seconds to make and to apply, the most memory applying took."""

    bytes: int
    make_s: Optional[float] = None
    apply_s: Optional[float] = None
    memory_bytes: Optional[int] = None


_SMALL_PARENT = """
import resource, subprocess, sys, time
start = time.perf_counter()
status = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w") as told:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(time.perf_counter() - start, usage.ru_maxrss * 1024, file=told)
sys.exit(status)
"""
"""Linux counts a parent's memory as its child's until the child is another programme."""


def run(command: Sequence[str], cwd: Optional[Path] = None) -> Tuple[str, float, int]:
    """Output, seconds and highest memory in bytes (10 MB at least) of a programme that succeeds."""
    with tempfile.NamedTemporaryFile("r") as told:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _SMALL_PARENT, told.name, *command],
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stdout[-400:]}")
        seconds, memory_bytes = told.read().split()
    return done.stdout, float(seconds), int(memory_bytes)


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
