"""A sealed test on the screen: the code opens it, once, and what is wrong is said."""

from __future__ import annotations

from client.screens.task.given import said_error
from client.screens.task.unlocking import Unlocking


class Desk:
    """A model with an executor that runs at once and a laptop that knows one code."""

    def __init__(self):
        self.session = self.laptop = self.executor = self
        self.told = self.tries = self.opened = 0
        self.held = None

    def changed(self):
        self.told += 1

    def where(self):
        return "p", "pack", "lesson", "task"

    def open(self):
        self.opened += 1

    def unlock(self, person, pack, lesson, task, code):
        self.tries += 1
        if code != "GOOD":
            raise ValueError(code)

    def submit(self, name, work, done):
        self.held = lambda: done(outcome_of(work))


def outcome_of(work):
    from client.executor import Outcome

    try:
        return Outcome("task.unlock", work(), None)
    except ValueError as error:
        return Outcome("task.unlock", None, error)


def test_a_code_is_tried_once_and_opens():
    desk = Desk()
    unlocking = Unlocking(desk)
    unlocking.unlock()
    assert desk.held is None
    unlocking.write("GOOD")
    unlocking.unlock()
    unlocking.unlock()
    assert unlocking.busy
    desk.held()
    assert (desk.tries, desk.opened, unlocking.busy, unlocking.code) == (1, 1, False, "")


def test_a_wrong_code_is_said_and_stays_to_be_mended():
    desk = Desk()
    unlocking = Unlocking(desk)
    unlocking.write("BAD")
    unlocking.unlock()
    desk.held()
    assert (desk.opened, unlocking.code, unlocking.problem.key) == (0, "BAD", "error.code-wrong")


def test_an_error_without_words_gets_some():
    assert said_error(None, "task.problem").key == "task.problem"
