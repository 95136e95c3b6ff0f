from __future__ import annotations

import pytest

from client.laptop.sticks.account import failed
from client.screens.shell.notice_words import CLOSE, LATER, MORE, notice_of
from client.screens.sticks.model import BUSY, CANCEL, DONE, EXCHANGE, QUIET, READY, WRONG
from sync.errors import StickError
from tests.support.porter import Carrying, said
from tests.support.showcase_sticks import NEW_STICK, SCHOOL_STICK


@pytest.fixture
def world(tmp_path):
    made = Carrying(tmp_path)
    yield made
    made.close()


def test_a_stick_is_offered_followed_and_said_to_be_done(world):
    world.put_in(NEW_STICK)
    assert notice_of(world.porter) is None, "a drive that is no stick of ours is nobody's business"
    world.put_in(NEW_STICK, SCHOOL_STICK)
    notice = notice_of(world.porter)
    assert (notice.mood, notice.acts) == (READY, (EXCHANGE, LATER))
    world.shown.hold.clear()
    world.porter.visit(SCHOOL_STICK)
    world.until(lambda: notice_of(world.porter).share is not None)
    notice = notice_of(world.porter)
    assert (notice.mood, notice.acts) == (BUSY, (CANCEL,))
    world.shown.hold.set()
    world.turn()
    notice = notice_of(world.porter)
    assert (notice.mood, notice.acts) == (DONE, (MORE, CLOSE))
    assert "You can take it out" in said(notice.title)[2]
    world.porter.dismiss(SCHOOL_STICK.root)
    assert notice_of(world.porter) is None


def test_what_went_wrong_is_said_in_its_own_words(world):
    world.shown.account = failed(StickError("stick-failed"))
    world.put_in(SCHOOL_STICK)
    world.porter.visit(SCHOOL_STICK)
    world.turn()
    notice = notice_of(world.porter)
    assert notice.mood == WRONG
    assert "worn out" in said(notice.words)[2]


def test_what_was_stopped_is_no_failure(world):
    world.put_in(SCHOOL_STICK)
    world.shown.hold.clear()
    world.porter.visit(SCHOOL_STICK)
    world.porter.cancel(SCHOOL_STICK.root)
    world.turn()
    assert notice_of(world.porter).mood == QUIET
