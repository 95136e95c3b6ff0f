"""What the pupil typed into the same task on another laptop; a part of the task's model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Mapping, Optional, Protocol, Tuple

from client.executor import Outcome
from client.laptop.schoolwork.drafts import DraftKey
from client.messages import Message
from client.messages.moment import Moment
from client.screens.task.given import is_answered, readable, said_error

if TYPE_CHECKING:
    from client.laptop.schoolwork.travelling_drafts import OfferedDraft
    from client.screens.model import Session
    from content.task import Task

MAX_EXCERPT = 160
Offered = Tuple["OfferedDraft", ...]


class Host(Protocol):
    """The model of a task."""

    session: Session
    task: Optional[Task]

    def where(self) -> Tuple[str, str, str, str]:
        """Whose task it is: person, pack, lesson, task."""

    def open(self) -> None:
        """Open the task again, now that it is clear what was typed."""

    @property
    def changed(self) -> Callable[[], None]:
        """Tell the view."""


class Elsewhere:
    """``offered`` are the drafts to choose from, this laptop's first where there is one."""

    def __init__(self, model: Host) -> None:
        self._model = model
        self._key = DraftKey(*model.where())
        self.offered: Offered = ()
        self.busy = False
        self.problem: Optional[Message] = None

    def look(self) -> Offered:
        """Fetch what other laptops told; on a worker's thread, before the task is opened."""
        return self._model.session.laptop.travelling.look(self._key)

    def choose(self, name: str) -> None:
        """Go on with one of them, once."""
        if self.busy:
            return
        self.busy, self.problem = True, None
        travelling, key = self._model.session.laptop.travelling, self._key
        self._model.session.executor.submit(
            "task.choose-draft", lambda: travelling.choose(key, name), self._chosen
        )
        self._model.changed()

    def _chosen(self, outcome: Outcome[None]) -> None:
        self.busy = False
        if outcome.error is not None:
            self.problem = said_error(outcome.error, "task.elsewhere.problem")
            self._model.changed()
        else:
            self._model.open()

    def tell(self) -> None:
        """Send what is typed to the other laptops, after it is saved here: the task is left."""
        session = self._model.session
        if not self._key.person:
            return
        travelling, key = session.laptop.travelling, self._key

        def told(outcome: Outcome[bool]) -> None:
            if outcome.value:
                session.courier.work_waits()

        tag = f"task.tell-draft {self._key.pack} {self._key.lesson} {self._key.task}"
        session.executor.submit(tag, lambda: travelling.tell(key), told)

    def place_of(self, offered: OfferedDraft) -> Message:
        """Say on which laptop a draft was typed, and when."""
        key = "task.elsewhere.there" if offered.name else "task.elsewhere.here"
        return Message(key, {"time": Moment(offered.time_ms)})

    def answered(self, offered: OfferedDraft) -> Message:
        """Say how many questions a draft answers."""
        answers = readable(offered.answers)
        count = len(self._model.task.items) if self._model.task is not None else len(answers)
        done = sum(is_answered(answer) for answer in answers.values())
        return Message("task.elsewhere.answered", {"n": done, "count": count})

    def excerpt(self, offered: OfferedDraft) -> str:
        """Quote what was written in words, so that a pupil knows their own text again."""
        words = [text for _, text in sorted(self._written(offered).items()) if text]
        return _shortened(" · ".join(words))

    def _written(self, offered: OfferedDraft) -> Mapping[str, str]:
        kinds = {item.id: item.kind for item in self._model.task.items} if self._model.task else {}
        return {
            item: " ".join(answer.split())
            for item, answer in offered.answers.items()
            if isinstance(answer, str) and kinds.get(item) in ("text", "short", "number")
        }


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_EXCERPT else text[: MAX_EXCERPT - 1].rstrip() + "…"
