from __future__ import annotations

import pytest

pytest.importorskip("av")
pytest.importorskip("ffpyplayer")

from client.video.player import State
from tests.support.laptop import AIGERIM, PACK
from tests.support.lesson_pack import PackLaptop
from tests.support.recordings import Recording, record
from tests.support.screens import stage
from tests.support.videos import make_film

pytestmark = pytest.mark.screen


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4")


@pytest.fixture
def here(tmp_path, film, monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    opened = stage(PackLaptop(tmp_path, film))
    opened.app.sign_in(AIGERIM)
    opened.app.go("lesson", pack=PACK, lesson="solving")
    opened.wait(lambda: opened.app.model.lesson is not None)
    yield opened
    opened.close()


def playing(here):
    here.wait(lambda: here.app.model.player and here.app.model.player.state is State.PLAYING)


def test_pressing_the_picture_plays_and_frames_reach_the_screen(here):
    stage_widget = here.find("VideoStage")
    here.press(stage_widget)
    playing(here)
    here.wait(lambda: here.find("VideoStage").frames > 5)
    pixels = here.find("VideoStage")._texture.pixels
    assert len(set(pixels)) > 10


def test_keys_play_jump_fill_the_screen_and_choose_subtitles(here):
    here.key("spacebar")
    playing(here)
    here.wait(lambda: here.app.model.player.position_s > 0.3)
    here.key("spacebar")
    here.wait(lambda: here.app.model.player.state is State.PAUSED)
    # However long the machine took to pause: back to the first words.
    here.app.model.player.seek(0.5)
    here.wait(lambda: here.find("VideoStage").words == "Бүгін сызықтық теңдеуді шешеміз.")
    here.key("c")
    assert here.find("VideoStage").words == "Сегодня решаем линейные уравнения."
    here.key("f")
    assert here.app.model.full
    assert here.find("VideoStage").height > 400
    here.key("escape")
    assert not here.app.model.full
    here.key("right")
    here.wait(lambda: here.app.model.player.position_s > 5.0)


def test_touching_the_line_seeks(here):
    here.key("spacebar")
    playing(here)
    here.wait(lambda: here.app.model.player.duration_s > 0)
    here.press(here.find("SeekLine"))
    here.wait(lambda: here.app.model.player.position_s > 2.5)


def test_the_video_goes_on_when_the_language_changes(here):
    here.key("spacebar")
    playing(here)
    player = here.app.model.player
    here.app.set_language("ru")
    here.settle()
    assert here.app.model.player is player
    here.wait(lambda: here.find("VideoStage").frames > 0)
    assert "Задания" in here.words()


def test_leaving_frees_the_player_and_keeps_the_position(here):
    here.key("spacebar")
    playing(here)
    here.wait(lambda: here.app.model.player.position_s > 0.3)
    player, laptop = here.app.model.player, here.app.laptop
    here.key("escape")
    assert player.state is State.CLOSED
    assert here.app.executor.wait()
    assert laptop.progress(AIGERIM.id)[(PACK, "solving")].position_s > 0.2


def test_a_damaged_video_says_so_and_the_lesson_goes_on(here):
    path = here.app.laptop.installed.folder / "lessons" / "solving" / "video.mp4"
    path.write_bytes(b"not a film" * 500)
    here.key("spacebar")
    here.wait(lambda: here.app.model.player.state is State.FAILED)
    assert "бүлінген" in here.words()
    assert "Тапсырмалар" in here.words()
    assert here.app.model.now_task is not None


@pytest.mark.parametrize("size", [(1024, 600), (360, 640)])
def test_a_sound_alone_keeps_the_poster_and_the_picture_is_one_press_away(here, size, monkeypatch):
    model = here.app.model
    video = model.lesson.video
    sound = record(video.path.with_suffix(".audio.m4a"), Recording(video=None, seconds=3))
    monkeypatch.setitem(video.renditions, "audio", sound)
    here.resize(size)
    here.app.rebuild()
    button = here.find("IconButton", hint="Сапасы")
    assert button.text == "240p"
    here.press(button)
    assert model.sound_alone
    here.press(here.find("VideoStage"))
    here.wait(lambda: model.player.state is State.PLAYING and model.player.position_s > 0.3)
    assert here.find("VideoStage").frames == 0
    assert not here.find("VideoStage").waiting
    assert here.findings() == []
    here.press(here.find("IconButton", hint="Сапасы"))
    here.wait(lambda: here.find("VideoStage").frames > 2)
    assert not model.sound_alone
