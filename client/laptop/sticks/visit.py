"""One visit of a stick: letters first, then attached files, then lessons.

That is law 5's order: what a pupil handed in is on the stick before anything large is touched, so a
stick that is pulled out early has done the most important. Every step may end at any moment and is
done again by the next visit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from client.laptop.account import SyncProgress
from client.laptop.sticks.account import StickAccount

if TYPE_CHECKING:
    from client.laptop.laptop import Laptop
    from sync.sticks.volume import Volume

Report = Callable[[SyncProgress], None]
Cancel = Callable[[], bool]


def unheard(_: SyncProgress) -> None:
    """Tell nobody how far it is."""


def never() -> bool:
    """Go on."""
    return False


def visit(
    laptop: Laptop, volume: Volume, report: Report = unheard, cancel: Cancel = never
) -> StickAccount:
    """Take from a stick what is for this laptop, and leave on it what is for the school.

    Never raises for the stick's or others' data's sake: the account names the problem. ``report``
    is called on the calling thread, ``cancel`` asked between pieces. It belongs on the executor.
    """
    raise NotImplementedError
