"""Making a vault, or giving it another secret."""

from __future__ import annotations

import enum
from typing import Any, Callable, Optional

from client.laptop.problems import as_laptop_error
from client.messages import Message
from client.screens.model import ScreenModel, Session
from client.screens.secret.choosing import Choosing
from client.screens.secret.typed import Typed
from client.sitting import Sitting
from client.vaults.secrets import Secret


class Page(enum.Enum):
    """What the screen shows."""

    OLD = "old"
    NEW = "new"
    DONE = "done"


class Model(ScreenModel):
    """One person's secret. ``done`` once there is a new one.

    Whoever has a vault must type what opens it now before they choose something else.
    """

    def __init__(self, session: Session, person: str) -> None:
        super().__init__(session)
        self.person = session.laptop.person(person)
        self._vaults = session.laptop.vaults
        kind = self._vaults.kind(person)
        self.page = Page.OLD if kind else Page.NEW
        self.old = Typed(kind)
        self._old: Optional[Secret] = None
        self.choosing = Choosing(self.person, self._vaults.policy, self.changed)
        self.busy = False
        self.problem: Optional[Message] = None

    @property
    def changes(self) -> bool:
        """Whether there is a secret already."""
        return bool(self.old.kind)

    @property
    def may_wait(self) -> bool:
        """Whether "Not now" is offered."""
        return not self.changes and not self._vaults.policy.required

    @property
    def typed(self) -> Typed:
        """What is being typed."""
        return self.old if self.page is Page.OLD else self.choosing.typed

    @property
    def said(self) -> Optional[Message]:
        """What went wrong last."""
        return self.problem or self.choosing.problem

    def wait_s(self) -> float:
        """Return how long it is until the next guess at the old secret."""
        return float(self._vaults.wait_s(self.person.id)) if self.page is Page.OLD else 0.0

    def not_now(self) -> None:
        """Ask this person again another day."""
        Sitting(self.session).not_now(self.person)

    def submit(self) -> None:
        """Take what was typed."""
        if self.busy:
            return
        self.problem = None
        if self.page is Page.OLD:
            secret = self.old.secret()
            self._ask(lambda: self._vaults.open(self.person.id, secret), self._known(secret))
            return
        new = self.choosing.submit()
        if new is not None:
            self._ask(lambda: self._keep(new), self._kept)

    def _known(self, secret: Secret) -> Callable[[Any], None]:
        def known(outcome: Any) -> None:
            self.old.clear()
            if not self._failed(outcome):
                self._old, self.page = secret, Page.NEW
            self.changed()

        return known

    def _keep(self, new: Secret) -> None:
        if self._old is None:
            self._vaults.create(self.person.id, new)
        else:
            self._vaults.change(self.person.id, self._old, new)

    def _kept(self, outcome: Any) -> None:
        if not self._failed(outcome):
            self._old, self.page = None, Page.DONE
        self.changed()

    def _ask(self, act: Callable[[], None], done: Callable[[Any], None]) -> None:
        self.busy = True
        self.changed()
        self.session.executor.submit("vaults.secret", act, done)

    def _failed(self, outcome: Any) -> bool:
        self.busy = False
        error = outcome.error
        if error is not None:
            self.problem = as_laptop_error(error).message
        return error is not None

    def close(self) -> None:
        """Let nobody sit here by a vault that is opened after its owner has turned away."""
        self._old = None
        for typed in (self.old, self.choosing.typed):
            typed.clear()
        if self.busy and self.session.person is None:
            self.session.executor.drop("vaults.secret")
            self.session.executor.submit("vaults.get-up", self._vaults.get_up)
