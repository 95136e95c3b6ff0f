"""All lessons on this laptop, by pack, with how far one came in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

from client.laptop.lessons import LessonCard
from client.messages import Message
from client.screens.model import ScreenModel, Session
from client.screens.plan import Steps, by_pack, handed_in, last_used_ms, steps_of


@dataclass(frozen=True)
class Row:
    """One line of the list: a pack's name (``steps`` None) or one of its lessons."""

    card: LessonCard
    steps: Optional[Steps] = None
    lessons_of_pack: int = 0

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
        """``here``, ``coming`` or ``none``."""
        if not self.card.has_video:
            return "none"
        return "here" if self.card.video_ready else "coming"


class Model(ScreenModel):
    """``rows`` in the order of the screen: the packs used last come first."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.reload()

    def reload(self) -> None:
        """Read the index of lessons again."""
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
            rows.extend(Row(card, steps_of(card, progress, handed)) for card in cards)
        self.rows: Tuple[Row, ...] = tuple(rows)
        self.lesson_count = sum(not row.is_pack for row in rows)
        self.changed()

    @property
    def summary(self) -> Message:
        """How many lessons, and how many of their videos are still on their way."""
        coming = sum(row.video == "coming" for row in self.rows if not row.is_pack)
        if not self.lesson_count:
            return Message("lessons.none")
        key = "lessons.summary.coming" if coming else "lessons.summary"
        return Message(key, {"n": self.lesson_count, "coming": coming})
