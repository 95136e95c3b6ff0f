from __future__ import annotations

from dataclasses import replace

import pytest

from client.laptop.sticks.account import StickAccount, failed
from client.messages import Message
from client.screens.sticks.model import (
    AGAIN,
    BUSY,
    CANCEL,
    DONE,
    EXCHANGE,
    PREPARE,
    QUIET,
    READY,
    RETRY,
    STATIONS,
    WRONG,
    Model,
)
from sync.errors import StickError
from tests.support.porter import Carrying, said
from tests.support.showcase import TEACHER_GULNAR
from tests.support.showcase_sticks import (
    CARRIED,
    LOCKED_STICK,
    NEW_STICK,
    SCHOOL_STICK,
    VISITED,
    unusable,
)


@pytest.fixture
def world(tmp_path):
    made = Carrying(tmp_path)
    yield made
    made.close()


def card(world, *sticks):
    world.put_in(*sticks)
    return Model(world.session).cards[0]


def visited(world, account):
    world.put_in(SCHOOL_STICK)
    world.shown.account = account
    model = Model(world.session)
    model.act(EXCHANGE, SCHOOL_STICK.root)
    world.turn()
    return model


def words(shown):
    """All that a card says, in English; the other languages are said as well."""
    lines = shown.lines
    found = (shown.title, *shown.words, *shown.facts, *lines.came, *lines.left, *lines.attention)
    assert all(said(*found))
    return said(*found)[2]


@pytest.mark.parametrize(
    ("stick", "mood", "acts", "sentence"),
    [
        (SCHOOL_STICK, READY, (EXCHANGE,), "carries 2 packs"),
        (LOCKED_STICK, READY, (EXCHANGE,), "no work can be left on it"),
        (NEW_STICK, QUIET, (PREPARE,), "Other files are left alone"),
        (replace(NEW_STICK, writable=False), QUIET, (), "cannot be prepared"),
        (unusable("stick-newer"), WRONG, (), "update this one"),
        (unusable("stick-failed"), WRONG, (), "worn out"),
    ],
)
def test_each_kind_of_stick_says_what_it_is_and_what_may_be_done(
    world, stick, mood, acts, sentence
):
    shown = card(world, stick)
    assert (shown.mood, shown.acts) == (mood, acts)
    assert sentence in words(shown)


def test_a_visit_goes_along_its_road_and_tells_what_came_and_was_left(world):
    world.put_in(SCHOOL_STICK)
    world.shown.hold.clear()
    model = Model(world.session)
    model.act(EXCHANGE, SCHOOL_STICK.root)
    world.until(lambda: model.cards[0].share is not None)
    shown = model.cards[0]
    assert (shown.mood, shown.passed, shown.acts) == (BUSY, 1, (CANCEL,))
    assert 0 < shown.share < 1
    world.shown.hold.set()
    world.turn()
    shown = model.cards[0]
    assert (shown.mood, shown.passed, shown.acts) == (DONE, len(STATIONS), (AGAIN,))
    assert "You can take it out" in words(shown)
    assert "3 pieces of work arrived" in words(shown)
    assert "Physics 7" in words(shown), "a pack by its title"
    assert "2 pieces of work travel to school" in words(shown)


def test_a_laptop_that_carries_letters_of_others_counts_them(world):
    shown = visited(world, CARRIED).cards[0]
    assert "Letters of other laptops: 12" in words(shown)
    assert "Letters for other laptops: 9" in words(shown)


def test_nothing_new_and_what_failed_alone_are_said(world):
    shown = visited(world, StickAccount(Message("stick_page.take_out"))).cards[0]
    assert "Nothing new" in words(shown)
    aside = (unusable("stick-damaged").problem,) * 2
    shown = visited(world, replace(VISITED, set_aside=aside)).cards[0]
    assert words(shown).count("damaged") == 1, "each reason once"


@pytest.mark.parametrize("code", ["stick-full", "stick-read-only", "stick-foreign", "stick-busy"])
def test_what_ends_a_visit_is_said_and_may_be_tried_again(world, code):
    shown = visited(world, failed(StickError(code))).cards[0]
    assert (shown.mood, shown.acts, shown.passed) == (WRONG, (RETRY,), None)
    assert said(failed(StickError(code)).problem.sentence)[2] in words(shown)


def test_a_stick_pulled_out_too_early_is_told_of_until_it_comes_again(world):
    model = visited(world, failed(StickError("stick-gone")))
    world.put_in()
    assert [(one.mood, one.acts) for one in model.cards] == [(WRONG, ())]
    assert "Nothing is lost" in words(model.cards[0])
    world.put_in(SCHOOL_STICK)
    assert [one.mood for one in model.cards] == [READY]


def test_what_the_last_stick_brought_can_be_read_after_it_went(world):
    model = visited(world, VISITED)
    world.put_in()
    assert [(one.mood, one.acts) for one in model.cards] == [(QUIET, ())]
    assert "Physics 7" in words(model.cards[0])


def test_stopping_says_that_nothing_is_lost(world):
    world.put_in(SCHOOL_STICK)
    world.shown.hold.clear()
    model = Model(world.session)
    model.act(EXCHANGE, SCHOOL_STICK.root)
    world.until(lambda: bool(model.cards[0].share))
    model.act(CANCEL, SCHOOL_STICK.root)
    world.turn()
    assert "Nothing is lost" in words(model.cards[0])


def test_teachers_write_and_consent_is_kept(world):
    model = Model(world.session)
    assert not model.may_write
    model.give_consent(True)
    assert model.consent
    assert world.shown.consent
    world.session.person = TEACHER_GULNAR
    assert Model(world.session).may_write


def test_a_model_that_was_left_hears_nothing_more(world):
    model = Model(world.session)
    model.listen(lambda: pytest.fail("it was left"))
    model.close()
    world.put_in(SCHOOL_STICK)
