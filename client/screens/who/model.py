"""Who may sit down at this laptop."""

from __future__ import annotations

from typing import Tuple

from client.laptop.people import Person
from client.messages import Message
from client.screens.model import ScreenModel, Session
from client.screens.names import short_names


class Model(ScreenModel):
    """The people of the laptop and what they are called."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.reload()

    def reload(self) -> None:
        """Read the people again."""
        laptop = self.session.laptop
        self.people: Tuple[Person, ...] = laptop.people()
        self.names: Tuple[str, ...] = short_names(self.people)
        self._lessons = len(laptop.lessons())
        self.changed()

    @property
    def footer(self) -> Message:
        """The school, and how many lessons there are."""
        values = {"school": self.session.laptop.school, "n": self._lessons}
        return Message("who.footer" if values["school"] else "who.footer.no_school", values)
