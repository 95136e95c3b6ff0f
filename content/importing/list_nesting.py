"""Paragraphs that each know their level in a list, as lists in lists."""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Sequence, Tuple

from content.documents.document import Block, ListBlock


class Entry(NamedTuple):
    """Blocks that stand together; ``level`` counts from 0 and is None outside of lists."""

    level: Optional[int]
    ordered: bool
    blocks: Tuple[Block, ...]


def nested(entries: Sequence[Entry]) -> List[Block]:
    """The blocks, with runs of items as lists."""
    blocks: List[Block] = []
    at = 0
    while at < len(entries):
        if entries[at].level is None:
            blocks.extend(entries[at].blocks)
            at += 1
            continue
        end = at
        while end < len(entries) and entries[end].level is not None:
            end += 1
        blocks.extend(_lists(entries[at:end]))
        at = end
    return blocks


def _lists(entries: Sequence[Entry]) -> List[Block]:
    """Items of any levels: the lowest level's are the list, those between them lie within."""
    lowest = min(entry.level or 0 for entry in entries)
    lists: List[ListBlock] = []
    at = 0
    while at < len(entries):
        end = at + 1
        while end < len(entries) and (entries[end].level or 0) > lowest:
            end += 1
        entry = entries[at]
        if (entry.level or 0) > lowest:
            # A list that begins on a deeper level than it goes on.
            inner: Tuple[Block, ...] = tuple(_lists(entries[at:end]))
        else:
            inner = entry.blocks + tuple(_lists(entries[at + 1 : end]) if end > at + 1 else ())
        last = lists[-1] if lists else None
        if last and last.ordered == entry.ordered:
            lists[-1] = ListBlock(last.ordered, (*last.items, inner), last.start)
        else:
            lists.append(ListBlock(entry.ordered, (inner,)))
        at = end
    return list(lists)
