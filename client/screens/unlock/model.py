"""Opening one person's vault, or giving it another secret with the school's recovery code."""

from __future__ import annotations

import enum
from math import ceil
from typing import Any, Callable, Optional

from client.digits import digits_of
from client.laptop.problems import as_laptop_error
from client.messages import Message
from client.screens.model import ScreenModel, Session
from client.screens.secret.choosing import Choosing
from client.screens.secret.typed import Typed
from sync import recovery
from sync.recovery import GROUP_DIGITS, GROUPS

CODE_DIGITS = GROUPS * GROUP_DIGITS


class Page(enum.Enum):
    """What the screen shows."""

    ASK = "ask"
    TEACHER = "teacher"
    CODE = "code"
    NEW = "new"


class Model(ScreenModel):
    """What is typed, how long to wait, what was wrong; ``opened`` at the end."""

    def __init__(self, session: Session, person: str) -> None:
        super().__init__(session)
        self.person = session.laptop.person(person)
        self._vaults = session.laptop.vaults
        self.kind = self._vaults.kind(person)
        self.typed = Typed(self.kind)
        self.page = Page.ASK
        self.code = ""
        self.choosing: Optional[Choosing] = None
        self.busy = self.opened = False
        self.problem: Optional[Message] = None

    @property
    def wait_s(self) -> int:
        """How long it is until the next guess, in whole seconds."""
        return ceil(self._vaults.wait_s(self.person.id)) if self.page is Page.ASK else 0

    @property
    def shortest(self) -> int:
        """How many digits, letters or pictures there are at least."""
        return int(self._vaults.policy.shortest(self.kind))

    def submit(self) -> None:
        """Try what was typed."""
        if self.busy or self.wait_s or not self.typed.count:
            return
        secret = self.typed.secret()
        self._ask(lambda: self._vaults.open(self.person.id, secret))

    def forgot(self) -> None:
        """Say who helps."""
        self._show(Page.TEACHER)

    def type_in(self) -> None:
        """Let the teacher type the school's code."""
        self._show(Page.CODE)

    def type_code(self, typed: str) -> None:
        """Take over the code; anything but digits is left out."""
        self.code, self.problem = digits_of(typed, CODE_DIGITS), None
        self.changed()

    @property
    def wrong_group(self) -> int:
        """Which group of the code is mistyped, from 1; 0 while none is."""
        return recovery.wrong_group(self.code) or 0

    @property
    def code_ready(self) -> bool:
        """Whether the code may be right."""
        return len(self.code) == CODE_DIGITS and not self.wrong_group

    @property
    def code_help(self) -> Message:
        """What to say under the code."""
        if self.wrong_group:
            return Message("error.recovery-mistyped", {"n": self.wrong_group})
        if self.code_ready:
            return Message("unlock.code.right")
        return Message("unlock.code.left", {"n": CODE_DIGITS - len(self.code)})

    def choose_new(self) -> None:
        """Let the person choose another secret."""
        if self.code_ready:
            self.choosing = Choosing(self.person, self._vaults.policy, self.changed)
            self._show(Page.NEW)

    def submit_new(self) -> None:
        """Take what was typed of the new secret; the second time it counts."""
        new = None if self.choosing is None or self.busy else self.choosing.submit()
        if new is not None:
            secret, code = new, self.code
            self._ask(lambda: self._vaults.reset(self.person.id, code, secret))

    def back(self) -> bool:
        """Go a page back; tell whether there was one."""
        if self.busy or self.page is Page.ASK:
            return self.busy
        if self.page is Page.NEW and self.choosing is not None and self.choosing.back():
            return True
        before = {Page.TEACHER: Page.ASK, Page.CODE: Page.TEACHER, Page.NEW: Page.CODE}
        self._show(before[self.page])
        return True

    def _show(self, page: Page) -> None:
        self.page, self.problem = page, None
        self.typed.clear()
        self.changed()

    def _ask(self, act: Callable[[], None]) -> None:
        self.busy, self.problem = True, None
        self.changed()
        self.session.executor.submit("vaults.unlock", act, self._answered)

    def _answered(self, outcome: Any) -> None:
        self.busy = False
        self.typed.clear()
        error = outcome.error
        if error is None:
            self.opened = True
        else:
            self.problem = as_laptop_error(error).message
            if self.page is Page.NEW:
                # What is wrong now is the code: the new secret was fine.
                self.page, self.choosing = Page.CODE, None
        self.changed()

    def close(self) -> None:
        """Forget what was typed; a vault that opens after its owner turned away is locked again."""
        self.typed.clear()
        self.code = ""
        if self.busy:
            self.session.executor.drop("vaults.unlock")
            self.session.executor.submit("vaults.get-up", self._vaults.get_up)
