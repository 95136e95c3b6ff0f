"""A device's letters: what it tells the server by stick.

The requests are those of exchanges (`sync.exchanges`), several in one file. What differs is time: a
letter takes days, several are under way at once, and a journal that must branch off does so without
waiting for the server: the claim goes with the records of the new branch in one letter. What a
reply brings is in `replies`. Nothing here touches a stick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, Union

from sync.attachments.offer import OfferRequest
from sync.clock import Clock
from sync.database import transaction
from sync.exchanges.dialogue import Parties
from sync.exchanges.exchange import ExchangeRequest
from sync.exchanges.outbox import Prepared
from sync.journals.journal import Journal
from sync.journals.lineage import Lineage
from sync.message import Kind, make_message, message_digest
from sync.sticks.letter import Letter, LetterKind, letter_name
from sync.sticks.letter_book import LetterBook, SentLetter, SentMessage
from sync.sticks.own_copy import make_own_letter
from sync.sticks.questions import (
    Question,
    claim_question,
    exchange_question,
    plan_requests,
    state_of,
    unsure_branches,
)
from sync.sticks.replies import Applied, apply_reply

__all__ = [
    "Applied",
    "WrittenLetter",
    "apply_reply",
    "note_left",
    "own_devices",
    "spent_letters",
    "standing_letter",
    "unknown_letters",
    "write_letter",
]


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


def own_devices(parties: Parties, clock: Clock) -> Tuple[str, ...]:
    """Name the devices whose boxes are this disk's: the one that writes first, then former ones."""
    former = Lineage(parties.db, clock, parties.journal.bodies).devices()
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
    with transaction(parties.db):
        Lineage(parties.db, clock, parties.journal.bodies).sweep(parties.journal)
        doubtful = unsure_branches(parties, clock)
        state = state_of(parties, catalogues, doubtful, offer, enrolment)
        parts = plan_requests(parties, catalogues)
        questions: List[Union[Question, Prepared]] = []
        questions += [claim_question(parties, clock, *pair) for pair in doubtful]
        questions += [
            part if isinstance(part, Prepared) else exchange_question(parties, part)
            for part in parts
        ]
        requests = [part for part in parts if isinstance(part, ExchangeRequest)]
        own = make_own_letter(parties, [request.records for request in requests])
    if offer is not None:
        questions.append(Question(Kind.OFFER, offer.to_payload(), parties.identity))
    device = parties.journal.device
    messages = [] if enrolment is None else [enrolment]
    sent = [SentMessage(Kind.ENROLMENT_REQUEST, message_digest(one), device) for one in messages]
    for one in questions:
        if isinstance(one, Prepared):
            messages.append(one.message)
            digest = message_digest(one.message)
            sent.append(SentMessage(Kind.EXCHANGE_REQUEST, digest, device))
            continue
        message = make_message(one.kind, one.payload, one.signer, parties.server)
        signer = one.signer.public.device_id
        messages.append(message)
        sent.append(SentMessage(one.kind, message_digest(message), signer, one.child))
    up = Letter(LetterKind.UP, tuple(messages)).to_bytes()
    last = requests[-1]
    written = WrittenLetter(
        device=device,
        up=up,
        up_name=letter_name(up),
        own=own,
        own_name=letter_name(own) if own else "",
        last_seq=last.first_seq + len(last.records) - 1,
    )
    _note(parties, written, state, sent, offer)
    return written


def _note(
    parties: Parties,
    written: WrittenLetter,
    state: bytes,
    sent: Sequence[SentMessage],
    offer: Optional[OfferRequest],
) -> None:
    offered = tuple((one.sha256, one.size_bytes) for one in offer.offers) if offer else ()
    LetterBook(parties.db).add(
        SentLetter(
            number=0,
            device=written.device,
            up=written.up_name,
            own=written.own_name,
            last_seq=written.last_seq,
            state=state,
            messages=tuple(sent),
            offered=offered,
            wanted=offer.wanted if offer else (),
        )
    )


def standing_letter(
    parties: Parties,
    catalogues: Mapping[str, int],
    clock: Clock,
    names: Iterable[str],
    *,
    offer: Optional[OfferRequest] = None,
    enrolment: Optional[bytes] = None,
    copies: Optional[Iterable[str]] = None,
) -> Optional[str]:
    """Return which of these letters (names of up files) says what a new one would say.

    None: write one. A letter that was answered does not stand: a new one tells the server that the
    answer came, or, where the server was restored, what it has to ask for. Nor does one whose copy
    is not among the ``copies`` (names of own files), where those are given.
    """
    doubtful = unsure_branches(parties, clock)
    state = state_of(parties, catalogues, doubtful, offer, enrolment)
    lying = set(names)
    copied = None if copies is None else {"", *copies}
    for letter in LetterBook(parties.db).among(lying):
        stands = letter.up in lying and letter.state == state and not letter.answered
        if stands and (copied is None or letter.own in copied):
            return letter.up
    return None


def note_left(parties: Parties, written: WrittenLetter) -> None:
    """Call the letter's records sent: it lies whole on something that will be carried away."""
    if written.device == parties.journal.device:
        parties.journal.note_sent(written.last_seq)


def unknown_letters(parties: Parties, names: Iterable[str]) -> Tuple[str, ...]:
    """Return which of these files this disk does not know to have written.

    Own files among them are a clone's, or from before the disk was set back (`own_copy`).
    """
    lying = tuple(names)
    known = {
        one for letter in LetterBook(parties.db).among(lying) for one in (letter.up, letter.own)
    }
    return tuple(name for name in lying if name not in known)


def spent_letters(parties: Parties, names: Iterable[str], clock: Clock) -> Tuple[str, ...]:
    """Return which of these files on one stick this disk wrote and nobody needs any more.

    ``names`` are of up and own files (16 hex digits). An up file was answered, or a later one
    beside it says all that it says; an own file holds nothing that the server does not hold, or
    nothing that a later one beside it does not.
    """
    lying = set(names)
    letters = LetterBook(parties.db).among(lying)
    # A later letter begins after what receipts cover, and so holds whatever else these hold.
    last_up = max((one.number for one in letters if one.up in lying), default=0)
    last_own: Dict[str, int] = {}
    for one in letters:
        if one.own in lying:
            last_own[one.device] = one.number
    spent = [
        one.up for one in letters if one.up in lying and (one.answered or one.number < last_up)
    ]
    spent += [
        one.own
        for one in letters
        if one.own in lying
        and (one.number < last_own[one.device] or _is_received(parties, one, clock))
    ]
    return tuple(spent)


def _is_received(parties: Parties, letter: SentLetter, clock: Clock) -> bool:
    """Tell whether the server holds all of a letter, as it was or as a branch carried it on."""
    journal = parties.journal
    written = Journal.of_device(parties.db, letter.device, clock)
    carried = letter.device != journal.device and journal.first_unsent_seq > journal.head.seq
    return carried or letter.last_seq < written.first_unsent_seq
