"""How people sit down at the laptop and get up again. Imports no kivy.

Who has a vault is asked for what they know. Who has none gets in as they are, and is asked now and
then whether they would like one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from client.executor import Outcome
from client.laptop.errors import Fault
from client.laptop.problems import failure

if TYPE_CHECKING:
    from client.laptop.laptop import Laptop
    from client.laptop.people.people import Person
    from client.laptop.people.vaults import Vaults
    from client.screens.model import Session

FREE, UNLOCK, CHOOSE = "", "unlock", "secret"
"""The ways in: straight to the work, or by the screen of that name."""
DAY_MS = 24 * 3_600_000
AGAIN_DAYS = (1, 3, 7, 30)
"""How long "Not now" holds: the first time, the second..."""
ASK = "lock.ask"
"""A preference: ``no`` where nobody is to be asked for a secret."""
LOCK_AFTER = "lock.after"
LOCK_AFTER_MINUTES = (2, 5, 10, 30)
USUAL_MINUTES = 5
_LATER = "lock.later."


def lock_after_minutes(laptop: Laptop) -> int:
    """Return after how many minutes without a touch the work of this laptop is locked."""
    chosen = laptop.preference(LOCK_AFTER, str(USUAL_MINUTES))
    usual = [one for one in LOCK_AFTER_MINUTES if str(one) == chosen]
    return usual[0] if usual else USUAL_MINUTES


def first_grade_of(class_name: str) -> int:
    """Return the grade that a class's name begins with; 0 where it begins with none."""
    digits = ""
    for letter in class_name.strip():
        if not letter.isdigit():
            break
        digits += letter
    return int(digits) if digits else 0


class Sitting:
    """Who sits at one laptop's window, as far as vaults go.

    ``seen_off`` is called, on the window's thread, when somebody who was here for once has left.
    """

    def __init__(self, session: Session, seen_off: Callable[[], None] = lambda: None) -> None:
        self._session, self._seen_off = session, seen_off
        self._comings = 0
        self._closed = False

    @property
    def vaults(self) -> Vaults:
        """The vaults of this laptop."""
        return self._session.laptop.vaults

    def way_in(self, person: Person) -> str:
        """Return ``UNLOCK``, ``CHOOSE`` or ``FREE``."""
        if self.vaults.kind(person.id):
            return UNLOCK
        return CHOOSE if self.must_choose or self._is_asked(person) else FREE

    @property
    def must_choose(self) -> bool:
        """Whether the school lets nobody sit down without a secret."""
        return bool(self.vaults.policy.required)

    @property
    def lock_after_s(self) -> float:
        """How long nobody may touch the laptop before it locks."""
        return 60.0 * lock_after_minutes(self._session.laptop)

    def set_lock_after(self, minutes: str) -> None:
        """Lock after so many minutes from now on, whoever sits here."""
        self._session.laptop.set_preference(LOCK_AFTER, minutes)

    def not_now(self, person: Person) -> None:
        """Keep that somebody wants no secret today; they are asked again another day."""
        laptop = self._session.laptop
        times = self._later(person)[1] + 1
        laptop.set_preference(_LATER + person.id, f"{laptop.now_ms() // DAY_MS} {times}")

    def come(self, person: Person) -> None:
        """Let somebody sit down whose vault is open, or who has none.

        Raises LaptopError ``vault-closed``.
        """
        if not self.vaults.can_read(person.id):
            raise failure("vault-closed", Fault.YOUR_DATA, person.id)
        self._comings += 1
        if self.vaults.sitting != person.id:
            self._take_the_seat(person)
        self._session.person, self._session.guest = person, False

    def _take_the_seat(self, person: Person) -> None:
        """Let somebody without a vault sit down, after what the one before them typed is saved."""
        vaults, coming = self.vaults, self._comings
        if not vaults.sitting:
            vaults.sit_down_open(person.id)
            return

        def sit_down() -> None:
            if self._comings == coming:
                vaults.sit_down_open(person.id)

        self._session.executor.submit("vaults.sit-down", sit_down)

    def look_around(self) -> None:
        """Let somebody look who is nobody of this laptop: nothing of theirs is kept."""
        self._session.person, self._session.guest = None, True

    def go(self) -> None:
        """Let whoever sits here get up. Their keys go once everything of theirs is written."""
        person, laptop = self._session.person, self._session.laptop
        self._session.person, self._session.guest = None, False
        submit = self._session.executor.submit
        if person is None:
            self._lock()
            return
        # Also what a power cut kept from being told when its task was left.
        submit("drafts.tell", lambda: laptop.travelling.tell_all(person.id), self._told)
        self._lock()
        submit("visits.see-off", lambda: laptop.visits.see_off(person.id), self._left)

    def _told(self, outcome: Outcome[Any]) -> None:
        if outcome.value:
            self._session.courier.work_waits()

    def is_visitor(self, person: Person) -> bool:
        """Tell whether somebody is here for once: they are not waited for when they go."""
        return bool(self._session.laptop.visits.is_visitor(person.id))

    def _left(self, outcome: Outcome[bool]) -> None:
        """The first screen shows nobody who has gone for good."""
        self._told(outcome)
        if outcome.value:
            self._seen_off()

    def close(self) -> None:
        """Lock what is open: the programme ends. A second call changes nothing."""
        if not self._closed:
            self._closed = True
            self._lock()

    def _lock(self) -> None:
        """Lock what is open, after what is being saved; whoever has come meanwhile stays."""
        coming, vaults = self._comings, self.vaults

        def get_up() -> None:
            if self._comings == coming:
                vaults.get_up()

        self._session.executor.submit("vaults.get-up", get_up)

    def locks(self) -> bool:
        """Tell whether there is anything to lock: whoever sits here has a vault."""
        person = self._session.person
        return person is not None and bool(self.vaults.kind(person.id))

    def _is_asked(self, person: Person) -> bool:
        laptop = self._session.laptop
        if laptop.preference(ASK) == "no":
            return False
        day, times = self._later(person)
        if not times:
            return True
        # A clock that was put back may not silence the question for years.
        gone = abs(laptop.now_ms() // DAY_MS - day)
        return bool(gone >= AGAIN_DAYS[min(times, len(AGAIN_DAYS)) - 1])

    def _later(self, person: Person) -> Any:
        """Look up on which day, and how often, somebody said "Not now"."""
        day, _, times = self._session.laptop.preference(_LATER + person.id).partition(" ")
        return (int(day), int(times)) if day.isdigit() and times.isdigit() else (0, 0)
