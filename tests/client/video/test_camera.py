"""A camera that FFmpeg draws: it sees a card, goes out when it is closed, and may be missing."""

from __future__ import annotations

import threading
import time

import pytest

from client.video import camera as cameras
from client.video.camera import Camera, Source
from client.video.card_reader import card_in
from sync.card import Card, card_text
from sync.enrolment import EnrolmentCode

CARD = Card(EnrolmentCode.generate().digits, "http://192.168.1.10:8765")
GREY = Source("color=c=gray:size=320x240:rate=10", "lavfi")


@pytest.fixture
def film(tmp_path):
    """A card on a table, turned and a little blurred, as a source of pictures without end."""
    segno = pytest.importorskip("segno")
    from PIL import Image, ImageFilter

    rows = [
        bytes(20 if dark else 235 for dark in row)
        for row in segno.make(card_text(CARD), error="m", micro=False).matrix_iter(5, 4)
    ]
    square = Image.frombytes("L", (len(rows[0]), len(rows)), b"".join(rows))
    table = Image.new("L", (640, 480), 110)
    table.paste(square.rotate(12, expand=True, fillcolor=110), (190, 110))
    place = tmp_path / "card.png"
    table.filter(ImageFilter.GaussianBlur(0.8)).convert("RGB").save(str(place))
    return Source(f"movie={place}:loop=0,setpts=N/10/TB", "lavfi")


def wait(until, seconds=60.0):
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_card_before_the_camera_is_read(film):
    found = []

    def seen(picture):
        card = card_in(picture)
        found.extend([card] if card else [])
        return card is not None

    camera = Camera([film], seen)
    wait(lambda: found)
    picture = camera.take_picture()
    assert found == [CARD]
    assert (picture.width, picture.height, len(picture.rgba)) == (640, 480, 640 * 480 * 4)
    assert not camera.failed
    camera._thread.join(60)
    assert not camera._thread.is_alive()


def test_it_goes_out_when_it_is_closed_and_shows_only_the_newest_picture():
    pictures = []
    camera = Camera([GREY], lambda picture: bool(pictures.append(picture)))
    wait(lambda: len(pictures) >= 2)
    assert camera.take_picture() is not None
    camera.close()
    camera._thread.join(60)
    assert not camera._thread.is_alive() and not camera.failed
    camera.take_picture()
    assert camera.take_picture() is None


def test_what_is_no_camera_is_passed_over(monkeypatch):
    monkeypatch.setattr(cameras, "OPENING_S", 0.2)
    seen = threading.Event()
    bad = Source("/dev/null", "v4l2")
    camera = Camera([bad, GREY], lambda _: seen.set() or True)
    assert seen.wait(60)
    camera.close()
    none = Camera([bad], lambda _: True)
    none._thread.join(60)
    assert none.failed
    assert Camera([], lambda _: True)._thread.join(60) is None


def test_listing_never_fails():
    assert all(isinstance(one, Source) for one in cameras.cameras())
