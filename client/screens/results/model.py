"""Work handed in: where each piece is on its road, and what came back."""

from __future__ import annotations

from typing import Mapping, Tuple

from client.laptop.packs.lessons import Text
from client.laptop.schoolwork.works import Station, Work
from client.messages import Message
from client.messages.moment import Moment
from client.screens.model import ScreenModel, Session

PAGE = 12
STATIONS = ("saved", "sent", "school", "marked")


def passed(work: Work) -> int:
    """Return how many stations of its road a work has passed."""
    return int(work.station)


class Model(ScreenModel):
    """``works``, newest first; of a task handed in again only the newest."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = PAGE
        self.reload()

    def reload(self) -> None:
        """Read the works again."""
        laptop, person = self.session.laptop, self.session.person
        works = laptop.works(person.id) if person else ()
        self._works = tuple(work for work in works if not work.replaced)
        self.lesson_titles: Mapping[Tuple[str, str], Text] = {
            (card.pack, card.lesson): card.title for card in laptop.lessons()
        }
        self.waiting = sum(work.station < Station.SCHOOL for work in self._works)
        self.marked = sum(work.mark is not None for work in self._works)
        self.changed()

    @property
    def works(self) -> Tuple[Work, ...]:
        """The works on the screen."""
        return self._works[: self.shown]

    @property
    def more(self) -> int:
        """How many works are not shown yet."""
        return max(0, len(self._works) - self.shown)

    @property
    def summary(self) -> Message:
        """How many works there are, and how many of them are marked."""
        count = len(self._works)
        key = "results.summary" if count else "results.none"
        return Message(key, {"n": count, "marked": self.marked})

    def show_more(self) -> None:
        """Show another page."""
        self.shown += PAGE
        self.changed()

    def when(self, work: Work) -> Message:
        """Say to which lesson a work belongs and when it was handed in."""
        lesson = self.lesson_titles.get((work.pack, work.lesson), work.title)
        return Message("results.when", {"lesson": lesson, "time": Moment(work.handed_in_ms)})

    def verdict(self, work: Work) -> Tuple[Message, str, str]:
        """Return words, icon and tint of the chip: the mark, or where the work is."""
        if work.mark is not None:
            points = {"points": work.mark.points, "of": work.mark.of}
            return Message("results.points", points), "check", "green"
        if work.station >= Station.SCHOOL:
            return Message("results.at_school"), "school", "sky"
        if work.station == Station.SENT:
            return Message("results.on_road"), "send", "sun"
        return Message("results.on_laptop"), "laptop", "sun"

    def own_score(self, work: Work) -> Tuple[Message, ...]:
        """What the laptop itself could score, if that says anything and no mark replaced it."""
        if work.mark is not None or work.points is None:
            return ()
        values = {"points": work.points, "of": work.of - work.waiting, "waiting": work.waiting}
        return (Message("results.scored.waiting" if work.waiting else "results.scored", values),)
