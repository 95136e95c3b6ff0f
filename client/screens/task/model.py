"""A task being done: answers, what is saved, what was checked, and what came of handing it in."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Dict, Mapping, Optional, Tuple

from client.executor import Outcome
from client.laptop.problems import SEALED_CODES
from client.laptop.schoolwork.works import Answer, Work
from client.messages import Message
from client.screens.model import ScreenModel, Session
from client.screens.task.attaching import Attaching
from client.screens.task.elsewhere import Elsewhere, Offered
from client.screens.task.given import entries, is_answered, readable, said_error, said_number
from client.screens.task.unlocking import Unlocking

if TYPE_CHECKING:
    from client.laptop.schoolwork.class_work import WorkDetail
    from content.scoring import ItemScore
    from content.task import Item, Task


class Page(enum.Enum):
    """What the screen shows."""

    OPENING = "opening"
    ITEM = "item"
    SUMMARY = "summary"
    DONE = "done"
    PROBLEM = "problem"
    SEALED = "sealed"
    CHOOSING = "choosing"


class Saved(enum.Enum):
    """What is known of the answers on the screen: only `YES` means that they are on the disk."""

    NOTHING_YET = "nothing-yet"
    SAVING = "saving"
    YES = "yes"
    FAILED = "failed"


Opened = Tuple["Task", Mapping[str, object], Optional[Work], Optional["WorkDetail"], int, Offered]


class Model(ScreenModel):
    """One pupil's go at one task.

    A draft is continued where it is; a task handed in shows what came of it. Every
    change goes to the disk at once, on the executor: while one save is under way only the
    newest of those behind it is kept.
    """

    def __init__(self, session: Session, pack: str, lesson: str, task: str) -> None:
        super().__init__(session)
        self.pack_id, self.lesson_id, self.task_id = pack, lesson, task
        self.page = Page.OPENING
        self.task: Optional[Task] = None
        self.problem: Optional[Message] = None
        self.answers: Dict[str, Answer] = {}
        self.index = 0
        self.saved = Saved.NOTHING_YET
        self.hints_open: Dict[str, bool] = {}
        self.checked: Dict[str, ItemScore] = {}
        self.work: Optional[Work] = None
        self.scores: Dict[str, ItemScore] = {}
        self.handing_in = False
        self.attempt = 1
        self.attaching = Attaching(self)
        self.unlocking = Unlocking(self)
        self.elsewhere = Elsewhere(self)
        self.folder: Optional[Path] = None
        self.open()

    def open(self) -> None:
        """Open the task as its person gets it now."""
        self.session.executor.submit("task.open", self._open, self._opened)

    @property
    def items(self) -> Tuple[Item, ...]:
        """The questions."""
        return self.task.items if self.task is not None else ()

    @property
    def item(self) -> Item:
        """The question on the page."""
        return self.items[self.index]

    @property
    def answer(self) -> Answer:
        """What is answered to it so far."""
        return self.answers.get(self.item.id)

    @property
    def parts(self) -> Mapping[str, str]:
        """What is answered in each part of the question on the page."""
        return self.answer if isinstance(self.answer, Mapping) else {}

    @property
    def at_once(self) -> bool:
        """Whether each answer may be checked by itself."""
        return self.task is not None and self.task.feedback == "at-once"

    @property
    def verdict(self) -> Optional[ItemScore]:
        """What checking the question on the page said, until its answer is changed."""
        return self.checked.get(self.item.id)

    @property
    def can_check(self) -> bool:
        """Whether to offer checking instead of going on."""
        return (
            self.at_once
            and self.item.kind not in ("text", "file")
            and self.verdict is None
            and is_answered(self.answer)
        )

    def unanswered(self) -> Tuple[int, ...]:
        """Places of the questions without an answer, from 0."""
        found = enumerate(self.items)
        return tuple(place for place, one in found if not is_answered(self.answers.get(one.id)))

    def choose(self, choice: str) -> None:
        """Choose an answer, or take it back where several may be chosen."""
        if self.item.kind == "choices":
            chosen = list(entries(self.answer))
            chosen = [one for one in chosen if one != choice] + [choice] * (choice not in chosen)
            order = [one.id for one in self.item.choices]
            self._set(sorted(chosen, key=order.index))
        else:
            self._set(choice)

    def choose_place(self, place: int) -> bool:
        """Choose by number, from 0; tell whether there is such a choice."""
        if not 0 <= place < len(self.item.choices):
            return False
        self.choose(self.item.choices[place].id)
        return True

    def move_choice(self, step: int) -> None:
        """Choose the neighbour of what is chosen (of one choice only)."""
        ids = [choice.id for choice in self.item.choices]
        at = ids.index(self.answer) if self.answer in ids else (-1 if step > 0 else 0)
        self.choose(ids[(at + step) % len(ids)])

    def put_next(self, part: str) -> None:
        """Put a part behind those in order, or take it out of the order."""
        order = entries(self.answer)
        self._set([one for one in order if one != part] + [part] * (part not in order))

    def move_up(self, part: str) -> None:
        """Move a part of the order before the one above it."""
        order = entries(self.answer)
        at = order.index(part) if part in order else 0
        if at > 0:
            order[at - 1 : at + 1] = [part, order[at - 1]]
            self._set(order)

    def write_part(self, part: str, said: str) -> None:
        """Take what is answered in one part of the question; empty takes it back."""
        parts = self.parts
        if said != parts.get(part, ""):
            self._set({**{name: one for name, one in parts.items() if name != part}, part: said})

    def write(self, text: str) -> None:
        """Take what is typed; the view shows it already, so it is not told."""
        if text != (self.answer or ""):
            self._set(text)

    def add_file(self, item: str, name: str) -> None:
        """Put an attached file into the answer to a question, which may not be shown any more."""
        names = entries(self.answers.get(item))
        self.answers[item] = [*names, name] if name not in names else names
        self._save()
        self.changed()

    def remove_file(self, name: str) -> None:
        """Take an attached file out of the answer on the page."""
        self._set([one for one in entries(self.answer) if one != name])

    def _set(self, answer: Answer) -> None:
        self.answers[self.item.id] = answer
        self.checked.pop(self.item.id, None)
        self._save()
        self.changed()

    def check(self) -> None:
        """Say at once whether the answer is right."""
        from content.scoring import score_item

        self.checked[self.item.id] = score_item(self.item, self.answer)
        self.changed()

    def toggle_hint(self) -> None:
        """Show or hide the hint."""
        self.hints_open[self.item.id] = not self.hints_open.get(self.item.id, False)
        self.changed()

    def forward(self) -> None:
        """Go to the next question, after the last to the summary."""
        if self.index + 1 < len(self.items):
            self.go_to(self.index + 1)
        else:
            self.page = Page.SUMMARY
            self.changed()

    def backward(self) -> None:
        """Go to the question before; from the summary to the last one."""
        if self.page is Page.SUMMARY:
            self.go_to(self.index)
        elif self.index > 0:
            self.go_to(self.index - 1)

    def later(self) -> None:
        """Leave this one for later: go to the next that has no answer, else to the summary."""
        count = len(self.items)
        following = [(self.index + step) % count for step in range(1, count)]
        left = set(self.unanswered())
        target = next((place for place in following if place in left), None)
        if target is None or target < self.index:
            self.page = Page.SUMMARY
            self.changed()
        else:
            self.go_to(target)

    def go_to(self, place: int) -> None:
        """Show a question."""
        self.index, self.page = place, Page.ITEM
        self.attaching.listing = self.attaching.problem = None
        self.changed()

    def hand_in(self) -> None:
        """Hand in, once, whatever is pressed; answers of who only tries are scored, and gone."""
        if self.handing_in or self.page is not Page.SUMMARY:
            return
        person, laptop, language = self.session.pupil, self.session.laptop, self.session.language
        if person is None:
            self._score()
            self.changed()
            return
        self.handing_in = True
        where = self._where(person.id)
        answers, attempt = self._answers_to_keep(), self.attempt
        self.session.executor.submit(
            "task.hand-in",
            lambda: laptop.hand_in(*where, answers, language, attempt),
            self._handed_in,
        )
        self.changed()

    def start_again(self) -> None:
        """Begin another attempt, with other numbers if the task has variants.

        The work handed in stays as it is.
        """
        person = self.session.person
        self.answers, self.checked, self.scores, self.hints_open = {}, {}, {}, {}
        self.saved = Saved.NOTHING_YET
        self.attempt += 1
        if self.task is None or not self.task.variant or person is None:
            self.go_to(0)
            return
        self.page, attempt = Page.OPENING, self.attempt
        laptop, where = self.session.laptop, self._where(person.id)
        self.session.executor.submit(
            "task.open", lambda: laptop.task(*where, attempt), self._opened_again
        )
        self.changed()

    def _opened_again(self, outcome: Outcome[Task]) -> None:
        if outcome.value is None:
            self._not_opened(outcome.error)
            self.changed()
        else:
            self.task = outcome.value
            self.go_to(0)

    def _not_opened(self, error: Optional[Exception]) -> None:
        self.problem = said_error(error, "task.problem")
        code = getattr(error, "code", "")
        sealed = code in SEALED_CODES and self.session.person is not None
        if sealed and code != "sealed":
            self.unlocking.problem = self.problem
        self.page = Page.SEALED if sealed else Page.PROBLEM

    @property
    def may_try_again(self) -> bool:
        """Whether another attempt may begin: what counts for a unit or a term has one."""
        attempts = self.task.attempts if self.task is not None else None
        return attempts is None or self.attempt < attempts

    def where(self) -> Tuple[str, str, str, str]:
        """Whose task it is: person, pack, lesson, task."""
        person = self.session.person
        return self._where(person.id if person is not None else "")

    def _where(self, person: str) -> Tuple[str, str, str, str]:
        return person, self.pack_id, self.lesson_id, self.task_id

    def reload(self) -> None:
        """A sync ended: the work may have come further on its road, or a test been opened."""
        if self.page is Page.SEALED and not self.unlocking.busy:
            self.open()
            return
        work = self._latest_work()
        if self.page is Page.DONE and work is not None and work != self.work:
            self.work = work
            self.changed()

    def number_understood(self) -> Optional[str]:
        """How a typed number was understood: "2.5", "−5/2"; None when it is no number."""
        from content.number import parse_number

        typed = self.answer.partition(" ")[0] if isinstance(self.answer, str) else None
        number = parse_number(typed)
        return None if number is None else said_number(number)

    def _answers_to_keep(self) -> Dict[str, Answer]:
        return {name: answer for name, answer in self.answers.items() if is_answered(answer)}

    def _save(self) -> None:
        person = self.session.pupil
        if person is None:
            return
        self.saved = Saved.SAVING
        laptop, answers = self.session.laptop, self._answers_to_keep()
        where, attempt = self._where(person.id), self.attempt
        self.session.executor.submit(
            f"task.draft {self.pack_id} {self.lesson_id} {self.task_id}",
            lambda: laptop.save_draft(*where, answers, attempt),
            self._draft_saved,
            replaceable=True,
        )

    def _draft_saved(self, outcome: Outcome[None]) -> None:
        self.saved = Saved.YES if outcome.error is None else Saved.FAILED
        self.changed()

    def _handed_in(self, outcome: Outcome[Work]) -> None:
        self.handing_in = False
        if outcome.value is None:
            self.problem = said_error(outcome.error, "task.hand-in-failed")
        else:
            self.problem = None
            self.work = outcome.value
            self._score()
            self.session.courier.work_waits()
        self.changed()

    def _score(self) -> None:
        from content.scoring import score_task

        self.page = Page.DONE
        if self.task is not None:
            self.scores = dict(score_task(self.task, self.answers).items)

    def _open(self) -> Opened:
        person, laptop = self.session.person, self.session.laptop
        pack = laptop.pack(self.pack_id)
        self.folder = pack.folder / "lessons" / self.lesson_id
        if person is None:
            return pack.task(self.lesson_id, self.task_id), {}, None, None, 1, ()
        where, offered = self._where(person.id), self.elsewhere.look()
        draft = laptop.draft(*where)
        work = None if draft else self._latest_work()
        detail = laptop.work_detail(work.id) if work is not None else None
        attempt = work.attempt if work is not None else laptop.attempt(*where)
        return laptop.task(*where, attempt), draft, work, detail, attempt, offered

    def _latest_work(self) -> Optional[Work]:
        person = self.session.person
        if person is None:
            return None
        place = (self.pack_id, self.lesson_id, self.task_id)
        works = self.session.laptop.works(person.id)
        return next((one for one in works if (one.pack, one.lesson, one.task) == place), None)

    def _opened(self, outcome: Outcome[Opened]) -> None:
        if outcome.value is None:
            self._not_opened(outcome.error)
        else:
            self.task, draft, self.work, detail, self.attempt, offered = outcome.value
            self.elsewhere.offered = offered
            self.page = Page.ITEM
            if self.work is not None and detail is not None:
                self.answers = readable(detail.answers)
                self._score()
            elif draft:
                self.answers, self.saved = readable(draft), Saved.YES
                self.index = next(iter(self.unanswered()), len(self.items) - 1)
            self.page = Page.CHOOSING if offered else self.page
        self.changed()

    def close(self) -> None:
        """Send what is typed to the pupil's other laptops."""
        self.elsewhere.tell()
