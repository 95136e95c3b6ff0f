"""Walked: a child of seven by pictures alone, a pupil of fifteen by keys alone; locks, guests."""

from __future__ import annotations

import dataclasses

import pytest

from client.sitting import ASK
from client.vaults.secrets import PICTURES, password, pictures, pin
from tests.support.laptop import AIGERIM, NURLAN, PACK
from tests.support.screens import stage, walk
from tests.support.showcase import PEOPLE, Showcase

pytestmark = pytest.mark.screen

DANA = next(one for one in PEOPLE if one.id == "p-dana")
AYA = dataclasses.replace(DANA, class_name="1 «А»")
SECRET = ("sun", "yurt", "cat", "horse")


@pytest.fixture
def laptop(tmp_path):
    return Showcase(tmp_path)


@pytest.fixture
def here(laptop):
    opened = stage(laptop)
    yield opened
    opened.close()


def locked(here, person, secret):
    here.app.laptop.vaults.create(person.id, secret)
    here.app.laptop.vaults.get_up()


def done(here):
    assert here.app.executor.wait()
    here.settle()


def touch(here, *names):
    for name in names:
        here.press(here.find("PictureKey", picture=name))


def confirm(here):
    here.press(here.find("PrimaryButton", icon="check"))


def visit(here):
    return here.app.history[-1].name


def test_a_child_of_seven_needs_no_letter_and_no_digit(here, laptop):
    laptop.set_preference(ASK, "")
    laptop.people = lambda: tuple(AYA if one == DANA else one for one in PEOPLE)
    here.app.home()
    here.press(here.find("PersonCard", name="Дана"))
    assert visit(here) == "secret"
    for _ in range(2):
        touch(here, *SECRET)
        confirm(here)
    done(here)
    assert (here.app.person, visit(here)) == (AYA, "today")
    assert laptop.vaults.kind(AYA.id) == PICTURES
    here.press(here.find("PlaceButton", icon="lock"))
    done(here)
    assert (here.app.person, visit(here), laptop.vaults.sitting) == (None, "who", "")
    here.press(here.find("PersonCard", name="Дана"))
    touch(here, "sun", "cat")
    here.press(here.find("IconButton", icon="delete"))
    touch(here, *SECRET[1:])
    confirm(here)
    done(here)
    assert here.app.person == AYA


def test_a_pupil_of_fifteen_needs_no_mouse(here, laptop):
    laptop.set_preference(ASK, "")
    for _ in range(4):
        here.key("tab")
    here.key("enter")
    assert visit(here) == "secret"
    while type(here.app.ring.current).__name__ != "PressCard":
        here.key("tab")
    here.key("enter")
    for _ in range(2):
        for digit in "2580":
            here.key(digit)
        here.key("enter")
    done(here)
    assert here.app.person == AIGERIM
    assert laptop.vaults.kind(AIGERIM.id) == "pin"
    here.key("escape")
    done(here)
    assert (here.app.person, laptop.vaults.sitting) == (None, "")
    for _ in range(4):
        here.key("tab")
    here.key("enter")
    for key in ("2", "5", "9", "backspace", "numpad8", "0", "enter"):
        here.key(key)
    done(here)
    assert here.app.person == AIGERIM


def test_pictures_by_keys(here):
    locked(here, DANA, pictures(SECRET))
    here.app.approach(DANA)
    here.settle()
    for key in ("1", "f", "j", "4", "enter"):
        here.key(key)
    done(here)
    assert here.app.person == DANA


def test_a_password_is_typed_and_shown_only_when_asked(here):
    locked(here, NURLAN, password("балапан7"))
    here.app.approach(NURLAN)
    here.settle()
    field = here.find("TextField")
    assert field.password
    here.press(here.find("IconButton", icon="look"))
    assert not field.password
    here.press(field)
    here.type("балапан7")
    here.key("enter")
    done(here)
    assert here.app.person == NURLAN


def test_a_narrower_window_leaves_the_password_its_keyboard(here):
    locked(here, NURLAN, password("балапан7"))
    here.app.approach(NURLAN)
    here.settle()
    here.type("балапан")
    here.resize((360, 640))
    assert here.app.ring.current is here.find("TextField")
    here.type("7")
    here.key("enter")
    done(here)
    assert here.app.person == NURLAN


def test_a_teacher_who_forgot_is_told_of_the_schools_sheet(here):
    locked(here, PEOPLE[-1], pin("2580"))
    here.app.approach(PEOPLE[-1])
    here.settle()
    here.app.model.forgot()
    here.settle()
    words = here.words()
    assert "Мектептің қалпына келтіру коды көмектеседі." in words
    assert "Мұғаліміңе" not in words
    assert not here.findings()
    here.press(here.find("PrimaryButton", icon="key"))
    assert here.find("DigitsField")


def test_what_was_typed_is_in_no_field_that_is_left(here):
    locked(here, NURLAN, password("балапан7"))
    here.app.approach(NURLAN)
    here.settle()
    field = here.find("TextField")
    here.type("балапан")
    here.app.set_language("ru")
    here.settle()
    assert (field.text, here.find("TextField").text) == ("", "балапан"), "another language keeps it"
    here.app.model.forgot()
    here.app.model.type_in()
    here.settle()
    code = here.find("DigitsField")
    here.press(code)
    here.type("12345")
    assert here.app.model.code == "12345"
    here.app.home()
    here.settle()
    assert code.text == ""


def test_wrong_guesses_are_told_and_then_wait(here):
    locked(here, AIGERIM, pin("2580"))
    here.app.approach(AIGERIM)
    here.settle()
    for _ in range(3):
        for key in ("9", "9", "9", "1", "enter"):
            here.key(key)
        done(here)
    assert "15 секунд" in here.words()
    pad = here.find("DigitPad")
    assert pad.disabled
    for key in ("2", "5", "8", "0", "enter"):
        here.key(key)
    done(here)
    assert here.app.person is None
    here.app.laptop.vaults.cabinet._monotonic.now_s += 15
    here.wait(lambda: not pad.disabled)
    for key in ("2", "5", "8", "0", "enter"):
        here.key(key)
    done(here)
    assert here.app.person == AIGERIM


def test_escape_while_it_opens_leaves_everything_locked(here):
    locked(here, AIGERIM, pin("2580"))
    here.app.approach(AIGERIM)
    here.settle()
    model = here.app.model
    for digit in "2580":
        here.key(digit)
    here.app.view.pane.takes("enter")
    assert model.busy
    here.app.home()
    done(here)
    assert (here.app.person, here.app.laptop.vaults.sitting) == (None, "")


def test_nobody_there_locks_and_the_same_person_goes_on_where_they_were(here, laptop):
    locked(here, AIGERIM, pin("2580"))
    laptop.vaults.open(AIGERIM.id, pin("2580"))
    here.app.sign_in(AIGERIM)
    here.app.open_place("lessons")
    here.app.go("lesson", pack=PACK, lesson="solving")
    done(here)
    here.app.lock()
    done(here)
    assert (here.app.person, visit(here), laptop.vaults.sitting) == (None, "unlock", "")
    for key in ("2", "5", "8", "0", "enter"):
        here.key(key)
    done(here)
    assert here.app.person == AIGERIM
    assert [one.name for one in here.app.history] == ["today", "lessons", "lesson"]


def test_another_person_does_not_land_where_the_last_one_was(here, laptop):
    locked(here, AIGERIM, pin("2580"))
    laptop.vaults.open(AIGERIM.id, pin("2580"))
    here.app.sign_in(AIGERIM)
    here.app.open_place("results")
    here.app.lock()
    done(here)
    here.key("escape")
    here.press(here.find("PersonCard", name="Дана"))
    assert (here.app.person, visit(here)) == (DANA, "today")
    here.app.sign_out()
    done(here)
    laptop.vaults.open(AIGERIM.id, pin("2580"))
    here.app.sign_in(AIGERIM)
    assert visit(here) == "today"


def test_who_has_no_vault_is_not_locked_out(here):
    here.app.sign_in(AIGERIM)
    here.app.lock()
    assert here.app.person == AIGERIM


def test_a_playing_film_keeps_the_lock_open_and_neighbours_waiting(here):
    here.app.sign_in(AIGERIM)
    here.app.go("lesson", pack=PACK, lesson="solving")
    done(here)
    assert not here.app.idle.busy()
    assert not here.app.laptop.nearby.busy()
    from client.video.player import State

    class Playing:
        state = State.PLAYING
        position_s = duration_s = 0.0

        def close(self):
            self.state = State.CLOSED

    here.app.model._player = Playing()
    assert here.app.idle.busy()
    assert here.app.laptop.nearby.busy()


def test_touches_and_keys_are_signs_of_life(here):
    for act in (lambda: here.key("tab"), lambda: here.press(here.find("PersonCard", name="Дана"))):
        here.app.idle._stirred_s = here.app.idle._stirred_wall_s = 0.0
        act()
        assert here.app.idle.idle_s() < 60


def test_a_guest_looks_and_leaves_nothing(here, laptop):
    written = []
    for name in ("save_draft", "hand_in", "save_progress", "attach"):
        setattr(laptop, name, lambda *given, name=name: written.append(name))
    here.press(here.find("QuietButton", icon="look"))
    assert visit(here) == "lessons"
    assert {one.icon for one in walk(here.app.root) if type(one).__name__ == "PlaceButton"} == {
        "lessons",
        "practice",
        "leave",
    }
    here.app.go("lesson", pack=PACK, lesson="solving")
    done(here)
    here.app.back()
    here.app.go("task", pack=PACK, lesson="solving", task="practice")
    done(here)
    model = here.app.model
    model.choose("b")
    while model.page.value == "item":
        model.later()
    here.settle()
    here.press(here.find("SunButton"))
    done(here)
    assert model.page.value == "done"
    assert "Дұрыс" in here.words()
    here.key("escape")
    here.app.open_place("practice")
    here.settle()
    here.press(here.find("PlaceButton", icon="leave"))
    done(here)
    assert (visit(here), here.app.session.guest, written) == ("who", False, [])
