"""Which videos come next, and which may go when the disk is full: decided from values alone.

A lesson is needed when the class plan reaches it, or when an assignment of it is due. What nobody
has planned comes after that, in the packs' own order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Collection, Iterable, List, Mapping, NamedTuple, Sequence, Tuple

from sync.journals.needs import DAY_MS, SOME_DAY, LessonKey, Need, is_due, lesson_of, needs
from sync.link.rules import Value

__all__ = [
    "DAY_MS",
    "Film",
    "LessonKey",
    "Need",
    "Room",
    "evictable",
    "in_order",
    "make_room",
    "needs",
    "value_of",
]


@dataclass(frozen=True)
class Film:
    """A media file of a pack version: a video, a recording or a large picture."""

    pack: str
    path: str
    sha256: str
    size_bytes: int
    place: Tuple[int, int] = (0, 0)
    """The pack's place in its catalogue, and the file's in its pack."""

    @property
    def lesson(self) -> LessonKey:
        """The lesson whose folder it lies in; an empty name for what belongs to none."""
        return lesson_of(self.pack, self.path)


def value_of(film: Film, needed: Mapping[LessonKey, Need], now_ms: int) -> Value:
    """Return what a film's bytes are worth: a lesson planned for some day counts as due."""
    return Value.MEDIA_DUE if is_due(needed.get(film.lesson), now_ms) else Value.MEDIA


def in_order(
    films: Iterable[Film], needed: Mapping[LessonKey, Need], asked: Collection[LessonKey] = ()
) -> List[Film]:
    """Sort films: those somebody asked for, those that the plan needs next, the rest."""
    last = (SOME_DAY, SOME_DAY)

    def key(film: Film) -> Tuple[bool, Need, Tuple[int, int], str]:
        need = needed.get(film.lesson, last)
        return film.lesson not in asked, need, film.place, film.path

    return sorted(films, key=key)


def evictable(
    here: Iterable[Film],
    seen_ms: Mapping[LessonKey, int],
    needed: Collection[LessonKey],
    kept: Collection[LessonKey],
    listed: Collection[str],
) -> List[Film]:
    """Return the films that may go, those seen longest ago first.

    Only what was seen (``seen_ms``: when), is needed by no plan, is kept by nobody and can be had
    again (its pack is ``listed`` by a catalogue) may go; and nothing that lies here twice, which
    would free no room.
    """
    here = list(here)
    names = [film.sha256 for film in here]
    found = [
        film
        for film in here
        if film.lesson in seen_ms
        and film.lesson not in needed
        and film.lesson not in kept
        and film.pack in listed
        and names.count(film.sha256) == 1
    ]
    return sorted(found, key=lambda film: (seen_ms[film.lesson], film.pack, film.path))


class Room(NamedTuple):
    """What to fetch and what to let go; ``left`` finds no room, for want of ``missing_bytes``."""

    fetch: Tuple[Film, ...]
    evict: Tuple[Film, ...]
    left: Tuple[Film, ...]
    missing_bytes: int


def make_room(
    films: Sequence[Film],
    free_bytes: int,
    here_bytes: Mapping[str, int],
    may_go: Sequence[Film],
) -> Room:
    """Find room for films in their order.

    ``free_bytes`` is what may be filled, ``here_bytes`` how much of an object has come already.
    Nothing goes unless a film fits thereby.
    """
    fetch: List[Film] = []
    evict: List[Film] = []
    left: List[Film] = []
    waiting = list(may_go)
    room_bytes, missing_bytes = free_bytes, 0
    for film in films:
        wanted_bytes = film.size_bytes - min(film.size_bytes, here_bytes.get(film.sha256, 0))
        gone: List[Film] = []
        gained_bytes = 0
        for one in waiting:
            if room_bytes + gained_bytes >= wanted_bytes:
                break
            gone.append(one)
            gained_bytes += one.size_bytes
        if room_bytes + gained_bytes < wanted_bytes:
            left.append(film)
            missing_bytes += wanted_bytes
            continue
        waiting = waiting[len(gone) :]
        evict += gone
        room_bytes += gained_bytes - wanted_bytes
        fetch.append(film)
    spare_bytes = max(0, room_bytes) + sum(one.size_bytes for one in waiting)
    return Room(tuple(fetch), tuple(evict), tuple(left), max(0, missing_bytes - spare_bytes))
