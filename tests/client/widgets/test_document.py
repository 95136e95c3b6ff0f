from __future__ import annotations

import pytest

from content.documents.document import parse_document
from tests.content.test_picture_size import png
from tests.support.lesson_pack import PackLaptop
from tests.support.screens import stage, walk

pytestmark = pytest.mark.screen

LONG = "\n\n".join(f"Қадам {step}.\n\n$$x = {step}$$" for step in range(60))


@pytest.fixture
def page(tmp_path):
    from client.widgets.card import Column
    from client.widgets.document import Document
    from client.widgets.page import Scroll

    here = stage(PackLaptop(tmp_path))
    scroller = Scroll()
    column = Column()
    document = Document(parse_document(LONG), scroller=scroller)
    column.add_widget(document)
    scroller.add_widget(column)
    here.app.surface.clear_widgets()
    here.app.surface.add_widget(scroller)
    here.wait(lambda: document.complete)
    yield here, scroller, document
    here.close()


def _drawn(document):
    lines = [one for one in walk(document) if type(one).__name__ == "FormulaLine"]
    lines.sort(key=lambda line: -line.y)
    return [bool(line.formula.canvas.children) for line in lines]


def test_formulas_near_the_window_are_drawn_and_far_ones_are_not(page):
    here, scroller, document = page
    here.settle()
    drawn = _drawn(document)
    assert len(drawn) == 60
    assert drawn[0]
    assert not drawn[-1]
    scroller.scroll_y = 0
    here.settle()
    drawn = _drawn(document)
    assert drawn[-1]
    assert not drawn[0]


@pytest.mark.parametrize(
    "path",
    ["/etc/x.png", "../x.png", "//server/share/x.png", "C:/x.png", "a/../../x.png", "%2e%2e/x.png"],
)
def test_a_picture_is_looked_for_beside_its_lesson_alone(path, tmp_path, monkeypatch):
    from client.widgets import document

    asked = []
    monkeypatch.setattr(document, "PictureBlock", lambda path, alt, size: asked.append(path))
    for written in (path, "pictures/x.png"):
        (picture,) = parse_document(f"![a]({written})")
        document.Document._picture(
            type("Any", (), {"_folder": tmp_path, "_picture": None})(), picture, 10
        )
    assert asked == [None, tmp_path / "pictures" / "x.png"]


def test_a_picture_that_would_take_gigabytes_is_not_decoded(tmp_path, monkeypatch):
    from client.widgets import document_picture, video_stage

    path = tmp_path / "x.png"
    for module in (document_picture, video_stage):
        monkeypatch.setattr(module, "CoreImage", lambda name: pytest.fail(f"decoded {name}"))
    path.write_bytes(png(30_000, 30_000))
    assert document_picture.load_picture(path) is None
    video_stage.VideoStage.show_poster(None, path)
    path.write_bytes(png(30, 30))
    with pytest.raises(pytest.fail.Exception):
        document_picture.load_picture(path)
