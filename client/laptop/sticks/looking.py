"""Which sticks are in this machine. Reads a few small files of each stick that came, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Collection, Mapping, Optional, Tuple

from client.laptop.problems import problem_of
from client.laptop.sticks.consent import is_of_school
from client.laptop.sticks.seen import Kind, SeenStick

if TYPE_CHECKING:
    from pathlib import Path

    from client.laptop.store import Store
    from sync.sticks.drives import Drive
    from sync.sticks.volume import Volume


def look(
    store: Store, known: Tuple[SeenStick, ...] = (), anew: Collection[Path] = ()
) -> Tuple[SeenStick, ...]:
    """List the drives that can be pulled out; those ``known`` are read again only if in ``anew``.

    A bad drive may keep this waiting for long. It raises nothing for a drive's sake.
    """
    from sync.sticks.drives import drives

    before = {(one.root, one.serial): one for one in known if one.root not in anew}
    found = [drive for drive in drives() if drive.removable]
    return tuple(before.get((one.root, one.serial)) or examine(store, one) for one in found)


def examine(store: Store, drive: Drive) -> SeenStick:
    """Tell what a drive is to us."""
    from sync.errors import StickError
    from sync.sticks.marker import read_marker
    from sync.sticks.volume import find_stick

    serial = drive.serial
    try:
        volume = find_stick(drive.root)
        if volume is None:
            return _empty(drive)
        read_marker(volume)
        return SeenStick(
            drive.root,
            drive.label,
            Kind.OURS,
            volume.free_bytes(),
            volume.writable,
            _choice(volume),
            serial=serial,
            of_school=store.membership is not None
            and store.membership.enrolled
            and is_of_school(store, volume),
        )
    except StickError as error:
        problem = problem_of(error)
        return SeenStick(drive.root, drive.label, Kind.UNUSABLE, problem=problem, serial=serial)


def _empty(drive: Drive) -> SeenStick:
    from sync.sticks.folder_medium import FolderMedium

    medium = FolderMedium(drive.root)
    free_bytes, writable = medium.free_bytes(), medium.writable
    return SeenStick(drive.root, drive.label, Kind.EMPTY, free_bytes, writable, serial=drive.serial)


def _choice(volume: Volume) -> Optional[Mapping[str, str]]:
    from sync.sticks.choice import read_choice

    choice = read_choice(volume)
    return dict(choice.packs) if choice else None
