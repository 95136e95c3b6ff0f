from __future__ import annotations

from dataclasses import replace

import pytest

from client.laptop.sticks.packing import LEVELS
from client.screens.packing.model import Model, grades_of
from client.screens.sticks.model import BUSY, DONE, QUIET, READY, WRONG
from tests.support.porter import Carrying, said
from tests.support.showcase import TEACHER_GULNAR
from tests.support.showcase_sticks import (
    LOCKED_STICK,
    MB,
    NEW_STICK,
    SCHOOL_STICK,
    SMALL_STICK,
    unusable,
)


@pytest.fixture
def world(tmp_path):
    made = Carrying(tmp_path, TEACHER_GULNAR)
    yield made
    made.close()


def opened(world, *sticks):
    world.put_in(*sticks)
    model = Model(world.session)
    world.turn()
    return model


def packs(model):
    return [row.offer.pack for row in model.rows if row.chosen]


def row(model, stick):
    return next(one for one in model.sticks if one.stick.root == stick.root)


def test_what_a_stick_carries_is_chosen_at_first_else_the_lessons_of_the_class(world):
    assert packs(opened(world, SCHOOL_STICK)) == ["algebra-7-linear", "biology-7-cell"]
    offers = world.shown._offers
    world.shown._offers = (replace(offers[0], grade=8), *offers[1:])
    assert packs(opened(world)) == ["physics-7-motion", "biology-7-cell"]


@pytest.mark.parametrize(
    ("name", "grades"),
    [
        ("7 «А»", {7}),
        ("11Ә", {11}),
        ("7 «А» және 8 «А»", {7, 8}),
        ("1–4", {1, 2, 3, 4}),
        ("5-6 классы", {5, 6}),
        ("9-4", {9, 4}),
        ("Физика", set()),
    ],
)
def test_a_class_of_several_grades_has_the_lessons_of_each(name, grades):
    assert grades_of(name) == grades


def test_classes_are_chosen_and_left_out_at_once(world):
    model = opened(world, SCHOOL_STICK)
    assert (model.grades, model.lit_grades) == ((7, 8), frozenset())
    model.toggle_grade(7)
    assert model.lit_grades == {7}
    model.toggle_grade(8)
    assert model.everything
    model.toggle_grade(7)
    assert packs(model) == ["chemistry-8-matter"]
    model.toggle_pack(model.rows[0].offer.key)
    assert packs(model) == ["algebra-7-linear", "chemistry-8-matter"]
    model.toggle_all()
    model.toggle_all()
    assert packs(model) == []
    assert "Choose at least one pack" in said(model.summary)[2]
    assert not model.may_write


def test_less_goes_along_without_videos(world):
    model, sizes = opened(world, SCHOOL_STICK), []
    for level in LEVELS:
        model.choose_level(level)
        sizes.append(model.size_bytes)
        assert set(model.wishes.packs.values()) == {level}
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3
    assert all(said(model.summary, model.button, model.hint))


def test_a_stick_that_is_too_small_locked_or_unusable_cannot_be_chosen_and_says_why(world):
    model = opened(world, SCHOOL_STICK, SMALL_STICK, LOCKED_STICK, unusable("stick-newer"))
    assert [one.choosable for one in model.sticks] == [True, False, False, False]
    assert "108 MB short" in said(*row(model, SMALL_STICK).words)[2]
    assert "only be read" in said(*row(model, LOCKED_STICK).words)[2]
    model.toggle_stick(SMALL_STICK.root)
    assert model.targets == (SCHOOL_STICK,)
    model.choose_level("text")
    assert row(model, SMALL_STICK).choosable


def test_what_lies_on_a_stick_already_needs_no_further_room(world):
    full = replace(SCHOOL_STICK, free_bytes=60 * MB)
    model = opened(world, full)
    assert row(model, full).choosable
    world.put_in(replace(full, choice=None))
    assert not row(model, full).choosable


def test_an_empty_stick_is_written_only_if_somebody_says_so(world):
    model = opened(world, NEW_STICK)
    assert model.targets == ()
    assert not model.may_write
    assert "at least one stick" in said(model.hint)[2]
    model.toggle_stick(NEW_STICK.root)
    assert model.targets == (NEW_STICK,)
    assert "Write to 1 stick" in said(model.button)[2]


def test_several_are_written_at_once_and_each_says_how_it_ended(world):
    model = opened(world, SCHOOL_STICK, NEW_STICK)
    model.toggle_stick(NEW_STICK.root)
    world.shown.problems = {NEW_STICK.root: "stick-full"}
    world.shown.hold.clear()
    model.write()
    world.until(lambda: all(one.share for one in model.sticks))
    assert model.writing
    assert not model.may_write
    assert [one.mood for one in model.sticks] == [BUSY, BUSY]
    assert "MB of 198 MB" in said(*model.sticks[0].words)[2]
    world.shown.hold.set()
    world.turn()
    assert [root for root, _ in world.shown.written] == [SCHOOL_STICK.root, NEW_STICK.root]
    assert [one.mood for one in model.sticks] == [DONE, WRONG]
    assert "You can take it out" in said(*model.sticks[0].words)[2]
    assert "The stick is full" in said(*model.sticks[1].words)[2]
    assert model.targets == (), "nothing is written twice by a second press"
    model.toggle_stick(SCHOOL_STICK.root)
    assert row(model, SCHOOL_STICK).mood == READY
    assert model.may_write


def test_writing_one_is_stopped(world):
    model = opened(world, SCHOOL_STICK)
    world.shown.hold.clear()
    model.write()
    world.until(lambda: bool(model.sticks[0].share))
    model.cancel(SCHOOL_STICK.root)
    world.turn()
    assert model.sticks[0].mood == QUIET
    assert "Stopped" in said(*model.sticks[0].words)[2]


def test_packs_that_come_meanwhile_are_offered(world):
    offers, world.shown._offers = world.shown._offers, ()
    model = opened(world, SCHOOL_STICK)
    assert model.rows == ()
    world.shown._offers = offers
    model.reload()
    world.turn()
    assert len(model.rows) == len(offers)
    model.close()
    model.listen(lambda: pytest.fail("it was left"))
    world.put_in()
