"""Every kind of question answered on the screen: by finger, and by the keyboard alone."""

from __future__ import annotations

import pytest

from client.screens.task.model import Page, Saved
from tests.support.laptop import AIGERIM, PACK
from tests.support.lesson_pack import PackLaptop
from tests.support.screens import stage
from tests.support.stops_items import TASK, put_items

pytestmark = pytest.mark.screen
RIGHT = {
    "steps": ["subtract", "simpler", "divide", "check"],
    "roots": {"plus": "four", "times": "two", "minus": "seven"},
    "story": {"add": "2", "do": "divide", "root": "4"},
    "values": {"two": "7", "six": "15", "lean": "left"},
    "mass": "4 кг",
    "word": "түбір",
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    here = stage(PackLaptop(tmp_path_factory.mktemp("laptop")))
    put_items(here)
    here.app.sign_in(AIGERIM)
    yield here
    here.close()


@pytest.fixture
def here(opened):
    opened.app.laptop._drafts.clear()
    opened.app.laptop._works.clear()
    opened.app.go("task", **TASK)
    opened.wait(lambda: opened.app.model.page is not Page.OPENING)
    return opened


def go_to(here, name):
    model = here.app.model
    model.go_to([item.id for item in model.items].index(name))
    here.settle()
    return model


def checked(here, name):
    """The answer is on the disk, and checking finds it wholly right."""
    model = here.app.model
    here.wait(lambda: model.saved is Saved.YES)
    kept = here.app.laptop.draft(AIGERIM.id, PACK, "solving", "practice")[name]
    model.check()
    here.settle()
    assert model.verdict.correct, (kept, model.verdict)
    assert kept == RIGHT.get(name, kept)


def pickers(here):
    from client.widgets.picker import Picker
    from tests.support.screens import walk

    return [one for one in walk(here.app.root) if isinstance(one, Picker)]


def rows_of(here, name):
    from tests.support.screens import walk

    return [one for one in walk(here.app.root) if type(one).__name__ == name]


def test_parts_are_pressed_in_order_and_moved(here):
    model = go_to(here, "steps")
    words = {part.id: part for part in model.item.body.parts}
    assert here.find("OrderAnswer").shown != list(words)
    for part in ("subtract", "divide", "simpler", "check"):
        here.press(here.find("OrderAnswer")._rows[part])
    here.press(here.find("OrderAnswer")._ups["simpler"])
    assert model.answer == RIGHT["steps"]
    here.press(here.find("OrderAnswer")._rows["check"])
    assert model.answer == RIGHT["steps"][:3]
    here.press(here.find("OrderAnswer")._rows["check"])
    checked(here, "steps")
    assert {row.verdict for row in rows_of(here, "OrderRow")} == {"right"}


def test_digits_press_parts_by_their_place(here):
    model = go_to(here, "steps")
    for part in RIGHT["steps"]:
        here.key(str(here.find("OrderAnswer").shown.index(part) + 1))
    assert model.answer == RIGHT["steps"]
    here.key("enter")
    assert model.verdict.correct


def test_rows_are_matched_by_finger(here):
    model = go_to(here, "roots")
    for row, option in RIGHT["roots"].items():
        here.press(here.find("MatchAnswer")._pickers[row])
        here.press(here.find("Choices")._rows[option])
        assert model.parts[row] == option
    checked(here, "roots")


def test_rows_are_matched_by_keys_alone(here):
    model = go_to(here, "roots")
    first = pickers(here)[0]
    while here.app.ring.current is not first:
        here.key("tab")
    here.key("enter")
    for _ in range(2):
        here.key("down")
    here.key("enter")
    assert model.parts == {"plus": "four"}
    assert here.app.ring.current is first
    assert not first.opened


def test_gaps_are_typed_and_chosen(here):
    model = go_to(here, "story")
    first, second = rows_of(here, "TextField")
    first.focus = True
    here.settle()
    here.type("2")
    for _ in range(3):  # to the list, into it, and its first option
        here.key("enter")
    assert model.parts == {"add": "2", "do": "divide"}
    second.focus = True
    here.settle()
    here.type("4")
    assert rows_of(here, "TextField")[0] is first
    checked(here, "story")


def test_cells_are_filled(here):
    go_to(here, "values")
    for field, said in zip(rows_of(here, "TextField"), ("7", "15")):
        field.focus = True
        here.settle()
        here.type(said)
    here.press(pickers(here)[0])
    here.press(here.find("Choices")._rows["left"])
    checked(here, "values")


def test_a_table_too_wide_for_a_phone_scrolls(here):
    here.resize((360, 640))
    go_to(here, "values")
    table = here.find("Sideways")
    assert table.do_scroll_x
    assert here.find("Grid").width > table.width
    pickers(here)[0].activate()
    here.settle()
    here.key("tab")
    here.resize((1024, 600))


def test_a_unit_is_typed_beside_the_number(here):
    model = go_to(here, "mass")
    here.key("4")
    here.find("TextField").focus = True
    here.settle()
    here.type("кг")
    here.key("2")  # goes to the field with the keyboard, not to the number
    assert model.answer == "4 кг"
    here.press(here.find("PadKey", text="5"))
    assert model.answer == "45 кг"
    here.press(here.find("PadKey", icon="delete"))
    checked(here, "mass")


def test_what_is_missing_is_said(here):
    model = go_to(here, "mass")
    here.key("4")
    model.check()
    here.settle()
    assert "Өлшем бірлігін де жаз." in here.words()


def test_a_short_answer_is_typed(here):
    model = go_to(here, "word")
    field = here.find("TextField")
    field.focus = True
    here.settle()
    here.type("түбір")
    assert model.answer == "түбір"
    here.key("enter")
    assert model.verdict.correct
    assert field is not here.find("TextField")
    assert here.find("TextField").right_answer


def test_places_are_marked_by_finger(here):
    model = go_to(here, "on-the-line")
    picture = here.find("MarkedPicture")
    touch_picture(here, picture, 337, 693)
    assert list(model.parts) == ["root"]
    touch_picture(here, picture, 819, 693)
    checked(here, "on-the-line")


def touch_picture(here, picture, x, y):
    from kivy.base import EventLoop
    from kivy.input.motionevent import MotionEvent

    class Finger(MotionEvent):
        def depack(self, args):
            self.is_touch = True
            self.sx, self.sy = args
            self.profile = ["pos"]
            super().depack(args)

    at = picture.to_window(*picture._at((x, y)))
    finger = Finger("stage", 1, (at[0] / here.window.width, at[1] / here.window.height))
    EventLoop.post_dispatch_input("begin", finger)
    here.wait(lambda: picture._finger is not None)
    EventLoop.post_dispatch_input("update", finger)
    here.settle()
    EventLoop.post_dispatch_input("end", finger)
    here.settle()


def test_places_are_marked_by_keys_alone(here):
    model = go_to(here, "on-the-line")
    picture = here.find("MarkedPicture")
    while here.app.ring.current is not picture:
        here.key("tab")
    here.key("left")
    assert model.parts == {"root": "500,500"}
    model.write_part("root", "350,680")
    here.key("left")
    here.key("down")
    assert model.parts == {"root": "340,690"}
    here.key("enter")
    here.key("up")
    model.write_part("right-side", "810,700")
    here.key("right")
    here.key("up")
    assert model.parts["right-side"] == "820,690"
    checked(here, "on-the-line")


def test_what_was_right_is_told_after_handing_in(here):
    model = here.app.model
    model.answers.update({**RIGHT, "roots": {"plus": "four"}, "on-the-line": {"root": "338,690"}})
    model.go_to(len(model.items) - 1)
    model.forward()
    model.hand_in()
    here.wait(lambda: model.page is Page.DONE)
    told = rows_of(here, "Icon")
    assert sum(icon.icon == "check_circle" for icon in told) > 10
    assert here.find("MarkedPicture", frozen=True).focusable is False
    assert model.scores["steps"].points == 3


def test_whoever_mends_a_checked_answer_goes_on_typing(here):
    model = go_to(here, "word")
    here.find("TextField").focus = True
    here.settle()
    here.type("түбр")
    model.check()
    here.settle()
    assert not model.verdict.correct
    field = here.find("TextField")
    field.focus = True
    field.cursor = (3, 0)
    here.type("і")
    assert model.verdict is None
    here.type("!")
    assert model.answer == "түбі!р"
    here.key("backspace")
    here.key("enter")
    assert model.verdict.correct
    assert here.app.ring.current is None
