"""Exchanges of a laptop that may have been cloned or set back: noticed, healed, gone on with.

What contradicts the server becomes a branch: new keys, a claim signed by both, and the records that
the server does not hold carried over. The same when a server that was restored from a backup does
not know the branch any more, or asks for something again: then it may have lost, too, what it held
of the journals before. Every step may be interrupted and done again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, List, Mapping, NamedTuple, Optional, Tuple

from sync.clock import Clock
from sync.database import transaction
from sync.errors import JournalError, MessageError, SyncError
from sync.exchanges.dialogue import Outcome, Parties, exchange_all, read_answer
from sync.exchanges.exchange import Exchanger, ExchangeRequest, check_reply
from sync.identity import Identity
from sync.journals.branch import make_claim
from sync.journals.clock_records import say_when
from sync.journals.journal import Journal
from sync.journals.lineage import Lineage, doubt
from sync.message import Kind, make_message, message_digest

MAX_BRANCHES_AT_ONCE = 4
"""How often a branch may turn out to be cloned itself before the rest waits for the next sync."""
MAX_TURNS = 2 * MAX_BRANCHES_AT_ONCE


@dataclass(frozen=True)
class Healed:
    """What a sync came to: the parties as they are now, its outcomes, and how many branches began.

    ``carried`` counts the records that were written down again in a new journal.
    """

    parties: Parties
    outcomes: Tuple[Outcome, ...]
    branches: int = 0
    carried: int = 0


def exchange_and_heal(
    parties: Parties,
    exchanger: Exchanger,
    catalogues: Mapping[str, int],
    clock: Clock,
    *,
    each: Optional[Callable[[Outcome], None]] = None,
) -> Healed:
    """Exchange until neither side has more to say, branching off where the journal must.

    ``each`` is called after every answer.

    Raises:
        As ``sync.exchanges.dialogue.exchange_once``; what was done before stays.
    """
    outcomes: List[Outcome] = []
    branches = carried = 0

    def note(outcome: Outcome) -> None:
        outcomes.append(outcome)
        if each is not None:
            each(outcome)

    lineage = Lineage(parties.db, clock, parties.journal.bodies)
    lineage.sweep(parties.journal)
    for _ in range(MAX_TURNS):
        cause: Optional[SyncError] = None
        try:
            carried += _settle_doubts(parties, exchanger, lineage, clock)
            exchange_all(parties, exchanger, catalogues, each=note)
            cause = outcomes[-1].problem
        except SyncError as error:
            if not _forgotten(error, lineage, parties.journal.device):
                raise
            doubt(parties.db)
        if isinstance(cause, JournalError):
            if branches == MAX_BRANCHES_AT_ONCE:
                break
            parties, count = _branch_off(parties, exchanger, lineage, clock)
            branches, carried = branches + 1, carried + count
        elif not lineage.doubtful():
            break
    return Healed(parties, tuple(outcomes), branches, carried)


def _forgotten(error: SyncError, lineage: Lineage, device: str) -> bool:
    """Tell whether the server does not know a branch that it once admitted.

    Where all branches were in doubt already, it does not know the device that was enrolled either.
    """
    is_branch = lineage.parent_of(device) is not None
    return error.code == "device-unknown" and is_branch and not lineage.all_doubtful()


def _settle_doubts(parties: Parties, exchanger: Exchanger, lineage: Lineage, clock: Clock) -> int:
    """Have the server admit the branches that it forgot, and carry over what it lost before them.

    Whether it forgot them does not show: a clone may have claimed one of them meanwhile.
    """
    return sum(
        _continue(parties, exchanger, lineage, clock, parent, child)
        for parent, child in lineage.doubtful()
    )


def _branch_off(
    parties: Parties, exchanger: Exchanger, lineage: Lineage, clock: Clock
) -> Tuple[Parties, int]:
    """Go on under a new identity."""
    parent = parties.identity
    child = lineage.prepare(parent)
    carried = _continue(parties, exchanger, lineage, clock, parent, child)
    return with_identity(parties, child, clock), carried


def _continue(
    parties: Parties,
    exchanger: Exchanger,
    lineage: Lineage,
    clock: Clock,
    parent: Identity,
    child: Identity,
) -> int:
    """Have the server admit a branch, and carry over to it what the server does not hold."""
    old = with_identity(parties, parent, clock)
    shared_seq, time_ms = find_shared_seq(old, exchanger, lineage, child)
    return admitted(parties, lineage, clock, Admission(child, parent, shared_seq, time_ms))


class Admission(NamedTuple):
    """A server's word that it knows a branch, and how far it held the journal before it when."""

    child: Identity
    parent: Identity
    shared_seq: int
    time_ms: int


def admitted(parties: Parties, lineage: Lineage, clock: Clock, admission: Admission) -> int:
    """Go on with a branch that the server knows; return how many records were carried over."""
    child, parent, shared_seq, time_ms = admission
    with transaction(parties.db):
        carried = lineage.adopt(child, parent, shared_seq)
        if say_when(parties.db, with_identity(parties, child, clock).journal, time_ms):
            parties.inbox.ask_again()
    return carried


def find_shared_seq(
    old: Parties, exchanger: Exchanger, lineage: Lineage, child: Identity
) -> Tuple[int, int]:
    """Claim a branch and find how far the server holds the old journal as it is here, and when.

    The time is the server's, in milliseconds.

    Raises:
        LinkError, RefusedError, MessageError: as ``sync.exchanges.dialogue.exchange_once``.
    """
    low, high = 0, old.journal.head.seq
    while True:
        probes = lineage.probes(old.journal, low, high)
        found, time_ms = _claim(
            old,
            exchanger,
            ExchangeRequest(
                device=old.journal.device,
                device_head=old.journal.head,
                first_seq=old.journal.head.seq + 1,
                claim=make_claim(child, old.journal.device, probes),
            ),
        )
        low = max(low, found)
        above = [probe.seq for probe in probes if probe.seq > low]
        high = min(above, default=low + 1) - 1
        if high <= low:
            return low, time_ms


def _claim(old: Parties, exchanger: Exchanger, request: ExchangeRequest) -> Tuple[int, int]:
    message = make_message(Kind.EXCHANGE_REQUEST, request.to_payload(), old.identity, old.server)
    answer = read_answer(old, exchanger.exchange(message))
    check_reply(answer, message_digest(message))
    if answer.shared_seq is None:
        raise MessageError("message-malformed", "answer.b is missing")
    return answer.shared_seq, answer.server_time_ms


def with_identity(parties: Parties, identity: Identity, clock: Clock) -> Parties:
    """Return the parties with another of this file's journals."""
    journal = Journal(parties.db, identity.public, clock, parties.journal.bodies)
    return replace(parties, identity=identity, journal=journal)
