"""Opening a sealed test by its code; a part of the task's model and of the teacher's review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Optional, Protocol, Tuple

from client.executor import Outcome
from client.messages import Message
from client.screens.task.given import said_error

if TYPE_CHECKING:
    from client.screens.model import Session


class Opener(Protocol):
    """The model of a screen on which a code is typed."""

    session: Session

    def where(self) -> Tuple[str, str, str, str]:
        """Whose task it is: person, pack, lesson, task."""

    def open(self) -> None:
        """Open the task again, now that more of it can be read."""

    @property
    def changed(self) -> Callable[[], None]:
        """Tell the view."""


class Unlocking:
    """``code`` is what is typed so far; ``problem`` says why the last one opened nothing."""

    def __init__(self, model: Opener) -> None:
        self._model = model
        self.code = ""
        self.busy = False
        self.problem: Optional[Message] = None

    def write(self, code: str) -> None:
        """Take what is typed; the view shows it already."""
        self.code = code

    def unlock(self) -> None:
        """Try the code, once: stretching it takes a second on an old machine."""
        if self.busy or not self.code.strip():
            return
        self.busy, self.problem = True, None
        laptop, where, code = self._model.session.laptop, self._model.where(), self.code
        self._model.session.executor.submit(
            "task.unlock", lambda: laptop.unlock(*where, code), self._tried
        )
        self._model.changed()

    def _tried(self, outcome: Outcome[None]) -> None:
        self.busy = False
        if outcome.error is not None:
            self.problem = said_error(outcome.error, "error.code-wrong")
        else:
            self.code = ""
            self._model.open()
        self._model.changed()
