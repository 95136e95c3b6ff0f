"""The videos of a laptop's lessons as people see them: here, on their way, or not wanted."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Collection, Dict, Iterator, Optional, Tuple

from client.laptop.packs.library import Library
from client.laptop.store import Store
from client.laptop.videos.choices import Choices
from client.laptop.videos.eviction import Eviction, films_of, part_bytes
from client.laptop.videos.media_plan import LessonKey

if TYPE_CHECKING:
    from content.installation import Installation, InstalledPack

HERE, COMING, AWAY = "here", "coming", "away"


@dataclass(frozen=True)
class Video:
    """The films of one lesson: ``state`` is HERE, COMING, or AWAY (not here, and not to come).

    ``size_bytes`` is that of all of them, ``here_bytes`` what has come. ``kept``: it never goes by
    itself. ``first``: somebody waits for it. ``seen``: all pupils of this laptop saw it.
    """

    pack: str
    lesson: str
    state: str
    size_bytes: int
    here_bytes: int
    kept: bool = False
    first: bool = False
    seen: bool = False

    @property
    def to_come_bytes(self) -> int:
        """What is still to come."""
        return self.size_bytes - self.here_bytes if self.state == COMING else 0


@dataclass(frozen=True)
class Shelf:
    """All videos, in the order of lessons, and how much room there is."""

    videos: Tuple[Video, ...]
    free_bytes: int
    may_go_bytes: int

    @property
    def here_bytes(self) -> int:
        """What lies here."""
        return sum(one.here_bytes for one in self.videos)

    @property
    def to_come_bytes(self) -> int:
        """What is still to come."""
        return sum(one.to_come_bytes for one in self.videos)


class Videos(Choices):
    """What lies here and what comes, and what people decide about it; opens manifests."""

    def __init__(self, store: Store, library: Library) -> None:
        super().__init__(store)
        self._library = library
        self._eviction = Eviction(store, library, self)

    def shelf(self) -> Shelf:
        """Read how things stand."""
        installation = self._library.installation()
        there = list(self._there(installation))
        seen = frozenset(self._eviction.seen_ms())
        found: Dict[LessonKey, Video] = {}
        for installed in there:
            found.update(self._videos(installation, installed, seen))
        cards = [(card.pack, card.lesson) for card in self._library.cards()]
        may_go = self._eviction.may_go(there, self._eviction.needs())
        return Shelf(
            tuple(found[key] for key in cards if key in found),
            shutil.disk_usage(str(self._store.folder)).free,
            sum(film.size_bytes for film in may_go),
        )

    def let_go(self, pack: str, lesson: str) -> int:
        """Take a lesson's video off the disk; it comes back when somebody asks. Gives the bytes."""
        self.cancel(pack, lesson)
        return self._eviction.let_go(
            {
                film: installed
                for installed in self._there(self._library.installation())
                for film, entry in films_of(installed)
                if film.lesson == (pack, lesson) and installed.has_media(entry)
            }
        )

    def free_seen(self) -> int:
        """Take off the disk what all have seen and nobody needs; gives the bytes."""
        there = list(self._there(self._library.installation()))
        return self._eviction.let_go(self._eviction.may_go(there, self._eviction.needs()))

    def _there(self, installation: Installation) -> Iterator[InstalledPack]:
        for pack, version in sorted(self._library.current().items()):
            installed: Optional[InstalledPack] = installation.find(pack, version)
            if installed is not None:
                yield installed

    def _videos(
        self, installation: Installation, installed: InstalledPack, seen: Collection[LessonKey]
    ) -> Dict[LessonKey, Video]:
        welcome, kept, asked = self.welcomes(), self.kept, self.asked
        chosen = self.wanted_media(installed)
        found: Dict[LessonKey, Video] = {}
        for film, entry in films_of(installed):
            if not film.lesson[1] or entry.path not in chosen:
                continue
            here = installed.has_media(entry)
            comes = not here and welcome(film.lesson, film.sha256)
            here_bytes = film.size_bytes if here else 0
            if comes:
                here_bytes = part_bytes(installation, film.sha256)
            one = Video(
                *film.lesson,
                HERE if here else COMING if comes else AWAY,
                film.size_bytes,
                min(here_bytes, film.size_bytes),
                film.lesson in kept,
                film.lesson in asked,
                film.lesson in seen,
            )
            known = found.get(film.lesson)
            found[film.lesson] = one if known is None else _both(known, one)
        return found


def _both(one: Video, other: Video) -> Video:
    """Tell of two films of a lesson as of one: what is still to come counts."""
    state = next(name for name in (COMING, HERE, AWAY) if name in (one.state, other.state))
    return replace(
        one,
        state=state,
        size_bytes=one.size_bytes + other.size_bytes,
        here_bytes=one.here_bytes + other.here_bytes,
    )
