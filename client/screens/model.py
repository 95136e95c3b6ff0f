"""What every screen's model has. Imports no kivy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable, List, Optional

if TYPE_CHECKING:
    from client.courier import Courier
    from client.executor import Executor
    from client.laptop.laptop import Laptop
    from client.laptop.people.people import Person
    from client.porter import Porter


@dataclass
class Session:
    """What models work with: the laptop, the threads, the sending, who sits here, the language.

    ``porter`` takes what sticks carry; only a session without a window may lack it. ``guest`` is
    somebody who only looks: there is no person then, and nothing is written.
    """

    laptop: Laptop
    executor: Executor
    courier: Courier
    language: str
    person: Optional[Person] = None
    porter: Optional[Porter] = None
    guest: bool = False

    @property
    def pupil(self) -> Optional[Person]:
        """Whose answers are kept: nobody's where a guest or a teacher only tries a task."""
        return None if self.person is None or self.person.is_teacher else self.person

    def at_hand(self) -> Porter:
        """Give the porter; raises RuntimeError where there is no window that has one."""
        if self.porter is None:
            raise RuntimeError("this session has no porter")
        return self.porter


class ScreenModel:
    """A screen's state as plain values and Messages; it outlives its view.

    A view is thrown away and built anew when the language, the colours, the size of text or the
    width of the window change. Whatever must survive that (answers typed, a position) is
    kept here. The keyword arguments of ``app.go`` come to ``__init__`` after the session.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._listeners: List[Callable[[], None]] = []

    @property
    def watched(self) -> bool:
        """Whether something goes on here that one looks at without touching anything."""
        return False

    def listen(self, callback: Callable[[], None]) -> None:
        """Have ``callback`` called, on the window's thread, after every change."""
        self._listeners = [callback]

    def changed(self) -> None:
        """Tell the view that what it shows has changed."""
        for callback in self._listeners:
            callback()

    def reload(self) -> None:
        """Read again what syncing may have changed. Called when a sync has ended."""

    def close(self) -> None:
        """Save what is not saved and let go; the screen is being left."""
