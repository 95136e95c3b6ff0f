"""The bag of a teacher's laptop: others' letters on their way, in a folder laid out as a stick is.

Each stick that visits is merged with it both ways, so that a letter travels on with whichever stick
or link comes first. Nothing in the bag can be read here: letters are sealed to their addressees.
With a link, the letters to this laptop's own server are posted and the replies taken along.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Container, List, Optional, Protocol, Tuple, cast

from client.laptop.account import Problem
from client.laptop.problems import problem_of
from client.laptop.sticks.consent import school_of
from client.laptop.store import Store
from sync.errors import LinkError, StickError, SyncError
from sync.sticks.layout import up_folder

if TYPE_CHECKING:
    from sync.sticks.layout import LetterName
    from sync.sticks.mailbox import Mailbox
    from sync.sticks.merging import Merged

FOLDER = "bag"
BUDGET_BYTES = 1 << 30
"""So much of others' letters and files is carried at most; files go first."""
MAX_POST_BYTES = 8 << 20
"""A server takes no larger letter over a link: that one goes by stick."""
MAX_POSTS = 64
"""So many letters are posted in one sync; the others follow in the next."""

Cancel = Callable[[], bool]


class LetterRoad(Protocol):
    """A road that carries whole letters."""

    def letter(self, data: bytes) -> Tuple[bytes, int]:
        """Carry a laptop's letter to its server; bring the reply and its number."""
        ...


def carries(store: Store) -> bool:
    """Tell whether this laptop carries letters for others: a teacher's does."""
    return any(person.is_teacher for person in store.people())


def bag_of(store: Store) -> Optional[Mailbox]:
    """Open the bag; None where none is carried here. Raises LaptopError ``not-enrolled``."""
    from sync.sticks.mailbox import Mailbox
    from sync.sticks.volume import DiskVolume

    if not carries(store):
        return None
    folder: Path = store.folder / FOLDER
    folder.mkdir(exist_ok=True)
    return Mailbox(DiskVolume(folder), school_of(store))


def bag_here(store: Store) -> Optional[Mailbox]:
    """Open the bag where there is one already."""
    return bag_of(store) if (store.folder / FOLDER).is_dir() else None


def post(store: Store, road: object, cancel: Cancel) -> Posted:
    """Post what the bag holds over a road that carries letters; never raises for the link's sake.

    Without a bag, or over another road, nothing is done.
    """
    posted = Posted()
    bag = bag_here(store)
    if bag is None or not hasattr(road, "letter"):
        return posted
    posting = Posting(bag, cast(LetterRoad, road), cancel, posted)
    try:
        posting.run()
    except (SyncError, OSError) as error:
        posted.problem = problem_of(error)
    return posted


def merge_with(
    bag: Mailbox, stick: Mailbox, own_boxes: Container[str], stick_id: str, cancel: Cancel
) -> Merged:
    """Bring bag and stick together, but for this laptop's own boxes: it needs no carrier.

    Raises StickError where the stick is gone, CancelledError.
    """
    from sync.sticks.merging import merge
    from sync.sticks.others import OthersMail

    theirs = [OthersMail(one.volume, one.school, own_boxes) for one in (bag, stick)]
    return merge(theirs[0], theirs[1], BUDGET_BYTES, stick_id, cancel)


@dataclass
class Posted:
    """How many letters were answered, what ended it early, and which letters were refused."""

    count: int = 0
    problem: Optional[Problem] = None
    refused: List[Problem] = field(default_factory=list)


class Posting:
    """Posts the letters in a bag over a link."""

    def __init__(self, bag: Mailbox, road: LetterRoad, cancel: Cancel, posted: Posted) -> None:
        """Post what lies in ``bag``, and count it in ``posted``."""
        self._bag = bag
        self._road = road
        self._cancel = cancel
        self._posted = posted

    def run(self) -> None:
        """Post what has no reply here yet. Raises LinkError where the road itself fails."""
        answered = self._bag.answered()
        waiting = [name for name in self._bag.up_letters() if self._is_to_go(name, answered)]
        for name in waiting[:MAX_POSTS]:
            if self._cancel():
                return
            try:
                self._post(name)
            except LinkError:
                raise
            except SyncError as error:
                # A letter that this server refuses travels on as it is.
                self._posted.refused.append(problem_of(error, str(name)))
        self._bag.sweep()

    def _is_to_go(self, name: LetterName, answered: Container[LetterName]) -> bool:
        path = f"{up_folder(self._bag.school)}/{name}"
        return name not in answered and (self._bag.volume.size_bytes(path) or 0) <= MAX_POST_BYTES

    def _post(self, name: LetterName) -> None:
        from sync.sticks.layout import ReplyName
        from sync.sticks.letter import Letter, LetterKind

        data, number = self._road.letter(self._bag.up_bytes(name))
        reply = Letter.from_bytes(data, LetterKind.DOWN)
        if reply.reply_to != name.letter:
            raise StickError("stick-damaged", f"a reply to {reply.reply_to} instead of {name}")
        newest = self._bag.newest(name.box)
        # A server that does not know the laptop counts no replies to it.
        number = number or (newest.number + 1 if newest else 1)
        self._bag.put_down(ReplyName(name.box, name.letter, number), data)
        self._bag.remove_up(name)
        self._posted.count += 1
