"""The window as its user meets it: fingers, keys, languages, sizes."""

from __future__ import annotations

import gc
import weakref

import pytest

from client.screens.registry import SCREENS
from client.vaults.secrets import pin
from tests.support.laptop import AIGERIM, NURLAN, PACK
from tests.support.screens import stage, walk
from tests.support.showcase import TEACHER_GULNAR, Showcase

pytestmark = pytest.mark.screen


@pytest.fixture
def laptop(tmp_path):
    return Showcase(tmp_path)


@pytest.fixture
def here(laptop):
    opened = stage(laptop)
    yield opened
    opened.close()


def test_a_finger_sits_down_and_looks_around(here):
    here.press(here.find("PersonCard", name="Айгерім"))
    assert here.app.person == AIGERIM
    assert "Қайырлы күн, Айгерім" in here.words()
    for place, word in (("results", "Менің жұмысым"), ("send", "Қазір жіберу")):
        here.press(here.find("PlaceButton", text=here.app.messages.text("shell." + place)))
        assert word in here.words()
    assert [visit.name for visit in here.app.history] == ["today", "send"]


def test_the_language_changes_all_that_is_visible(here):
    kazakh = set(here.words().splitlines())
    here.press(here.find("SwitchButton", text="Рус"))
    russian = set(here.words().splitlines())
    assert "Кто ты?" in russian
    assert "Сен кімсің?" not in russian
    names = {"Айгерім", "Арман", "Дана", "Нұрлан", "Тимур", "Қаз", "Рус", "Eng"}
    assert names <= kazakh & russian
    assert here.app.laptop.preference("language") == "ru"


def test_the_keyboard_alone_goes_everywhere(here):
    here.key("tab")
    here.key("tab")
    here.key("tab")
    here.key("tab")
    assert here.app.ring.current is here.find("PersonCard", name="Айгерім")
    here.key("right")
    assert here.app.ring.current is here.find("PersonCard", name="Арман")
    here.key("down")
    assert here.app.ring.current.name == "Сәуле"
    here.key("enter")
    assert here.app.person.name == "Сәуле Мұрат"
    here.key("tab", shift=True)
    assert here.app.ring.current is not None
    here.key("escape")
    assert here.app.person is None


def test_every_pressable_is_reached_by_tab_and_shows_it(here):
    here.app.sign_in(AIGERIM)
    here.app.open_place("send")
    here.settle()
    reached = []
    for _ in range(60):
        here.key("tab")
        if here.app.ring.current in reached:
            break
        reached.append(here.app.ring.current)
        assert here.app.ring.current.focused
    pressable = [widget for widget in walk(here.app.root) if hasattr(widget, "focused")]
    assert set(map(id, pressable)) == set(map(id, reached))


def test_a_finger_takes_the_ring_away(here):
    here.key("tab")
    assert here.app.ring.current is not None
    here.press(here.find("PersonCard", name="Дана"))
    assert here.app.ring.current is None


def test_whatever_is_pressed_is_large_enough(here):
    for name in ("today", "lessons", "practice", "results", "send"):
        here.app.sign_in(AIGERIM)
        here.app.open_place(name)
        here.settle()
        for widget in walk(here.app.root):
            if hasattr(widget, "focused") and widget.get_root_window():
                assert min(widget.size) >= 46, widget


def test_back_leads_the_way_one_came_and_keeps_the_place_in_the_list(tmp_path):
    here = stage(Showcase(tmp_path, lesson_count=300))
    try:
        here.app.sign_in(AIGERIM)
        here.app.open_place("lessons")
        here.settle()
        here.key("pagedown")
        here.key("pagedown")
        before = here.app.view.scroll_position()
        assert before > 300
        here.app.go("enrol")
        here.settle()
        here.key("escape")
        here.settle(12)
        assert abs(here.app.view.scroll_position() - before) < 3
        rows = [one for one in walk(here.app.root) if type(one).__name__ == "LessonRow"]
        assert len(rows) < 20, "only the rows on the window are built"
    finally:
        here.close()


def test_crossing_the_breakpoint_moves_the_places_down(here):
    here.app.sign_in(AIGERIM)
    here.settle()
    here.find("Rail")
    here.resize((360, 640))
    here.find("BottomBar")
    here.resize((1024, 600))
    here.find("Rail")


def test_larger_text_and_other_colours_are_kept(here, laptop):
    here.app.sign_in(AIGERIM)
    here.app.open_place("send")
    here.settle()
    here.press(here.find("SwitchButton", value="1.3"))
    here.app.set_appearance("dark")
    here.settle()
    assert (laptop.preference("text_scale"), laptop.preference("appearance")) == ("1.3", "dark")
    here.app.set_appearance("light")


def test_a_teacher_arrives_at_the_class(here):
    here.app.sign_in(TEACHER_GULNAR)
    here.settle()
    assert here.app.history[-1].name == "class_work"


def test_joining_a_school_by_typing(tmp_path):
    laptop = Showcase(tmp_path, fresh=True)
    laptop.wrong_codes = False
    here = stage(laptop)
    try:
        here.press(here.app.view.address)
        here.type("192.168.1.10:8000")
        here.key("tab")
        assert here.app.ring.current is here.app.view.code
        here.type("4830192756120943")
        assert here.app.view.code.text == "4830 1927 5612 0943"
        assert "Бір цифр қате терілген" in here.words()
        assert here.app.view.button.disabled
        here.app.view.code.text = "4830192756120933"
        here.settle()
        here.press(here.app.view.button)
        here.wait(lambda: laptop.enrolled)
        here.wait(lambda: "Сен кімсің?" in here.words())
    finally:
        here.close()


def test_a_change_of_language_keeps_what_was_typed(tmp_path):
    here = stage(Showcase(tmp_path, fresh=True))
    try:
        here.press(here.app.view.address)
        here.type("school.kz")
        here.press(here.find("SwitchButton", text="Eng"))
        assert here.app.view.address.text == "school.kz"
        assert "Join your school" in here.words()
    finally:
        here.close()


PARAMS = {
    "lesson": {"pack": PACK, "lesson": "solving"},
    "task": {"pack": PACK, "lesson": "solving", "task": "practice"},
    "unlock": {"person": NURLAN.id},
    "secret": {"person": AIGERIM.id},
}


@pytest.mark.parametrize("name", SCREENS)
def test_screens_that_were_left_are_let_go(here, laptop, name):
    laptop.vaults.create(NURLAN.id, pin("2580"))
    laptop.vaults.get_up()
    here.app.sign_in(TEACHER_GULNAR if name in ("class_work", "review") else AIGERIM)
    left = []
    for _ in range(3):
        here.app.go(name, **PARAMS.get(name, {}))
        here.settle(20)
        left.append(weakref.ref(here.app.view))
        here.app.back()

    def let_go():
        gc.collect()
        # Kivy itself remembers the text field that was used last, and that its screen.
        return sum(view() is not None for view in left) <= 1

    here.wait(let_go)
