"""What syncing did, counted, and how things stand between two syncs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Dict, Optional, Tuple

from client.laptop.errors import Fault
from client.messages import Message


@dataclass(frozen=True)
class Problem:
    """Something that went wrong and was put aside: what (`subject`), whose fault, why in words.

    ``retry_after_s`` is how long the server wants to be left alone, where it said so.
    """

    code: str
    fault: Fault
    subject: str
    sentence: Message
    detail: str = ""
    retry_after_s: float = 0.0

    def as_json(self) -> Dict[str, Any]:
        """For scripts; ``detail`` is plain English for whoever mends it."""
        return {
            "code": self.code,
            "fault": self.fault.value,
            "subject": self.subject,
            "detail": self.detail,
        }


@dataclass(frozen=True)
class ReceiptNote:
    """The school's signed word that it holds this laptop's journal up to ``seq``."""

    seq: int
    time_ms: int


@dataclass(frozen=True)
class InstalledPack:
    """A pack version that this sync installed or completed."""

    pack: str
    version: int


@dataclass(frozen=True)
class SyncProgress:
    """How far a running sync is: ``done_bytes`` of ``total_bytes`` of the thing now coming."""

    sentence: Message
    done_bytes: int = 0
    total_bytes: int = 0


@dataclass(frozen=True)
class Left:
    """Videos that were left for later: why, how many files, and how many bytes."""

    sentence: Message
    files: int = 0
    size_bytes: int = 0

    def and_one_more(self, size_bytes: int) -> Left:
        """Count one more file."""
        return replace(self, files=self.files + 1, size_bytes=self.size_bytes + size_bytes)


@dataclass(frozen=True)
class SyncAccount:
    """What one sync did. Bytes are HTTP bytes with headers, as the road counted them.

    ``problem`` is what stopped the exchange of work (None when it went through);
    ``set_aside`` are packs and publishers that failed alone while the rest went on.
    ``notice`` tells that this laptop was copied or set back and goes on under a new identity.
    ``left`` are videos that wait for something: room, hours, somebody who paused them.
    ``held`` says which rule of the link stopped what was under way, or forbade all of it.
    ``letters_posted`` counts other laptops' letters that this one had carried from a stick.
    ``borrowed_bytes`` came from neighbours, over nobody's line, and are counted nowhere else;
    ``may_borrow`` tells that nobody answered, but that a neighbour may lend what is missing.
    """

    sentence: Message
    requests: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0
    records_sent: int = 0
    records_received: int = 0
    receipt: Optional[ReceiptNote] = None
    packs_installed: Tuple[InstalledPack, ...] = ()
    problem: Optional[Problem] = None
    set_aside: Tuple[Problem, ...] = field(default=())
    notice: Optional[Message] = None
    left: Tuple[Left, ...] = ()
    held: Optional[Message] = None
    letters_posted: int = 0
    borrowed_bytes: int = 0
    may_borrow: bool = False


def joined(exchanged: SyncAccount, carried: SyncAccount) -> SyncAccount:
    """Add what carrying objects did to what the exchange of work did before it."""
    return replace(
        exchanged,
        requests=exchanged.requests + carried.requests,
        sent_bytes=exchanged.sent_bytes + carried.sent_bytes,
        received_bytes=exchanged.received_bytes + carried.received_bytes,
        packs_installed=exchanged.packs_installed + carried.packs_installed,
        set_aside=exchanged.set_aside + carried.set_aside,
        problem=exchanged.problem or carried.problem,
        left=carried.left,
        held=exchanged.held or carried.held,
        borrowed_bytes=exchanged.borrowed_bytes + carried.borrowed_bytes,
    )


@dataclass(frozen=True)
class SyncStatus:
    """How things stand now: ``waiting`` works have no receipt yet.

    ``last_received_ms`` is the time in the last receipt, ``last_attempt_ms`` when a sync was
    last tried (both None when never), ``problem`` what the last try ended with, and
    ``set_aside`` the packs and publishers that are in quarantine; ``notice`` as in the account, for
    a week.
    """

    waiting: int
    last_received_ms: Optional[int]
    last_attempt_ms: Optional[int]
    sentence: Message
    problem: Optional[Problem] = None
    set_aside: Tuple[Problem, ...] = ()
    notice: Optional[Message] = None


@dataclass(frozen=True)
class Happening:
    """What happens, or why nothing happens, in one sentence; ``state`` is its name for programs.

    ``until_ms`` is when a rule of the link ends, ``next_try_ms`` when sending is tried next by
    itself (both None where nobody knows).
    """

    state: str
    sentence: Message
    until_ms: Optional[int] = None
    next_try_ms: Optional[int] = None
