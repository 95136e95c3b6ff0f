"""A device's letters: what it tells the server by stick, and what a reply brings.

The requests are those of exchanges (`sync.exchanges`), several in one file, and so are the answers.
What differs is time: a letter takes days, several are under way at once, and whatever carries them
may have carried a clone's as well. So an answer's mark counts only where this disk asked the
question (``letter_book``), and a journal that must branch off does so at once: the claim goes with
the records of the new branch in one letter, and the server's answer later says what else to carry
over. Nothing here touches a stick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Mapping, Optional, Tuple

from sync.attachments.offer import OfferRequest, Reply
from sync.clock import Clock
from sync.errors import SyncError
from sync.exchanges.dialogue import Outcome, Parties
from sync.journals.lineage import Lineage
from sync.sticks.letter import MAX_MESSAGES, Letter

REQUEST_BYTES = 512 * 1024
"""How much of a journal one message of a letter holds, before compression."""
ROOM_BYTES = 512 * 1024
"""How large one answer of a reply may be; a reply has as many as there is to tell."""
MAX_REQUESTS = MAX_MESSAGES // 2
"""Exchange requests of one letter: the rest of its messages is for claims and what else goes."""
MAX_CLAIMS = 32


@dataclass(frozen=True)
class WrittenLetter:
    """The two files of a letter and their names; ``own`` is empty where there is nothing to copy.

    ``device`` is whose box they belong to. The letter holds the journal up to ``last_seq``.
    """

    device: str
    up: bytes
    up_name: str
    own: bytes
    own_name: str
    last_seq: int


@dataclass(frozen=True)
class Applied:
    """What a reply changed here, and the parties as they are now.

    ``ours`` tells that this disk wrote the letter replied to: its file may be removed then. Of the
    letter's offer come ``files``: names, sizes and replies of files offered; and ``wanted``: names
    asked for, and whether the server has them. ``enrolment`` is the answer to an enrolment
    request. ``refused`` counts the messages that the server did not take, ``branches`` is 1 where
    the journal had to branch off, with ``carried`` records. ``problems`` are of messages that could
    not be used.
    """

    parties: Parties
    ours: bool
    outcomes: Tuple[Outcome, ...] = ()
    files: Tuple[Tuple[str, int, Reply], ...] = ()
    wanted: Tuple[Tuple[str, bool], ...] = ()
    enrolment: Optional[bytes] = None
    refused: int = 0
    branches: int = 0
    carried: int = 0
    problems: Tuple[SyncError, ...] = ()


def own_devices(parties: Parties, clock: Clock) -> Tuple[str, ...]:
    """Name the devices whose boxes are this disk's: the one that writes first, then former ones."""
    former = Lineage(parties.db, clock).devices()
    return tuple(dict.fromkeys((parties.journal.device, *former)))


def write_letter(
    parties: Parties,
    catalogues: Mapping[str, int],
    clock: Clock,
    *,
    offer: Optional[OfferRequest] = None,
    enrolment: Optional[bytes] = None,
) -> WrittenLetter:
    """Write what the server should hear now, and note it: on return that is on the disk.

    The letter holds claims of branches that the server may not know, all records that no receipt
    covers (as far as a letter goes), the mark, and an ``offer`` of attached files. Call
    ``note_left`` once the file is on a stick.

    Raises:
        MessageError: ``message-too-large``: an offer or enrolment larger than a message.
    """
    raise NotImplementedError


def standing_letter(
    parties: Parties,
    catalogues: Mapping[str, int],
    clock: Clock,
    names: Iterable[str],
    *,
    offer: Optional[OfferRequest] = None,
    enrolment: Optional[bytes] = None,
) -> Optional[str]:
    """Return which of these letters (names of up files) says what a new one would say.

    None: write one. A letter that was answered does not stand: a new one tells the server that the
    answer came, or, where the server was restored, what it has to ask for.
    """
    raise NotImplementedError


def note_left(parties: Parties, written: WrittenLetter) -> None:
    """Call the letter's records sent: it lies whole on something that will be carried away."""
    raise NotImplementedError


def apply_reply(parties: Parties, reply: Letter, clock: Clock) -> Applied:
    """Use all that a reply brings. Doing it again changes nothing, nor does a crash in between.

    ``reply`` may be to any letter of a device of ``own_devices``, this disk's or a clone's, late
    and out of order. Where it shows that the journal contradicts the server, the journal branches
    off.
    """
    raise NotImplementedError


def spent_letters(parties: Parties, names: Iterable[str], clock: Clock) -> Tuple[str, ...]:
    """Return which of these files on one stick this disk wrote and nobody needs any more.

    ``names`` are of up and own files (16 hex digits). An up file was answered, or a later one
    beside it says all that it says; an own file holds nothing that the server does not hold, or
    nothing that a later one beside it does not.
    """
    raise NotImplementedError
