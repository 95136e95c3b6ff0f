"""Which videos lie on this laptop and which come, pack by pack. Imports no kivy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Tuple

from client.executor import DESK, Outcome
from client.laptop.packs.lessons import LessonCard
from client.laptop.syncing.link_words import megabytes, takes
from client.laptop.videos.videos import AWAY, COMING, HERE, Shelf, Video
from client.messages import Message
from client.screens.model import ScreenModel, Session

FIRST, CANCEL, KEEP, RELEASE, LET_GO, FETCH = (
    "first",
    "cancel",
    "keep",
    "release",
    "let_go",
    "fetch",
)
"""What may be done about a video."""
ICONS = {HERE: "video_here", COMING: "video_coming", AWAY: "video"}


@dataclass(frozen=True)
class Line:
    """A lesson's video: its words, and what may be done about it."""

    card: LessonCard
    video: Video
    words: Tuple[Message, ...]
    acts: Tuple[str, ...]


@dataclass(frozen=True)
class PackVideos:
    """A pack's videos; ``lines`` are shown while it is ``open``."""

    card: LessonCard
    words: Tuple[Message, ...]
    lines: Tuple[Line, ...]
    open: bool


class Model(ScreenModel):
    """``shelf`` is None until it was read: it is, in the background."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shelf: Optional[Shelf] = None
        self._opened: Optional[str] = None
        self.reload()

    def close(self) -> None:
        """Wait for nothing more."""
        self.session.executor.drop("videos")

    def reload(self) -> None:
        """Read how videos stand again."""
        self._do(lambda: None)

    def _do(self, act: Callable[[], Any]) -> None:
        """Do something about videos where it keeps nobody waiting, and read how they stand."""
        videos = self.session.laptop.videos

        def run() -> Shelf:
            act()
            return videos.shelf()

        self.session.executor.submit("videos", run, self._came, lane=DESK)

    def _came(self, outcome: Outcome[Any]) -> None:
        if outcome.value is not None:
            self.shelf = outcome.value
            self.changed()

    @property
    def paused(self) -> bool:
        """Whether no videos come."""
        return self.session.laptop.videos.paused

    @property
    def packs(self) -> Tuple[PackVideos, ...]:
        """The packs that have videos; the first of which something comes is open at first."""
        if self.shelf is None:
            return ()
        videos = {(one.pack, one.lesson): one for one in self.shelf.videos}
        groups: Dict[str, List[Tuple[LessonCard, Video]]] = {}
        for card in self.session.laptop.lessons():
            video = videos.get((card.pack, card.lesson))
            if video is not None:
                groups.setdefault(card.pack, []).append((card, video))
        comes = [
            pack for pack, group in groups.items() if any(one.state == COMING for _, one in group)
        ]
        if self._opened is None and groups:
            self._opened = next(iter(comes), next(iter(groups)))
        return tuple(self._pack(pack, group) for pack, group in groups.items())

    def _pack(self, pack: str, group: List[Tuple[LessonCard, Video]]) -> PackVideos:
        here = sum(one.state == HERE for _, one in group)
        to_come = sum(one.to_come_bytes for _, one in group)
        words = [Message("videos.pack", {"n": len(group), "here": here})]
        if to_come:
            words.append(self._to_come(to_come))
        opened = pack == self._opened
        lines = tuple(self._line(card, video) for card, video in group) if opened else ()
        return PackVideos(group[0][0], tuple(words), lines, opened)

    def _line(self, card: LessonCard, video: Video) -> Line:
        words = [megabytes(video.size_bytes)]
        acts: Tuple[str, ...] = (FETCH,)
        if video.state == HERE:
            words.append(Message("videos.here"))
            words += [Message("videos.kept")] if video.kept else []
            words += [Message("videos.seen")] if video.seen else []
            acts = (RELEASE if video.kept else KEEP, LET_GO)
        elif video.state == COMING:
            words.append(self._to_come(video.to_come_bytes))
            words += [Message("videos.first")] if video.first else []
            acts = (CANCEL,) if video.first else (FIRST, CANCEL)
        else:
            words.append(Message("videos.away"))
        return Line(card, video, tuple(words), acts)

    def _to_come(self, size_bytes: int) -> Message:
        """Say how much is to come, and how long that takes on this link as it was measured."""
        duration_s = self.session.laptop.link.duration_s(size_bytes)
        if self.paused or duration_s is None:
            return Message("videos.coming", {"size": megabytes(size_bytes)})
        values = {"size": megabytes(size_bytes), "time": takes(duration_s)}
        return Message("videos.coming-in", values)

    @property
    def summary(self) -> Tuple[Message, ...]:
        """What lies here, what comes, and how much room there is."""
        shelf = self.shelf
        if shelf is None:
            return ()
        values = {"here": megabytes(shelf.here_bytes), "free": megabytes(shelf.free_bytes)}
        found = [Message("videos.room", values)]
        if self.paused:
            found.append(Message("videos.paused"))
        elif shelf.to_come_bytes:
            found.append(Message("videos.still", {"what": self._to_come(shelf.to_come_bytes)}))
        else:
            found.append(Message("videos.nothing-comes"))
        return tuple(found)

    @property
    def freeable(self) -> Optional[Message]:
        """How much room there is to gain, if any."""
        if self.shelf is None or not self.shelf.may_go_bytes:
            return None
        return Message("videos.free", {"size": megabytes(self.shelf.may_go_bytes)})

    def toggle(self, pack: str) -> None:
        """Open a pack, or close it."""
        self._opened = "" if self._opened == pack else pack
        self.changed()

    def act(self, act: str, line: Line) -> None:
        """Do something about a video."""
        videos, key = self.session.laptop.videos, (line.card.pack, line.card.lesson)
        acts: Dict[str, Callable[[], Any]] = {
            FIRST: lambda: videos.ask(*key),
            FETCH: lambda: videos.ask(*key),
            CANCEL: lambda: videos.cancel(*key),
            KEEP: lambda: videos.keep(*key),
            RELEASE: lambda: videos.keep(*key, False),
            LET_GO: lambda: videos.let_go(*key),
        }
        self._do(acts[act])
        if act in (FIRST, FETCH):
            self.session.courier.work_waits()

    def pause_or_resume(self) -> None:
        """Let no videos come, or let them come again."""
        videos = self.session.laptop.videos
        if videos.paused:
            videos.resume()
            self.session.courier.work_waits()
        else:
            videos.pause()
        self.reload()
        self.changed()

    def free_seen(self) -> None:
        """Take off the disk what all have seen and nobody needs."""
        self._do(self.session.laptop.videos.free_seen)
