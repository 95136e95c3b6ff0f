"""What a store keeps of letters: each device's last one, and what the replies to it said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, Optional, Protocol, Tuple

from sync.record import Head


@dataclass(frozen=True)
class LetterHead:
    """What must be known of a device's last letter to reply to it again, on whatever stick comes.

    Args:
        device: Whose it is.
        letter: Its name, 16 hex digits.
        digest: Names its last exchange request (8 bytes).
        first_seq: Before it the device holds a receipt.
        head: The journal's, by that request.
        cursor: The mark after which the device waits for records.
        catalogues: The serials that it knows.
        messages: The letter's, but for its exchange requests, which all this sums up: they are
            empty here.
    """

    device: str
    letter: str
    digest: bytes
    first_seq: int
    head: Head
    cursor: str = ""
    catalogues: Mapping[str, int] = field(default_factory=dict)
    messages: Tuple[bytes, ...] = (b"",)


@dataclass(frozen=True)
class SentReply:
    """A reply that was handed out: the ``number``th to a box, ``name`` is that of its bytes.

    ``state`` (16 bytes) stands for all that it says besides the time.
    """

    box: str
    number: int
    name: str
    state: bytes


class LetterRows(Protocol):
    """The part of a transaction that is about letters."""

    def letter_heads(self) -> Tuple[LetterHead, ...]:
        """Return what is known of every device's last letter."""

    def letter_head(self, device_id: str) -> Optional[LetterHead]:
        """Return what is known of one device's."""

    def set_letter_head(self, head: LetterHead) -> None:
        """Keep what is known of a device's last letter in place of the one before."""

    def forget_letter_head(self, device_id: str) -> None:
        """Reply no more to what a device wrote."""

    def last_reply_number(self, box: str) -> int:
        """Return the number of the last reply to a box, 0 where there was none."""

    def note_reply(self, reply: SentReply) -> None:
        """Keep what a reply says; only of the last ones to a box this is known."""

    def reply(self, box: str, number: int) -> Optional[SentReply]:
        """Return what is known of a reply."""
