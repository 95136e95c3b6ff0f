"""Which folder a laptop's data lie in now, and who says so.

In this order: the command line, the environment, the mark of a portable programme beside it, what
was said when data were moved, the usual place of the system. A place that is known but away (a disk
that is not plugged in) is an error: an empty laptop in its stead would look as if all were lost.
"""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Callable, Iterable, List, Mapping, NamedTuple, Optional

from client.data import pointer
from client.data.portable import portable_data
from client.folders import VARIABLE, data_folder
from client.laptop.errors import Fault
from client.laptop.problems import failure
from client.laptop.storage.database import NAME

MAX_MOVES = 16


class Chosen(str, enum.Enum):
    """Who says where the data lie."""

    OPTION = "option"
    ENVIRONMENT = "environment"
    PORTABLE = "portable"
    MOVED = "moved"
    USUAL = "usual"


class Place(NamedTuple):
    """The folder of a laptop's data."""

    folder: Path
    chosen: Chosen


Disks = Callable[[], Iterable[Path]]


def find_place(
    environment: Mapping[str, str],
    disks: Disks,
    option: Optional[Path] = None,
    programme: Optional[Path] = None,
) -> Place:
    """Find the folder; it need not be there yet.

    ``disks`` lists the roots of disks that may keep data which were moved, ``programme`` is the
    packaged programme's file. Raises LaptopError ``data-away``.
    """
    if option is not None:
        return Place(option, Chosen.OPTION)
    if environment.get(VARIABLE):
        return Place(data_folder(environment), Chosen.ENVIRONMENT)
    beside = portable_data(programme) if programme is not None else None
    if beside is not None:
        return Place(beside, Chosen.PORTABLE)
    usual = data_folder(environment)
    folder = _followed(usual, disks)
    return Place(folder, Chosen.USUAL if folder == usual else Chosen.MOVED)


def _followed(usual: Path, disks: Disks) -> Path:
    """Follow the data from the usual place; what a disk says counts where that leads nowhere."""
    trail = _trail(usual)
    if len(trail) > 1 and trail[-1].is_dir():
        return trail[-1]
    told = [_trail(folder)[-1] for folder in pointer.read_survivors(usual, disks())]
    kept = [folder for folder in told if folder != usual]
    for folder in kept:
        if (folder / NAME).exists():
            return folder
    away = trail[1:] or kept
    if away:
        where = str(away[-1])
        raise failure("data-away", Fault.YOUR_DATA, where, where)
    return usual


def _trail(start: Path) -> List[Path]:
    """List the places that data went through; the last is where they are.

    Data that came back leave a circle where a place was set back: they are where a database is.
    """
    trail = [start]
    while len(trail) < MAX_MOVES:
        following = pointer.read_moved(trail[-1])
        if following is None:
            return trail
        if following in trail:
            break
        trail.append(following)
    holding = [place for place in trail if (place / NAME).exists()]
    return [start, holding[-1]] if holding and holding[-1] != start else [start]
