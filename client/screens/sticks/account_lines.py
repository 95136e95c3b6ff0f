"""What a visit or a writing did, line by line, in words for people. Imports no kivy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterable, List, Mapping, NamedTuple, Tuple

from client.laptop.syncing.link_words import megabytes
from client.messages import Message

if TYPE_CHECKING:
    from client.laptop.packs.lessons import LessonCard, Text
    from client.laptop.sticks.account import StickAccount
    from client.laptop.sticks.packing import Written


class Lines(NamedTuple):
    """What ``came``, what was ``left`` on the stick, and what is worth ``attention``."""

    came: Tuple[Message, ...] = ()
    left: Tuple[Message, ...] = ()
    attention: Tuple[Message, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is something to tell."""
        return bool(self.came or self.left or self.attention)


def titles_of(cards: Iterable[LessonCard]) -> Mapping[str, Text]:
    """Return the titles of packs by their ids."""
    return {card.pack: card.pack_title for card in cards}


def of_visit(account: StickAccount, titles: Mapping[str, Text]) -> Lines:
    """Tell what came from a stick and what was left on it."""
    counts = [("works", account.works_arrived), ("marks", account.marks_came)]
    news = 0 if account.marks_came else account.records_received
    more = [("records", news), ("files", account.files_came), ("letters", account.letters_taken)]
    packs = dict.fromkeys(one.pack for one in account.packs_installed)
    titled = [Message("stick_page.came.pack", {"pack": titles.get(pack) or pack}) for pack in packs]
    came = [*_came(counts), *titled, *_came(more)]
    given = [("works", account.works_left), ("files", account.files_left)]
    given.append(("letters", account.letters_given))
    left = [Message("stick_page.left." + name, {"n": count}) for name, count in given if count]
    attention: List[Message] = [account.notice] if account.notice else []
    aside = [one.sentence for one in account.set_aside]
    aside += [one.sentence for one in account.left]
    attention += [one for place, one in enumerate(aside) if one not in aside[:place]]
    return Lines(tuple(came), tuple(left), tuple(attention))


def of_writing(written: Written) -> Lines:
    """Tell what a stick carries now."""
    if not written.packs:
        return Lines(attention=tuple(one.sentence for one in written.set_aside))
    values = {"n": len(written.packs), "size": megabytes(written.size_bytes)}
    left = [Message("stick_page.left.packs", values)]
    if not written.written_bytes and not written.problem:
        left.append(Message("stick_page.left.same"))
    return Lines((), tuple(left), tuple(one.sentence for one in written.set_aside))


def _came(counts: Iterable[Tuple[str, int]]) -> List[Message]:
    return [Message("stick_page.came." + name, {"n": count}) for name, count in counts if count]
