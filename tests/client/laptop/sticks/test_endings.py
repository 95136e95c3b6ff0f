from __future__ import annotations

from dataclasses import replace

import pytest

from client.laptop.account import InstalledPack
from client.laptop.problems import problem_of
from client.laptop.sticks.account import StickAccount
from client.laptop.sticks.endings import concluded
from client.messages import Message
from sync.errors import CancelledError, StickError

NOTHING = StickAccount(Message("stick.nothing-new"))


@pytest.mark.parametrize(
    ("changes", "marks_arrived", "marks_left", "key"),
    [
        ({}, False, False, "stick.nothing-new"),
        ({"works_left": 1}, False, False, "stick.left"),
        ({"works_left": 1}, False, True, "stick.left-marks"),
        ({"works_arrived": 2}, False, True, "stick.arrived"),
        ({"works_arrived": 2}, True, True, "stick.arrived-marks"),
        ({"packs_installed": (InstalledPack("algebra", 1),)}, False, False, "stick.came"),
        ({"letters_taken": 1}, False, False, "stick.synced"),
        ({"problem": problem_of(CancelledError())}, False, False, "stick.stopped"),
        ({"works_left": 1, "problem": problem_of(StickError("stick-full"))}, False, False,
         "error.stick-full"),
    ],
)  # fmt: skip
def test_the_last_word_fits_what_was_done(changes, marks_arrived, marks_left, key):
    account = concluded(replace(NOTHING, **changes), marks_arrived, marks_left)
    assert account.sentence.key == key


def test_what_arrived_is_said_before_what_lies_there_now():
    account = concluded(replace(NOTHING, works_arrived=2, works_left=1), True, False)
    assert account.sentence.key == "stick.arrived-marks"
    assert account.sentence.values["rest"].key == "stick.left"
