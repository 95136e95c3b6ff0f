"""All lessons on this laptop, by pack, with how far one came in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

from client.executor import DESK, Outcome
from client.laptop.packs.lessons import LessonCard
from client.laptop.syncing.link_words import megabytes, takes
from client.laptop.videos.videos import AWAY, Video
from client.messages import Message
from client.screens.model import ScreenModel, Session
from client.screens.plan import Steps, by_pack, handed_in, last_used_ms, steps_of


@dataclass(frozen=True)
class Row:
    """One line of the list: a pack's name (``steps`` None) or one of its lessons.

    ``away``: its video is not here and does not come; ``to_come`` says what is to come of it, where
    that is known.
    """

    card: LessonCard
    steps: Optional[Steps] = None
    lessons_of_pack: int = 0
    away: bool = False
    to_come: Optional[Message] = None

    @property
    def is_pack(self) -> bool:
        """Whether this line names a pack."""
        return self.steps is None

    @property
    def state(self) -> str:
        """``done``, ``begun`` or ``new``."""
        if self.steps is None:
            return ""
        if self.steps.finished:
            return "done"
        return "begun" if self.steps.begun or self.steps.done else "new"

    @property
    def video(self) -> str:
        """``here``, ``coming``, ``away`` or ``none``."""
        if not self.card.has_video:
            return "none"
        if self.card.video_ready:
            return "here"
        return "away" if self.away else "coming"

    @property
    def video_words(self) -> Message:
        """What is to be said of its video."""
        return self.to_come or Message("lessons.video." + self.video)


class Model(ScreenModel):
    """``rows`` in the order of the screen: the packs used last come first."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._videos: Dict[Tuple[str, str], Video] = {}
        self.reload()

    def close(self) -> None:
        """Wait for nothing more."""
        self.session.executor.drop("lessons.videos")

    def reload(self) -> None:
        """Read the index of lessons again; how far videos are is read in the background."""
        self._fill()
        if any(row.card.has_video and not row.card.video_ready for row in self.rows):
            shelf = self.session.laptop.videos.shelf
            self.session.executor.submit("lessons.videos", shelf, self._came, lane=DESK)

    def _came(self, outcome: Outcome[Any]) -> None:
        if outcome.value is not None:
            self._videos = {(one.pack, one.lesson): one for one in outcome.value.videos}
            self._fill()

    def _fill(self) -> None:
        laptop, person = self.session.laptop, self.session.person
        self.counts_progress = person is not None and not person.is_teacher
        who = person.id if person else ""
        progress = laptop.progress(who) if self.counts_progress else {}
        handed = handed_in(laptop.works(who)) if self.counts_progress else frozenset()
        groups = by_pack(laptop.lessons())
        rows: List[Row] = []
        for pack in sorted(groups, key=lambda pack: -last_used_ms(pack, progress)):
            cards = groups[pack]
            rows.append(Row(cards[0], lessons_of_pack=len(cards)))
            rows.extend(self._row(card, steps_of(card, progress, handed)) for card in cards)
        self.rows: Tuple[Row, ...] = tuple(rows)
        self.lesson_count = sum(not row.is_pack for row in rows)
        self.changed()

    def _row(self, card: LessonCard, steps: Steps) -> Row:
        video = None if card.video_ready else self._videos.get((card.pack, card.lesson))
        if video is None or video.state == AWAY:
            return Row(card, steps, away=video is not None)
        link, size_bytes = self.session.laptop.link, video.to_come_bytes
        duration_s = link.duration_s(size_bytes)
        if not size_bytes or duration_s is None or self.session.laptop.videos.paused:
            return Row(card, steps)
        values = {"size": megabytes(size_bytes), "time": takes(duration_s)}
        return Row(card, steps, to_come=Message("lessons.video.coming-in", values))

    @property
    def summary(self) -> Message:
        """How many lessons, and how many of their videos are still on their way."""
        coming = sum(row.video == "coming" for row in self.rows if not row.is_pack)
        if not self.lesson_count:
            return Message("lessons.none")
        key = "lessons.summary.coming" if coming else "lessons.summary"
        return Message(key, {"n": self.lesson_count, "coming": coming})
