"""Tasks to do, the begun ones first."""

from __future__ import annotations

from typing import Tuple

from client.messages import Message
from client.screens.model import ScreenModel, Session
from client.screens.plan import OpenTask, handed_in, open_tasks

PAGE = 12


class Model(ScreenModel):
    """``begun`` and ``new`` tasks; of the new ones as many as were asked for."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = PAGE
        self.reload()

    def reload(self) -> None:
        """Read lessons, works and drafts again."""
        laptop, person = self.session.laptop, self.session.person
        who = person.id if person else ""
        cards, works, progress = laptop.lessons(), laptop.works(who), laptop.progress(who)
        handed, drafts = handed_in(works), laptop.drafts(who)
        tasks = open_tasks(cards, laptop.task_titles(), progress, handed, drafts)
        self.begun: Tuple[OpenTask, ...] = tuple(task for task in tasks if task.begun)
        self._new = tuple(task for task in tasks if not task.begun)
        self.handed_in = len(handed)
        self.changed()

    @property
    def new(self) -> Tuple[OpenTask, ...]:
        """The new tasks on the screen."""
        return self._new[: self.shown]

    @property
    def more(self) -> int:
        """How many new tasks are not shown yet."""
        return max(0, len(self._new) - self.shown)

    @property
    def summary(self) -> Message:
        """How many tasks there are to do."""
        count = len(self.begun) + len(self._new)
        return Message("practice.summary" if count else "practice.none", {"n": count})

    def show_more(self) -> None:
        """Show another page of new tasks."""
        self.shown += PAGE
        self.changed()
