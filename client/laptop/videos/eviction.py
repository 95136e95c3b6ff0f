"""Which films lie on this laptop, which of them may go, and letting them go."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Dict, Iterable, Iterator, Mapping, Tuple

from client.laptop.packs.library import Library
from client.laptop.packs.wanted import listed
from client.laptop.schoolwork.desk import Desk
from client.laptop.store import Store
from client.laptop.videos.choices import Choices
from client.laptop.videos.media_plan import Film, LessonKey, Need, evictable, needs
from sync.journals.folds import Fold
from sync.kinds import ASSIGNMENT, CLASS_PLAN

if TYPE_CHECKING:
    from content.installation import Installation, InstalledPack
    from content.manifest import MediaEntry


class Eviction:
    """Films on the disk of one laptop."""

    def __init__(self, store: Store, library: Library, choices: Choices) -> None:
        self._store = store
        self._library = library
        self._choices = choices

    def needs(self) -> Dict[LessonKey, Need]:
        """Tell when class plans and assignments need lessons."""
        fold = Fold()
        for kind in (CLASS_PLAN, ASSIGNMENT):
            for source in (self._store.journal(), self._store.inbox()):
                for record in source.of_kind(kind):
                    fold.add(record)
        count = [history[-1] for history in fold.state().values()]
        return needs(count, self._store.now_ms())

    def may_go(
        self, there: Iterable[InstalledPack], needed: Mapping[LessonKey, Need]
    ) -> Dict[Film, InstalledPack]:
        """Return the films of packs that may go by themselves, the first to go first."""
        here = {
            film_of(installed, entry): installed
            for installed in there
            for entry in installed.manifest.media
            if installed.has_media(entry)
        }
        can_be_had = {want.pack for want in listed(self._store.database.connection)}
        welcome = self._choices.kept | self._choices.asked
        chosen = evictable(here, self.seen_ms(), needed, welcome, can_be_had)
        return {film: here[film] for film in chosen}

    def seen_ms(self) -> Dict[LessonKey, int]:
        """Tell when a lesson was seen by all pupils of this laptop who learn from its pack."""
        people = self._store.people()
        pupils = [one for one in people if not one.is_teacher] or list(people)
        desk = Desk(self._store, self._library)
        progress = [desk.progress(one.id) for one in pupils]
        seen: Dict[LessonKey, int] = {}
        for key in {key for one in progress for key in one}:
            learners = [one for one in progress if any(pack == key[0] for pack, _ in one)]
            if all(key in one and one[key].seen for one in learners):
                seen[key] = max(one[key].time_ms for one in learners)
        return seen

    def let_go(self, films: Mapping[Film, InstalledPack]) -> int:
        """Take films off the disk, so that they do not come back by themselves; return the bytes.

        A file that a player holds open cannot go on Windows, and stays.
        """
        # Noted before: what a crash leaves here is merely not missed.
        self._choices.note_evicted(film.sha256 for film in films)
        gone_bytes = 0
        for film, installed in films.items():
            with contextlib.suppress(OSError):
                (installed.folder / film.path).unlink()
                gone_bytes += film.size_bytes
            self._library.note_videos(installed)
        return gone_bytes


def part_bytes(installation: Installation, sha256: str) -> int:
    """Tell how much of an object has come so far."""
    with contextlib.suppress(OSError):
        return installation.part_path(sha256).stat().st_size
    return 0


def films_of(installed: InstalledPack) -> Iterator[Tuple[Film, MediaEntry]]:
    """Give a pack version's films."""
    for entry in installed.manifest.media:
        yield film_of(installed, entry), entry


def film_of(installed: InstalledPack, entry: MediaEntry, place: Tuple[int, int] = (0, 0)) -> Film:
    """Give what plans need to know of a media file."""
    return Film(installed.manifest.pack, entry.path, entry.sha256, entry.size_bytes, place)
