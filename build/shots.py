"""Render every screen offscreen, in three sizes and three languages, into ``shots/``.

Started by ``python3 build shots [NAME...] [--scale 1.3] [--look dark]``; with ``--docs`` it makes
the pictures of the docs' pages instead, one size in each of the three languages. The laptop shown
is the tests' showcase; nothing is read from or written to a real one. What the critic of the tests
finds is printed, and makes the command fail.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import Iterator, List, Mapping, Optional, Sequence, Tuple

from client.messages import LANGUAGES
from client.theme.tokens import SETS
from tests.support.screens import SIZES, Finding, Stage, stage
from tests.support.stops import STOPS, arrive, built, laptop_for

FOLDER = Path(__file__).resolve().parents[1] / "shots"
DOCS = Path(__file__).resolve().parents[1] / "docs" / "pictures"
PAGES: Mapping[str, Mapping[str, str]] = {
    "sticks": {
        "offered": "today-stick",
        "done": "sticks-done",
        "writing": "packing-two",
        "joining": "enrol-stick",
    },
}
"""Page of the docs -> name of a picture -> the stop it shows."""


def take(
    name: str, scratch: Path, scale: float, look: str, sizes: Sequence[Tuple[int, int]] = SIZES
) -> Iterator[Tuple[str, Stage]]:
    """Yield (file name, stage) for each size and language of a stop, ready to be drawn."""
    stop = STOPS[name]
    here = stage(laptop_for(stop, scratch / name))
    try:
        if look != "light":
            here.app.set_appearance(look)
        if scale > 1:
            here.app.set_text_scale(scale)
        for size in sizes:
            here.resize(size)
            for language in LANGUAGES:
                while here.app.somebody:
                    here.app.sign_out()
                here.app.set_language(language)
                arrive(here, stop)
                yield "{}-{}x{}-{}.png".format(name, *size, language), here
    finally:
        here.close()


def shots(names: Sequence[str], folder: Path, scale: float, look: str) -> List[str]:
    """Write the pictures; return what the critic found, a line each."""
    found: List[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            for file, here in take(name, Path(scratch), scale, look):
                here.shot(folder / file)
                found += [_line(file, finding) for finding in here.findings()]
            print(f"{name}: {folder}", flush=True)
    return found


def doc_pictures(page: str, folder: Path) -> List[str]:
    """Write the pictures of a page of the docs; return what the critic found."""
    from build.small_png import make_small

    found: List[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        for name, stop in PAGES[page].items():
            for file, here in take(stop, Path(scratch), 1.0, "light", SIZES[:1]):
                path = folder / page / "{}-{}.png".format(name, Path(file).stem.rpartition("-")[2])
                here.shot(path)
                make_small(path)
                found += [_line(str(path), finding) for finding in here.findings()]
    print(f"{page}: {folder / page}", flush=True)
    return found


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the command; 1 when something is cut, overlapping or outside of the window."""
    parser = argparse.ArgumentParser(prog="build shots", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(STOPS))
    parser.add_argument("--scale", type=float, default=1.0, help="size of text (1 to 2)")
    parser.add_argument("--look", choices=list(SETS), default="light", help="set of colours")
    parser.add_argument("--folder", type=Path, help="where to; usually shots, or docs/pictures")
    parser.add_argument("--docs", action="store_true", help="the pictures of the docs' pages")
    options = parser.parse_args(arguments)
    if options.docs:
        return _told([one for page in PAGES for one in doc_pictures(page, options.folder or DOCS)])
    folder = options.folder or FOLDER
    unknown = sorted(set(options.names) - set(STOPS))
    if unknown:
        parser.error("no such screen: {}".format(", ".join(unknown)))
    names = options.names or [name for name in STOPS if built(name)]
    if not options.names:
        shutil.rmtree(folder, ignore_errors=True)
    return _told(shots(names, folder, options.scale, options.look))


def _told(found: Sequence[str]) -> int:
    print("\n".join(found) or "nothing cut, overlapping or outside of the window")
    return 1 if found else 0


def _line(file: str, finding: Finding) -> str:
    return f"{file}: {finding.what}: {finding.widget}"


if __name__ == "__main__":
    raise SystemExit(main())
