"""Walked: changing what opens the work, guessing at it, and being gone from the laptop."""

from __future__ import annotations

import errno

import pytest

from client.laptop.errors import Fault
from client.laptop.problems import failure
from client.screens.secret.pane import waiting
from client.vaults.secrets import pin
from tests.support.laptop import AIGERIM
from tests.support.screens import stage
from tests.support.showcase import PEOPLE, Showcase

pytestmark = pytest.mark.screen
PIN = pin("2580")


@pytest.fixture
def laptop(tmp_path):
    made = Showcase(tmp_path)
    made.vaults.create(AIGERIM.id, PIN)
    return made


@pytest.fixture
def here(laptop):
    opened = stage(laptop)
    opened.app.sign_in(AIGERIM)
    opened.app.go("secret", person=AIGERIM.id)
    opened.settle()
    yield opened
    opened.close()


def type_in(here, digits):
    for key in (*digits, "enter"):
        here.key(key)
    assert here.app.executor.wait()
    here.settle()


def test_who_guesses_at_the_old_one_is_told_how_long_to_wait(here):
    for _ in range(3):
        type_in(here, "9991")
    assert "15 секунд" in here.words()
    assert here.find("DigitPad").disabled
    assert here.find("PrimaryButton", icon="check").disabled
    here.app.laptop.vaults.cabinet._monotonic.now_s += 15
    here.wait(lambda: not here.find("DigitPad").disabled)
    assert not here.find("PrimaryButton", icon="check").disabled
    type_in(here, "2580")
    assert here.app.model.page.value == "new"


@pytest.mark.parametrize(
    ("wait_s", "key", "n"),
    [
        (0.2, "error.vault-wait", 1),
        (120, "error.vault-wait", 120),
        (3599.5, "unlock.wait.minutes", 60),
    ],
)
def test_nobody_counts_thousands_of_seconds(wait_s, key, n):
    said = waiting(wait_s)
    assert (said.key, said.values["n"]) == (key, n)
    assert waiting(0.0) is None


def test_a_full_disk_is_called_so(here, laptop, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(type(laptop.vaults), "open", full)
    type_in(here, "2580")
    assert here.app.model.problem.key == "error.disk-full"


def test_whoever_is_gone_from_the_laptop_gets_up(here, laptop):
    laptop.people = lambda: tuple(one for one in PEOPLE if one != AIGERIM)
    here.app.refuse(failure("no-such-person", Fault.YOUR_DATA).message)
    assert here.app.executor.wait()
    here.settle()
    assert (here.app.person, here.app.history[-1].name) == (None, "who")
    assert laptop.vaults.sitting == ""
    assert "Айгерім" not in here.words()
