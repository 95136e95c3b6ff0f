"""``python3 build demo``: the whole road once, in a window, or offscreen with an account of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Optional, Sequence

from build.paths import ROOT
from build.project import has_display
from client.messages import LANGUAGES

FOLDER = ROOT / "demo"


def parser() -> argparse.ArgumentParser:
    """Return the parser of ``python3 build demo``."""
    made = argparse.ArgumentParser(prog="python3 build demo", description=__doc__)
    made.add_argument("--headless", action="store_true", help="walk offscreen even with a display")
    made.add_argument(
        "--stick", action="store_true", help="walk the circle by USB stick, offscreen: no network"
    )
    made.add_argument("--language", choices=LANGUAGES, default="kk", help="of the screens")
    made.add_argument("--folder", type=Path, default=FOLDER, help="made anew (default: demo/)")
    return made


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the demo; 0 when every station was passed."""
    options = parser().parse_args(arguments)
    folder = options.folder.resolve()
    if options.stick:
        from build.demo.headless import walk_by_stick

        return walk_by_stick(folder, options.language)
    if options.headless or not has_display():
        from build.demo.headless import walk_offscreen

        return walk_offscreen(folder, options.language)
    from build.demo.window import open_window

    return open_window(folder, options.language)


if __name__ == "__main__":
    sys.exit(main())
