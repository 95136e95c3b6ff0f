"""Choosing a new secret: which kind, then the same twice. Imports no kivy."""

from __future__ import annotations

import enum
from typing import Callable, Optional, Tuple

from client.laptop.errors import LaptopError
from client.laptop.people.people import Person
from client.messages import Message
from client.screens.secret.typed import Typed
from client.sitting import first_grade_of
from client.vaults.secrets import PASSWORD, PICTURES, PIN, Policy, Secret, check_new

WHO_CANNOT_WRITE_YET = 2
"""Up to this grade a child is offered pictures."""


class Step(enum.Enum):
    """What is asked for."""

    KIND = "kind"
    FIRST = "first"
    AGAIN = "again"


class Choosing:
    """One person's choice, until it was typed twice alike.

    Args:
        person: whose it will be.
        policy: what the school demands at least.
        changed: called after every change.
    """

    def __init__(self, person: Person, policy: Policy, changed: Callable[[], None]) -> None:
        self._policy, self._changed = policy, changed
        self._first: Optional[Secret] = None
        self.young = 0 < first_grade_of(person.class_name) <= WHO_CANNOT_WRITE_YET
        self.young = self.young and not person.is_teacher
        self.problem: Optional[Message] = None
        self.step = Step.FIRST if self.young else Step.KIND
        self.typed = Typed(PICTURES)

    @property
    def kinds(self) -> Tuple[str, ...]:
        """The kinds to choose from, the likeliest first."""
        return (PICTURES, PIN, PASSWORD) if self.young else (PIN, PICTURES, PASSWORD)

    @property
    def shortest(self) -> int:
        """How many there must be at least."""
        return self._policy.shortest(self.typed.kind)

    @property
    def words(self) -> Message:
        """What to do now."""
        if self.step is Step.KIND:
            return Message("secret.kind")
        return Message(f"secret.{self.step.value}.{self.typed.kind}", {"n": self.shortest})

    def choose(self, kind: str) -> None:
        """Take a kind."""
        self.typed, self.step, self.problem = Typed(kind), Step.FIRST, None
        self._changed()

    def back(self) -> bool:
        """Go a step back; tell whether there was one."""
        if self.step is Step.KIND:
            return False
        self.typed.clear()
        self.step = Step.KIND if self.step is Step.FIRST else Step.FIRST
        self._first = self.problem = None
        self._changed()
        return True

    def submit(self) -> Optional[Secret]:
        """Take what was typed; return the secret once it came twice alike."""
        try:
            secret = self.typed.secret()
            check_new(secret, self._policy)
        except LaptopError as error:
            self._again(error.message)
            return None
        if self.step is Step.FIRST:
            self._first, self.step, self.problem = secret, Step.AGAIN, None
            self.typed.clear()
            self._changed()
            return None
        if secret != self._first:
            self._again(Message("secret.differs"))
            return None
        self.typed.clear()
        return secret

    def _again(self, problem: Message) -> None:
        """Begin anew with the first time, and say why."""
        self.typed.clear()
        self._first, self.step, self.problem = None, Step.FIRST, problem
        self._changed()
