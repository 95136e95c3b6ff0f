"""Who stands on the first screen: everybody of few, a class of many, who is looked for."""

from __future__ import annotations

import pytest

from client.laptop.people.people import STUDENT, TEACHER, Person
from client.screens.who.model import CLASS, MANY, TEACHERS, Model
from tests.support.shared_desk import SharedDesk


def school(classes=("10 «А»", "2 «А»", "2 «Ә»"), pupils=30, teachers=3):
    """So many in each class, and a few teachers."""
    people = [
        Person(f"p-{at}-{number}", f"Оқушы{number} Т{at}", STUDENT, name)
        for at, name in enumerate(classes)
        for number in range(pupils)
    ]
    people += [
        Person(f"t-{number}", f"Ұстаз{number} Ғабитқызы", TEACHER, "") for number in range(teachers)
    ]
    return tuple(people)


@pytest.fixture
def desk(tmp_path):
    made = SharedDesk(tmp_path)
    made.laptop.people = school
    yield made
    made.close()


def test_few_are_all_there(tmp_path):
    desk = SharedDesk(tmp_path)
    model = Model(desk.session)
    assert not model.many
    assert [one.name for one in model.shown][:2] == ["Айгерім", "Арман"]
    assert len(model.shown) == len(desk.laptop.people()) <= MANY
    desk.close()


def test_a_teacher_of_two_classes_stands_there_with_each(desk):
    teachers = tuple(
        Person(f"t-{name}", "Гүлнар Ғабитқызы", TEACHER, name) for name in ("7 «А»", "8 «А»")
    )
    other = Person("t-other", "Болат Серікұлы", TEACHER, "8 «А»")
    desk.laptop.people = lambda: (*teachers, other)
    assert [one.class_name for one in Model(desk.session).shown] == ["7 «А»", "8 «А»", ""]
    desk.laptop.people = lambda: (*school(), *teachers)
    model = Model(desk.session)
    model.choose_class(TEACHERS)
    assert [one.class_name for one in model.shown] == ["", "", "", "7 «А»", "8 «А»"]


def test_a_class_of_many_is_not_named_under_each_face(desk):
    twins = tuple(
        Person(f"p-twin-{at}", "Айгерім Т.", STUDENT, name)
        for at, name in enumerate(("2 «А»", "2 «Ә»"))
    )
    desk.laptop.people = lambda: (*school(), *twins)
    model = Model(desk.session)
    assert {one.class_name for one in model.shown} == {""}
    model.look_for("айг")
    assert [one.class_name for one in model.shown] == ["2 «А»", "2 «Ә»"]


def test_many_are_shown_a_class_at_a_time(desk):
    model = Model(desk.session)
    assert model.classes == ("2 «А»", "2 «Ә»", "10 «А»", TEACHERS)
    assert {one.person.class_name for one in model.shown} == {"2 «А»"}
    assert len(model.shown) == 30
    model.choose_class("10 «А»")
    assert {one.person.class_name for one in model.shown} == {"10 «А»"}
    assert not model.picking
    assert Model(desk.session).chosen == "10 «А»", "and when the laptop is opened next"
    model.choose_class(TEACHERS)
    assert [one.name for one in model.shown] == [f"Ұстаз{n} Ғабитқызы" for n in range(3)]


def test_a_class_that_is_gone_is_not_shown(desk):
    desk.laptop.set_preference(CLASS, "9 «Б»")
    assert Model(desk.session).chosen == "2 «А»"


def test_looking_for_a_name_goes_through_all_classes(desk):
    model = Model(desk.session)
    model.find()
    assert len(model.shown) == 30, "until something is typed"
    model.look_for("оқушы7")
    assert [one.class_name for one in model.shown] == ["2 «А»", "2 «Ә»", "10 «А»"]
    model.look_for("ұстаз")
    assert len(model.shown) == 3
    model.look_for("яяя")
    assert model.shown == ()
    model.stop_finding()
    assert len(model.shown) == 30
