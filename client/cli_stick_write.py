"""The command ``keruen stick write``: puts packs of this laptop on one or several sticks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from client.laptop.account import Problem, SyncProgress
from client.laptop.errors import Fault
from client.laptop.laptop import Laptop
from client.laptop.problems import failure
from client.laptop.sticks.packing import ALL, PackOffer, Wishes, Written

CHOICES = ("all", "360p", "240p", "144p", "sound", "text")
"""How much of a pack goes along (`content.carrying.CHOICES`)."""


def add_write_parser(actions: Any) -> None:
    """Describe the command."""
    parser = actions.add_parser("write", help="put lessons of this laptop on sticks, all at once")
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="where a stick is in: a drive or folder"
    )
    parser.add_argument(
        "--pack", action="append", default=[], help="a pack to carry; several times for several"
    )
    parser.add_argument(
        "--grade", action="append", type=int, default=[], help="all packs of a class"
    )
    parser.add_argument(
        "--media",
        choices=CHOICES,
        default=ALL,
        help="how much of them: with all videos (usual), one rendition, sound or text only",
    )


def run_write(
    laptop: Laptop, options: argparse.Namespace
) -> Tuple[Dict[str, Any], Optional[Problem]]:
    """Write the sticks; return what was done, and the first problem of one that failed.

    Without ``--pack`` and ``--grade`` each stick gets all packs. Raises LaptopError
    ``pack-missing``: then nothing is written.
    """
    offers = laptop.sticks.offers()
    wishes = Wishes(dict.fromkeys(_keys(offers, options), options.media))
    ended: Dict[Path, Written] = {}
    roots = list(dict.fromkeys(options.paths))
    laptop.sticks.write(roots, wishes, _unheard, _never, ended.__setitem__)
    sticks = [_stick(root, ended[root]) for root in roots]
    problems = [one.problem for one in (ended[root] for root in roots) if one.problem]
    return {"sticks": sticks}, problems[0] if problems else None


def _unheard(_: Path, __: SyncProgress) -> None:
    return None


def _never(_: Path) -> bool:
    return False


def _keys(offers: Iterable[PackOffer], options: argparse.Namespace) -> List[str]:
    offers = list(offers)
    packs = {one.pack for one in offers}
    for pack in options.pack:
        if pack not in packs:
            raise failure("pack-missing", Fault.YOUR_DATA, pack, pack)
    everything = not options.pack and not options.grade
    return [
        one.key
        for one in offers
        if everything or one.pack in options.pack or one.grade in options.grade
    ]


def _stick(root: Path, written: Written) -> Mapping[str, Any]:
    return {
        "path": str(root),
        "packs": list(written.packs),
        "size_bytes": written.size_bytes,
        "written_bytes": written.written_bytes,
        "duration_s": round(written.duration_s, 1),
        "problem": written.problem,
        "set_aside": list(written.set_aside),
    }
