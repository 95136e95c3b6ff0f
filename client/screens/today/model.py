"""What a pupil does now: one thing first, then the tasks at hand, then what came back."""

from __future__ import annotations

import time
from typing import Optional, Tuple

from client.laptop.people.calling import first_name
from client.laptop.schoolwork.works import Work
from client.messages import Message
from client.messages.moment import Moment
from client.screens.model import ScreenModel, Session
from client.screens.plan import (
    NextLesson,
    OpenTask,
    handed_in,
    next_lesson,
    open_tasks,
    pack_progress,
)

TASKS_SHOWN = 3
PACKS_SHOWN = 3


def part_of_day(hour: int) -> str:
    """Return ``morning``, ``day`` or ``evening`` for an hour from 0 to 23."""
    if 4 <= hour < 12:
        return "morning"
    return "day" if 12 <= hour < 18 else "evening"


def _marked_ms(work: Work) -> int:
    return work.mark.time_ms if work.mark else 0


class Model(ScreenModel):
    """``next`` is the lesson to go on with, ``tasks`` those at hand, ``answer`` the newest mark."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.reload()

    def reload(self) -> None:
        """Read everything again."""
        laptop, person = self.session.laptop, self.session.person
        who = person.id if person else ""
        cards, works, progress = laptop.lessons(), laptop.works(who), laptop.progress(who)
        handed = handed_in(works)
        self.next: Optional[NextLesson] = next_lesson(cards, progress, handed)
        tasks = open_tasks(cards, laptop.task_titles(), progress, handed, laptop.drafts(who))
        self.tasks: Tuple[OpenTask, ...] = tasks[:TASKS_SHOWN]
        self.tasks_left = len(tasks) - len(self.tasks)
        self.answer: Optional[Work] = max(
            (work for work in works if work.mark), default=None, key=_marked_ms
        )
        self.packs = pack_progress(cards, progress, handed)[:PACKS_SHOWN]
        self.has_lessons = bool(cards)
        self.status = laptop.status()
        self.changed()

    @property
    def greeting(self) -> Message:
        """Good morning, by the laptop's best idea of the time."""
        hour = time.localtime(self.session.laptop.now_ms() / 1000).tm_hour
        person = self.session.person
        return Message(
            "today.greeting." + part_of_day(hour),
            {"name": first_name(person.name if person else "")},
        )

    @property
    def plan(self) -> Message:
        """What today's work comes to."""
        if self.next is None:
            return Message("today.plan.done" if self.has_lessons else "today.plan.empty")
        minutes = self.next.card.minutes
        if not self.tasks:
            return Message("today.plan.lesson", {"minutes": minutes})
        return Message("today.plan", {"minutes": minutes, "n": len(self.tasks)})

    @property
    def sent(self) -> Tuple[Message, str, str]:
        """The chip beside the greeting: words, icon, tint."""
        if self.status.waiting:
            return Message("today.waiting", {"n": self.status.waiting}), "waiting", "sun"
        if self.status.last_received_ms:
            moment = Moment(self.status.last_received_ms)
            return Message("today.received", {"time": moment}), "check", "green"
        return Message("today.nothing_sent"), "laptop", "stone"
