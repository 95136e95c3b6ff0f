"""Fetching media in the order in which the class plan needs them, as room and rules allow."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Callable,
    Dict,
    FrozenSet,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Tuple,
)

from client.laptop.account import Left, SyncProgress
from client.laptop.packs.library import Library
from client.laptop.packs.media_updating import MediaUpdating
from client.laptop.packs.parts import Parts, ends_all
from client.laptop.packs.wanted import Wanted
from client.laptop.problems import typed_errors
from client.laptop.store import Store
from client.laptop.videos.choices import Choices
from client.laptop.videos.eviction import Eviction, film_of, part_bytes
from client.laptop.videos.media_plan import (
    Film,
    LessonKey,
    Need,
    in_order,
    make_room,
    value_of,
)
from client.messages import Message
from sync.errors import CancelledError
from sync.link.rules import Value
from sync.objects import ObjectSpec

if TYPE_CHECKING:
    from content.installation import InstalledPack
    from content.manifest import MediaEntry

RESERVE_BYTES = 256 << 20
"""Videos never fill the disk further: pupils' work and the system need room."""
FORESEEN = 4
"""How many files are announced to the road beside the one that is being fetched."""

Report = Callable[[SyncProgress], None]
PutAside = Callable[[Exception, str], None]
Reason = Callable[[Value], Optional[Message]]
"""Says why bytes of a value may not go now; None: they may."""


def unhindered(_: Value) -> Optional[Message]:
    """Let everything go."""
    return None


class _Missing(NamedTuple):
    """A film that is to be fetched, and for what."""

    film: Film
    want: Wanted
    installed: InstalledPack
    entry: MediaEntry

    @property
    def spec(self) -> ObjectSpec:
        return _spec(self.entry)


class Media:
    """Media, for one run of a sync. ``left`` says what was left for later, and why."""

    def __init__(
        self,
        store: Store,
        library: Library,
        parts: Parts,
        updating: MediaUpdating,
        report: Report,
        reason: Reason,
        put_aside: PutAside,
    ) -> None:
        self._store = store
        self._library = library
        self._parts = parts
        self._updating = updating
        self._report = report
        self._reason = reason
        self._put_aside = put_aside
        self._choices = Choices(store)
        self._eviction = Eviction(store, library, self._choices)
        self._now: Optional[Film] = None
        self._foreseen: Dict[Film, Path] = {}
        self._left: Dict[str, Left] = {}
        self._needed: Dict[LessonKey, Need] = {}

    @property
    def left(self) -> Tuple[Left, ...]:
        """What was left for later."""
        return tuple(self._left.values())

    def to_stop(self) -> bool:
        """Tell whether somebody paused all videos, or wants the one that is coming no more.

        What comes beside it and is wanted no more is let alone, too.
        """
        unwanted = self._choices.unwanted
        for film in [one for one in self._foreseen if one.lesson in unwanted]:
            self._parts.forgo(self._foreseen.pop(film))
        now_unwanted = self._now is not None and self._now.lesson in unwanted
        return self._choices.paused or now_unwanted

    def _unwanted(self, film: Film) -> bool:
        return film.lesson in self._choices.unwanted

    def wanted(self) -> Callable[[InstalledPack, MediaEntry], bool]:
        """Return what tells whether a media file is to come, by the choices of this moment."""
        welcome = self._choices.welcomes()

        def wanted(installed: InstalledPack, entry: MediaEntry) -> bool:
            return welcome(film_of(installed, entry).lesson, entry.sha256)

        return wanted

    def foresee(self, want: Wanted, installed: InstalledPack) -> None:
        """Say what will be fetched of a version first, while others are still being installed."""
        missing = {one.film: one for one in self._missing({want: installed})}
        if self._choices.paused or not missing:
            return
        self._needed = self._eviction.needs()
        film = in_order(list(missing), self._needed, self._choices.asked)[0]
        planned = not self._needed or film.lesson in self._needed
        free_bytes = shutil.disk_usage(str(self._library.folder)).free - RESERVE_BYTES
        if planned and film.size_bytes <= free_bytes:
            self._foresee([missing[film]])

    def bring(self, ready: Mapping[Wanted, InstalledPack]) -> Iterator[Wanted]:
        """Fetch what is missing; give each version when nothing more of it is wanted.

        Raises what ends all: no link, a cancel, a full disk. The rest is put aside, file by file.
        """
        missing = {one.film: one for one in self._missing(ready)}
        open_counts = dict.fromkeys(ready, 0)
        for one in missing.values():
            open_counts[one.want] += 1
        for want, count in open_counts.items():
            if not count:
                yield self._noted(want, ready[want])
        self._needed = self._eviction.needs()
        waiting = list(
            self._with_room([one.film for one in missing.values() if self._offered(one)])
        )
        while waiting:
            # Asked anew each time: a plan may come while videos do.
            self._needed = self._eviction.needs()
            waiting = in_order(waiting, self._needed, self._choices.asked)
            film = waiting.pop(0)
            one = missing[film]
            brought = self._brought(one, [missing[next_] for next_ in waiting[:FORESEEN]])
            if not brought and not self._unwanted(film):
                continue
            open_counts[one.want] -= 1
            if not open_counts[one.want]:
                yield self._noted(one.want, one.installed)

    def _noted(self, want: Wanted, installed: InstalledPack) -> Wanted:
        # Also what came before a crash and was not noted then.
        self._library.note_videos(installed)
        return want

    def _missing(self, ready: Mapping[Wanted, InstalledPack]) -> Iterator[_Missing]:
        welcome = self._choices.welcomes()
        for want, installed in ready.items():
            chosen = self._chosen(want, installed)
            for place, entry in enumerate(installed.manifest.media):
                film = film_of(installed, entry, (want.place, place))
                if entry.path not in chosen or installed.has_media(entry):
                    continue
                if welcome(film.lesson, film.sha256):
                    yield _Missing(film, want, installed, entry)

    def _chosen(self, want: Wanted, installed: InstalledPack) -> FrozenSet[str]:
        """What is to be here in the end, and the best that a place has which has not all."""
        chosen = self._choices.wanted_media(installed)
        if not self._parts.is_partial:
            return chosen
        offered = [
            entry.path
            for entry in installed.manifest.media
            if self._parts.offers(want.publisher, _spec(entry))
        ]
        return chosen | self._choices.wanted_media(installed, offered)

    def _offered(self, one: _Missing) -> bool:
        """Whether a file can be had here, or what it is made from."""
        from content.patches.patching import pending_patches

        publisher = one.want.publisher
        if self._parts.offers(publisher, one.spec):
            return True
        patch = pending_patches(one.installed.folder).get(one.film.sha256)
        return patch is not None and all(
            self._parts.offers(publisher, ObjectSpec(*stored)) for stored in patch.objects
        )

    def _brought(self, one: _Missing, next_ones: List[_Missing]) -> bool:
        """Fetch one file unless something is against it; tell whether it is here."""
        hindrance = self._hindrance(one.film)
        if hindrance is not None or self._unwanted(one.film):
            if hindrance is not None:
                self._leave(one.film, hindrance)
            return False
        try:
            self._foresee([one, *next_ones])
            self._now = one.film
            self._fetch(one)
        except typed_errors() as error:
            if isinstance(error, CancelledError) and self._unwanted(one.film):
                return False
            if isinstance(error, CancelledError) and self._choices.paused:
                self._leave(one.film, Message("videos.paused"))
                return False
            if ends_all(error):
                raise
            self._put_aside(error, one.want.pack)
            return False
        finally:
            self._now = None
            self._foreseen.pop(one.film, None)
        self._choices.forget_evicted(one.film.sha256)
        self._choices.answered(one.film.lesson)
        return True

    def _hindrance(self, film: Film) -> Optional[Message]:
        if self._choices.paused:
            return Message("videos.paused")
        return self._reason(value_of(film, self._needed, self._store.now_ms()))

    def _foresee(self, ones: List[_Missing]) -> None:
        from content.patches.patching import pending_patches

        for one in ones:
            made = one.film.sha256 in pending_patches(one.installed.folder)
            if not made and self._hindrance(one.film) is None:
                target = one.installed.media_path(one.entry)
                self._foreseen[one.film] = target
                self._parts.expect(one.want.publisher, one.spec, target)

    def _fetch(self, one: _Missing) -> None:
        title = Message("road.media", {"pack": one.installed.manifest.title})

        def heard(done_bytes: int, total_bytes: int) -> None:
            self._report(SyncProgress(title, done_bytes, total_bytes))

        publisher, installed, entry = one.want.publisher, one.installed, one.entry
        if not self._updating.patch_media(publisher, installed, entry, heard):
            self._parts.download(publisher, one.spec, installed.media_path(entry), heard)
        installed.note_media(entry)
        self._library.note_videos(installed)

    def _leave(self, film: Film, sentence: Message) -> None:
        known = self._left.get(sentence.key, Left(sentence))
        self._left[sentence.key] = known.and_one_more(film.size_bytes)

    def _with_room(self, films: List[Film]) -> Tuple[Film, ...]:
        """Choose what the disk has room for, letting go what may go."""
        if not films:
            return ()
        ordered = in_order(films, self._needed, self._choices.asked)
        free_bytes = shutil.disk_usage(str(self._library.folder)).free - RESERVE_BYTES
        installation = self._parts.installation
        here = {film.sha256: part_bytes(installation, film.sha256) for film in films}
        plan = make_room(ordered, free_bytes, here, ())
        if plan.left:
            there = installation.installed()
            may_go = self._eviction.may_go(there, self._needed)
            plan = make_room(ordered, free_bytes, here, list(may_go))
            self._eviction.let_go({film: may_go[film] for film in plan.evict})
        sentence = Message("videos.no-room", {"mb": -(-plan.missing_bytes // (1 << 20))})
        for film in plan.left:
            self._leave(film, sentence)
        return plan.fetch


def _spec(entry: MediaEntry) -> ObjectSpec:
    return ObjectSpec(entry.sha256, entry.size_bytes, entry.piece_sha256)
