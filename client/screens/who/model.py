"""Who may sit down at this laptop."""

from __future__ import annotations

from collections import Counter
from typing import Dict, List, NamedTuple, Tuple

from client.laptop.people.calling import short_names
from client.laptop.people.people import Person
from client.messages import Message
from client.screens.model import ScreenModel, Session
from client.screens.who.finding import begins
from client.sitting import first_grade_of

MANY = 12
"""Up to so many stand on one screen; more are shown a class at a time."""
TEACHERS = "*"
CLASS = "who.class"
"""A preference: whose faces were on the screen last."""


class Shown(NamedTuple):
    """Somebody on the screen: what they are called there, and the class where that is needed."""

    person: Person
    name: str
    class_name: str = ""


class Model(ScreenModel):
    """The people of the laptop and what they are called."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.typed = ""
        self.finding = False
        self.picking = not session.laptop.preference(CLASS)
        self.reload()

    def reload(self) -> None:
        """Read the people again."""
        laptop = self.session.laptop
        self.people: Tuple[Person, ...] = laptop.people()
        self.names: Tuple[str, ...] = short_names(self.people)
        self._groups = _groups(self.people, self.names) if self.many else {}
        kept = laptop.preference(CLASS)
        self.chosen = kept if kept in self._groups else next(iter(self._groups), "")
        self._lessons = len(laptop.lessons())
        self.changed()

    @property
    def many(self) -> bool:
        """Whether there are more people than one screen has room for."""
        return len(self.people) > MANY

    @property
    def classes(self) -> Tuple[str, ...]:
        """The classes to choose from, the youngest first, then ``TEACHERS``."""
        return tuple(self._groups)

    @property
    def shown(self) -> Tuple[Shown, ...]:
        """Whose faces are on the screen: who was looked for, else the chosen class."""
        if not self.many:
            return _shown(self.people, self.names)
        if not self.typed.strip():
            return self._groups.get(self.chosen, ())
        return tuple(
            one._replace(class_name=one.person.class_name)
            for group in self._groups.values()
            for one in group
            if begins(one.person.name, self.typed) or begins(one.name, self.typed)
        )

    def choose_class(self, name: str) -> None:
        """Show a class's faces, now and when the laptop is opened next."""
        self.chosen, self.typed = name, ""
        self.finding = self.picking = False
        self.session.laptop.set_preference(CLASS, name)
        self.changed()

    def look_for(self, typed: str) -> None:
        """Show who is called so."""
        self.typed = typed
        self.changed()

    def pick(self) -> None:
        """Show the classes instead of faces, where there is not room for both."""
        self.picking = True
        self.changed()

    def find(self) -> None:
        """Begin to look for somebody by name."""
        self.finding, self.typed = True, ""
        self.changed()

    def stop_finding(self) -> None:
        """Show the class again."""
        self.finding, self.typed = False, ""
        self.changed()

    @property
    def footer(self) -> Message:
        """The school, and how many lessons there are."""
        values = {"school": self.session.laptop.school, "n": self._lessons}
        return Message("who.footer" if values["school"] else "who.footer.no_school", values)


def _shown(people: Tuple[Person, ...], names: Tuple[str, ...]) -> Tuple[Shown, ...]:
    """Call everybody by name, two who are called alike with their classes.

    Who teaches two classes stands there twice.
    """
    called = Counter(names)
    return tuple(
        Shown(one, name, one.class_name if called[name] > 1 else "")
        for one, name in zip(people, names)
    )


def _groups(people: Tuple[Person, ...], names: Tuple[str, ...]) -> Dict[str, Tuple[Shown, ...]]:
    groups: Dict[str, List[Shown]] = {}
    for one in _shown(people, names):
        key = TEACHERS if one.person.is_teacher else one.person.class_name
        # A class's name stands above its faces already.
        groups.setdefault(key, []).append(one if key == TEACHERS else one._replace(class_name=""))
    order = sorted(groups, key=lambda key: (key == TEACHERS, first_grade_of(key), key))
    return {key: tuple(groups[key]) for key in order}
