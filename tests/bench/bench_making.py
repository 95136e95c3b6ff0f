"""From a teacher's folder to a pack: the first time, the second, and after one subtitle changed.

The folder is what ``tests.support.teachers_folder`` makes: an hour of video in 20 files, 5 DOCX,
3 PPTX, a PDF and 200 questions in GIFT. Beside it stands the least that the first time can cost on
this machine in this run: decoding the same hour once, with as many processes as there are cores.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Dict, List

from content.authoring.making import Options, make_pack
from content.authoring.scan import scan
from content.trust.keys import PublisherKey
from tests.bench.table import tell
from tests.support.teachers_folder import write_folder

_NAME = "Математика 6-сынып"


def main() -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="bench making")
    parser.add_argument("--videos", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=180, help="of each video")
    parser.add_argument("--renditions", default="audio,144p,240p,360p")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as base:
        tell("making", _measured(Path(base), chosen))
    return 0


def _measured(base: Path, chosen: argparse.Namespace) -> List[Dict[str, Any]]:
    folder = write_folder(base / _NAME, chosen.videos, chosen.seconds, 5, 3, 200)
    options = Options(tuple(chosen.renditions.split(",")))
    rows = [_timed("the first time", base, folder, options)]
    rows.append(_timed("again, nothing changed", base, folder, options))
    subtitles = sorted(folder.glob("*.srt"))[3]
    text = subtitles.read_bytes().decode("utf-16").replace("1-сөйлем", "бірінші сөйлем")
    subtitles.write_bytes(text.encode("utf-16"))
    rows.append(_timed("one subtitle changed", base, folder, options))
    rows.append({"what": "decoding the videos once", "seconds": _decoding(folder)})
    first_s = rows[0]["seconds"]
    return [{**row, "% of the first": 100 * row["seconds"] / first_s} for row in rows]


def _timed(what: str, base: Path, folder: Path, options: Options) -> Dict[str, Any]:
    key = PublisherKey.from_seed(bytes(range(32)))
    started_s = time.monotonic()
    found = scan(folder)
    report, manifest = make_pack(
        found, folder.name, base / "work", base / "repository", key, options
    )
    return {
        "what": what,
        "seconds": time.monotonic() - started_s,
        "files": len(found.found),
        "made": report.made,
        "kept": report.kept,
        "written": report.touched,
        "version": manifest.version,
        "pack MB": manifest.size_bytes / 1e6,
        "lessons": len(report.lessons),
    }


def _decoding(folder: Path) -> float:
    started_s = time.monotonic()
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        list(pool.map(_decoded, sorted(folder.glob("*.mp4"))))
    return time.monotonic() - started_s


def _decoded(path: Path) -> int:
    import av

    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0, audio=0))


if __name__ == "__main__":
    raise SystemExit(main())
