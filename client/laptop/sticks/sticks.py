"""Sticks as screens and the command line see them: by the place where a stick is in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Collection, Sequence, Tuple

from client.laptop.problems import as_laptop_error
from client.laptop.sticks import consent
from client.laptop.sticks.account import StickAccount, failed
from client.laptop.sticks.visit import Cancel, Report, never, unheard, visit

if TYPE_CHECKING:
    from client.laptop.laptop import Laptop
    from client.laptop.sticks import writing
    from client.laptop.sticks.packing import PackOffer, Wishes
    from client.laptop.sticks.seen import SeenStick
    from sync.sticks.volume import Volume


class Sticks:
    """What one laptop does with sticks. Its methods belong on the executor."""

    def __init__(self, laptop: Laptop) -> None:
        self._laptop = laptop

    @property
    def consent(self) -> bool:
        """Whether this school's sticks are synced without a question."""
        return consent.consent(self._laptop.store)

    @consent.setter
    def consent(self, given: bool) -> None:
        consent.give_consent(self._laptop.store, given)

    def visit(self, root: Path, report: Report = unheard, cancel: Cancel = never) -> StickAccount:
        """Visit the stick that is in at ``root`` (`client.laptop.sticks.visit`)."""
        from sync.errors import StickError

        try:
            return visit(self._laptop, volume_at(root), report, cancel)
        except StickError as error:
            return failed(error)

    def enrol(self, root: Path, code: str, laptop_name: str = "") -> None:
        """Join the school whose invitation for a code lies on the stick that is in at ``root``.

        A visit then brings the school's lessons and asks it to let this laptop in. Raises
        LaptopError as `client.laptop.sticks.joining.enrol` does.
        """
        from client.laptop.sticks.joining import enrol
        from sync.errors import StickError

        try:
            enrol(self._laptop.store, volume_at(root), code, laptop_name)
        except StickError as error:
            raise as_laptop_error(error) from error

    def look(
        self, known: Tuple[SeenStick, ...] = (), anew: Collection[Path] = ()
    ) -> Tuple[SeenStick, ...]:
        """List the sticks that are in (`client.laptop.sticks.looking`)."""
        from client.laptop.sticks.looking import look

        return look(self._laptop.store, known, anew)

    def prepare(self, root: Path) -> None:
        """Make a drive a stick of ours. Raises StickError."""
        from sync.sticks.marker import make_stick

        make_stick(root)

    def offers(self) -> Tuple[PackOffer, ...]:
        """List the packs that this laptop can put on sticks."""
        return self._writing().offers()

    @property
    def bytes_per_s(self) -> float:
        """How fast sticks were written here last, or what is usual."""
        return self._writing().bytes_per_s

    def write(
        self,
        roots: Sequence[Path],
        wishes: Wishes,
        report: writing.Report,
        called_off: writing.CalledOff,
        ended: writing.Ended,
    ) -> None:
        """Put packs on several sticks at once (`client.laptop.sticks.writing`)."""
        self._writing().write_all(roots, wishes, report, called_off, ended)

    def _writing(self) -> writing.Writing:
        from client.laptop.sticks.writing import Writing

        return Writing(self._laptop.store, self._laptop.library)


def volume_at(root: Path) -> Volume:
    """Find the stick that is in at ``root``: a drive, or its folder ``KERUEN`` itself.

    Raises StickError ``stick-none`` where there is none.
    """
    from sync.errors import StickError
    from sync.sticks.layout import FOLDER
    from sync.sticks.volume import find_stick

    place = root.absolute()
    volume = find_stick(place.parent if place.name == FOLDER else place)
    if volume is None:
        raise StickError("stick-none", str(root))
    return volume
