"""What people decided about videos, and what was let go for room: kept over a restart."""

from __future__ import annotations

import json
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Collection,
    FrozenSet,
    Iterable,
    List,
    Optional,
    Tuple,
)

from client.laptop.packs import wanted
from client.laptop.store import Store
from client.laptop.syncing.link import MEASURE
from client.laptop.videos.media_plan import LessonKey
from client.laptop.videos.rendition_choice import wanted_paths
from sync.link.measure import measure_from

if TYPE_CHECKING:
    from content.installation import InstalledPack

PAUSED = "videos.paused"
RENDITION = "videos.rendition"
KEPT = "videos.kept"
ASKED = "videos.asked"
SKIPPED = "videos.skipped"
UNWANTED = "videos.unwanted"
EVICTED = "videos.evicted"


class Choices:
    """Choices about the videos of one laptop; may be asked and changed from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def paused(self) -> bool:
        """Whether no videos are to be fetched for now."""
        return bool(self._store.setting(PAUSED))

    def pause(self) -> None:
        """Fetch no videos until `resume`; what has come of them stays."""
        self._store.keep_settings({PAUSED: "1"})

    def resume(self) -> None:
        """Fetch videos again, from where they stopped."""
        self._store.keep_settings({PAUSED: ""})

    @property
    def kept(self) -> FrozenSet[LessonKey]:
        """Lessons whose videos stay on this laptop whatever happens."""
        return frozenset(self._lessons(KEPT))

    def keep(self, pack: str, lesson: str, kept: bool = True) -> None:
        """Keep a lesson's video on this laptop, fetching it where it was let go; or no longer."""
        self._change(KEPT, (pack, lesson), kept)
        if kept:
            self._change(UNWANTED, (pack, lesson), False)
            self._want_again(pack)

    @property
    def asked(self) -> FrozenSet[LessonKey]:
        """Lessons whose videos somebody waits for."""
        return frozenset(self._lessons(ASKED))

    def ask(self, pack: str, lesson: str) -> None:
        """Want a lesson's video before all others, though it was let go or skipped."""
        self._change(ASKED, (pack, lesson), True)
        self._change(UNWANTED, (pack, lesson), False)
        self._want_again(pack)

    def answered(self, key: LessonKey) -> None:
        """Nobody waits for it any more: it is here."""
        self._change(ASKED, key, False)

    @property
    def unwanted(self) -> FrozenSet[LessonKey]:
        """Lessons whose videos are not to come until somebody asks for them."""
        return frozenset(self._lessons(UNWANTED))

    def cancel(self, pack: str, lesson: str) -> None:
        """Fetch a lesson's video no further, and not again; its text stays as it is."""
        self._change(UNWANTED, (pack, lesson), True)
        self._change(ASKED, (pack, lesson), False)
        self._change(KEPT, (pack, lesson), False)

    @property
    def skipped(self) -> FrozenSet[str]:
        """Packs whose videos nobody wants on this laptop."""
        return frozenset(self._list(SKIPPED))

    def skip(self, pack: str, skipped: bool = True) -> None:
        """Fetch no videos of a pack, or fetch them again; text and tasks come all the same."""
        names = set(self.skipped) | {pack} if skipped else set(self.skipped) - {pack}
        self._keep(SKIPPED, sorted(names))
        if not skipped:
            self._want_again(pack)

    @property
    def evicted(self) -> FrozenSet[str]:
        """Objects that were let go for room, by SHA-256: they do not come back by themselves."""
        return frozenset(self._list(EVICTED))

    def note_evicted(self, names: Iterable[str]) -> None:
        """Note what is about to be let go."""
        self._keep(EVICTED, sorted(self.evicted.union(names)))

    def forget_evicted(self, name: str) -> None:
        """It is here again."""
        if name in self.evicted:
            self._keep(EVICTED, sorted(self.evicted - {name}))

    def welcomes(self) -> Callable[[LessonKey, str], bool]:
        """Return what tells whether a lesson's object is to come, by the choices of this moment."""
        evicted, skipped, unwanted = self.evicted, self.skipped, self.unwanted
        anyway = self.kept | self.asked

        def welcome(key: LessonKey, sha256: str) -> bool:
            gone = sha256 in evicted or key[0] in skipped or key in unwanted
            return not gone or key in anyway

        return welcome

    @property
    def rendition(self) -> str:
        """Which rendition of videos is fetched and shown, as far as there is one."""
        from content.renditions.names import BASE, RENDITIONS

        found = self._store.setting(RENDITION)
        return found if found in RENDITIONS else BASE

    def choose_rendition(self, rendition: str) -> None:
        """Fetch this one from now on; what is here stays, and what is better is fetched no more."""
        self._store.keep_settings({RENDITION: rendition})
        with self._store.database.transaction() as connection:
            wanted.note_all_incomplete(connection)

    def wanted_media(
        self, installed: InstalledPack, offered: Optional[Collection[str]] = None
    ) -> FrozenSet[str]:
        """Return the paths of a version's media that are to be here, by the chosen rendition.

        ``offered`` are those that a stick has: of these it is the best, whatever else there may be,
        and no cheaper one comes before it.
        """
        media = installed.manifest.media
        here = {entry.path for entry in media if installed.has_media(entry)}
        sizes_bytes = {
            entry.path: entry.size_bytes
            for entry in media
            if offered is None or entry.path in offered or entry.path in here
        }
        bytes_per_s = self._bytes_per_s() if offered is None else 0.0
        return wanted_paths(sizes_bytes, here, self.rendition, bytes_per_s)

    def _bytes_per_s(self) -> float:
        """Return the measured speed of the link; 0 when it is not known."""
        try:
            return measure_from(json.loads(self._store.setting(MEASURE, "null"))).bytes_per_s
        except ValueError:
            return 0.0

    def _want_again(self, pack: str) -> None:
        with self._store.database.transaction() as connection:
            wanted.note_incomplete(connection, pack)

    def _change(self, name: str, key: LessonKey, there: bool) -> None:
        lessons = set(self._lessons(name))
        if (key in lessons) != there:
            self._keep(name, sorted(lessons | {key} if there else lessons - {key}))

    def _lessons(self, name: str) -> List[Tuple[str, str]]:
        return [(pack, lesson) for pack, lesson in self._list(name)]

    def _list(self, name: str) -> List[Any]:
        try:
            found = json.loads(self._store.setting(name, "[]"))
        except ValueError:
            return []
        return found if isinstance(found, list) else []

    def _keep(self, name: str, values: object) -> None:
        self._store.keep_settings({name: json.dumps(values, ensure_ascii=False)})
