"""A pupil attaches a photo of a page: from the list of places to the answer, and back."""

from __future__ import annotations

import pytest

from client.laptop.errors import Fault
from client.laptop.problems import failure
from client.screens.review.model import Model as Review
from client.screens.task.model import Model, Page
from tests.support.laptop import AIGERIM, PACK, TEACHER_SAULE
from tests.support.lesson_pack import PackLaptop
from tests.support.sessions import Desk, session_for

Image = pytest.importorskip("PIL.Image")


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def laptop(tmp_path):
    laptop = PackLaptop(tmp_path)
    path = laptop.installed.folder / "lessons" / "solving" / "tasks" / "practice.json"
    text = path.read_text(encoding="utf-8").replace('"kind": "text"', '"kind": "file"')
    path.write_text(text, encoding="utf-8")
    return laptop


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.new("RGB", (400, 300), "white").save(str(folder / "page.jpg"))
    (folder / "reading.ogg").write_bytes(b"sound")
    return folder


@pytest.fixture
def model(laptop, desk):
    model = Model(session_for(laptop, AIGERIM, desk), PACK, "solving", "practice")
    desk.settle()
    model.go_to(3)
    assert model.item.kind == "file"
    return model


def titles(model):
    return [file.title for file in model.attaching.files()]


def test_looking_finds_places_folders_and_files(model, desk, folder):
    assert model.attaching.listing is None
    model.attaching.look()
    desk.settle()
    assert model.attaching.listing.folder is None
    model.attaching.enter(folder)
    desk.settle()
    assert {entry.name for entry in model.attaching.listing.entries} == {"page.jpg", "reading.ogg"}
    model.attaching.stop()
    assert model.attaching.listing is None


def test_what_is_attached_is_in_the_draft_and_shown(model, desk, folder, laptop):
    model.attaching.attach(folder / "page.jpg")
    assert model.attaching.busy
    model.attaching.attach(folder / "reading.ogg")
    desk.settle()
    assert titles(model) == ["page.jpg"]
    model.attaching.attach(folder / "reading.ogg")
    desk.settle()
    assert titles(model) == ["page.jpg", "reading.ogg"]
    assert laptop.draft(AIGERIM.id, PACK, "solving", "practice")["why"] == list(model.answer)
    assert not model.can_check
    model.attaching.open_pictures()
    desk.settle()
    assert set(model.attaching.pictures) == {model.answer[0]}


def test_the_same_file_twice_is_one(model, desk, folder):
    for _ in range(2):
        model.attaching.attach(folder / "page.jpg")
        desk.settle()
    assert titles(model) == ["page.jpg"]


def test_it_goes_to_the_question_it_was_chosen_for(model, desk, folder):
    model.attaching.attach(folder / "page.jpg")
    model.go_to(0)
    desk.settle()
    assert model.answer is None
    model.go_to(3)
    assert titles(model) == ["page.jpg"]


def test_taken_back_it_leaves_the_answer_and_the_laptop_is_told(model, desk, folder, laptop):
    model.attaching.attach(folder / "page.jpg")
    desk.settle()
    name = model.answer[0]
    model.attaching.take_back(name)
    desk.settle()
    assert titles(model) == []
    assert laptop.files.gone == [name]


def test_why_a_file_was_not_attached_is_said_until_the_next_try(model, desk, folder, laptop):
    def refused(path):
        raise failure("photo-unreadable", Fault.YOUR_DATA, "", path.name)

    laptop.attach = refused
    model.attaching.attach(folder / "page.jpg")
    desk.settle()
    assert model.attaching.problem.key == "error.photo-unreadable"
    assert not model.attaching.busy
    model.attaching.look()
    assert model.attaching.problem is None


def test_ten_files_are_enough(model, desk, folder, monkeypatch):
    monkeypatch.setattr("client.screens.task.attaching.MAX_FILES", 1)
    model.attaching.attach(folder / "page.jpg")
    desk.settle()
    assert model.attaching.full
    model.attaching.attach(folder / "reading.ogg")
    desk.settle()
    assert titles(model) == ["page.jpg"]


def test_the_teacher_sees_the_picture_of_the_work_that_is_open(model, desk, folder, laptop):
    model.attaching.attach(folder / "page.jpg")
    desk.settle()
    model.page = Page.SUMMARY
    model.hand_in()
    desk.settle()
    review = Review(session_for(laptop, TEACHER_SAULE, desk), work=model.work.id)
    desk.settle()
    (file,) = review.detail.files
    assert review.pictures[file.name] == laptop.files.data[file.name]
    review.close_work()
    review._picture(model.work.id, "late", type("Outcome", (), {"value": b"x", "error": None}))
    assert "late" not in review.pictures


def test_a_long_name_is_shortened_in_its_middle():
    from client.screens.task.files import short_title

    assert short_title("Үй жұмысы 3.jpg") == "Үй жұмысы 3.jpg"
    assert short_title("IMG_20261122_104512.jpg my") == "IMG_20\u20264512.jpg my"
