"""The commands ``keruen data`` and ``keruen portable``: where data lie, and how they get there."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional

from client.data import pointer
from client.data.place import Chosen, Place, find_place
from client.data.portable import make_portable, programme_file
from client.folders import data_folder
from client.laptop.errors import Fault
from client.laptop.problems import as_laptop_error, failure
from client.messages import Message, Messages
from sync.sticks import drives

Disks = Callable[[], Iterable[Path]]


def add_data_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the commands."""
    data = commands.add_parser("data", help="tell where this laptop's data lie, or move them")
    what = data.add_mutually_exclusive_group()
    what.add_argument(
        "--move", type=Path, metavar="FOLDER", help="move them there, such as onto another disk"
    )
    what.add_argument("--back", action="store_true", help="move them back to the usual place")
    what.add_argument(
        "--forget", action="store_true", help="begin anew in the usual place; what was moved stays"
    )
    portable = commands.add_parser(
        "portable", help="put this programme on a stick, to run from there with its data there"
    )
    portable.add_argument("stick", type=Path, metavar="FOLDER", help="the stick, such as E:\\")


def place_of(options: argparse.Namespace, environment: Mapping[str, str]) -> Place:
    """Find where the data lie. Raises LaptopError ``data-away``."""
    return find_place(environment, drives.disks, options.data, programme_file())


def run_data(
    options: argparse.Namespace,
    environment: Mapping[str, str],
    messages: Messages,
) -> Dict[str, Any]:
    """Do what was asked for; tell where the data lie then."""
    usual, disks = data_folder(environment), drives.disks
    if options.forget:
        _forget(usual, disks)
    place = find_place(environment, disks, options.data, programme_file())
    if not (options.move or options.back):
        return {**_told(place, disks), "sentence": messages.text(_sentence(place, disks))}
    if place.chosen not in (Chosen.MOVED, Chosen.USUAL):
        raise failure("data-place-fixed", Fault.YOUR_DATA, place.chosen.value)
    from client.data.moving import move

    moved = move(place.folder, options.move or usual, usual, disks(), _report)
    now = Place(moved.folder, Chosen.USUAL if moved.folder == usual else Chosen.MOVED)
    said = Message("data.moved", {"folder": str(now.folder)})
    return {
        **_told(now, disks),
        "moved_bytes": moved.size_bytes,
        "sentence": " ".join(messages.text(one) for one in (said, _sentence(now, disks))),
    }


def run_portable(
    options: argparse.Namespace, messages: Messages, programme: Optional[Path] = None
) -> Dict[str, Any]:
    """Put the packaged programme on a stick."""
    running = programme or programme_file()
    if running is None:
        raise failure("portable-unpackaged", Fault.YOUR_DATA)
    made = make_portable(running, options.stick, report=_report)
    return {
        "folder": str(made.folder),
        "size_bytes": made.size_bytes,
        "written_bytes": made.written_bytes,
        "sentence": messages.text("data.portable_made", folder=str(made.folder)),
    }


def _report(done_bytes: int, total_bytes: int) -> None:
    """Tell whoever sits at the terminal how far it is; gigabytes take minutes."""
    if sys.stderr.isatty():
        end = "\n" if done_bytes == total_bytes else ""
        print(
            f"\r{100 * done_bytes // max(1, total_bytes)} %", end=end, file=sys.stderr, flush=True
        )


def _forget(usual: Path, disks: Disks) -> None:
    try:
        pointer.remove_moved(usual)
        pointer.remove_survivors(usual, disks())
    except OSError as error:
        raise as_laptop_error(error) from error


def _told(place: Place, disks: Disks) -> Dict[str, Any]:
    return {
        "folder": str(place.folder),
        "chosen": place.chosen.value,
        "outlives_reset": _outlives(place.folder, disks),
        "free_bytes": _free_bytes(place.folder),
        "other_disks": _others(place.folder, disks),
    }


def _sentence(place: Place, disks: Disks) -> Message:
    values = {"folder": str(place.folder)}
    if place.chosen is Chosen.PORTABLE:
        return Message("data.portable", values)
    if _outlives(place.folder, disks):
        return Message("data.outlives", values)
    return Message("data.on_system_disk", values)


def _outlives(folder: Path, disks: Disks) -> bool:
    """Tell whether data lie beside the disk that software may set back at every start."""
    whole = Path(os.path.realpath(folder))
    beside = any(root == whole or root in whole.parents for root in disks())
    return beside or drives.drive_of(folder) is not None


def _others(folder: Path, disks: Disks) -> List[Dict[str, Any]]:
    return [
        {"folder": str(root), "free_bytes": _free_bytes(root)}
        for root in disks()
        if root not in folder.parents
    ]


def _free_bytes(folder: Path) -> int:
    """Tell what is free where a folder lies or would lie."""
    for path in (folder, *folder.parents):
        try:
            return shutil.disk_usage(path).free
        except OSError:
            continue
    return 0
