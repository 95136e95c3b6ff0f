from __future__ import annotations

import pytest

from client.screens.lesson.model import Model
from client.video.player import Problem, State
from tests.support.laptop import AIGERIM, PACK
from tests.support.lesson_pack import PackLaptop
from tests.support.player_double import TurnedPlayer
from tests.support.sessions import Desk, session_for


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def laptop(tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(b"a film")
    return PackLaptop(tmp_path, film)


def opened(laptop, desk, player=None, language="kk"):
    session = session_for(laptop, AIGERIM, desk, language)
    model = Model(session, PACK, "solving", make_player=lambda: player or TurnedPlayer())
    desk.settle()
    return model


def test_a_lesson_opens_with_its_text_tasks_and_video(laptop, desk):
    model = opened(laptop, desk)
    assert model.lesson.title["kk"].startswith("Сызықтық")
    assert [task.id for task in model.tasks] == ["practice", "explain"]
    assert model.has_video
    assert model.video_here
    assert not model.started
    assert len(model.blocks("kk")) > 5


def test_a_text_in_another_language_is_better_than_none(laptop, desk):
    model = opened(laptop, desk)
    assert model.blocks("en") == model.blocks("kk") != model.blocks("ru")


@pytest.mark.parametrize("data", [b"\xff", b"a" * 100_001, b"|-" * 300 + b"|\n|a" * 300])
def test_a_text_that_cannot_be_shown_is_no_text(laptop, desk, data):
    model = opened(laptop, desk)
    model.lesson.texts["kk"].write_bytes(data)
    assert model.blocks("kk") == ()
    assert model.blocks("ru")


def test_without_the_video_everything_else_is_there(tmp_path, desk):
    model = opened(PackLaptop(tmp_path), desk)
    assert model.has_video
    assert not model.video_here
    assert model.now_task.id == "practice"
    assert model.blocks("kk")


def test_a_pack_that_cannot_be_opened_says_so(laptop, desk):
    def fail(pack):
        raise OSError("gone")

    laptop.pack = fail
    model = opened(laptop, desk)
    assert model.lesson is None
    assert model.problem.key == "lesson.problem"
    model.close()


def test_the_video_comes_first_and_then_the_first_task_not_handed_in(laptop, desk):
    model = opened(laptop, desk)
    assert model.now_task is None
    model.seen = True
    assert model.now_task.id == "practice"
    laptop.hand_in(AIGERIM.id, PACK, "solving", "practice", {"root": "b"}, "kk")
    model.reload()
    assert model.now_task.id == "explain"


def test_a_bad_video_does_not_stand_in_the_way(laptop, desk):
    player = TurnedPlayer()
    model = opened(laptop, desk, player)
    model.play_or_pause()
    player.fail(Problem.UNREADABLE)
    assert model.now_task.id == "practice"


def test_tasks_show_what_is_begun_and_handed_in(laptop, desk):
    laptop.save_draft(AIGERIM.id, PACK, "solving", "practice", {"root": "a"})
    laptop.hand_in(AIGERIM.id, PACK, "solving", "explain", {"why": "so"}, "kk")
    practice, explain = opened(laptop, desk).tasks
    assert (practice.begun, practice.work) == (True, None)
    assert not explain.begun
    assert explain.work.task == "explain"


def test_playing_pausing_and_leaving_keep_the_position(laptop, desk):
    player = TurnedPlayer()
    model = opened(laptop, desk, player)
    model.play_or_pause()
    assert player.state is State.PLAYING
    player.turn(42.0)
    model.play_or_pause()
    assert player.state is State.PAUSED
    desk.settle()
    assert laptop.progress(AIGERIM.id)[(PACK, "solving")].position_s == 42.0
    model.play_or_pause()
    player.turn(8.0)
    model.close()
    desk.settle()
    assert laptop.progress(AIGERIM.id)[(PACK, "solving")].position_s == 50.0
    assert player.closed == 1


def test_the_next_visit_goes_on_from_there(laptop, desk):
    laptop.save_progress(AIGERIM.id, PACK, "solving", 4.1 + 1.0, False)
    player = TurnedPlayer()
    model = opened(laptop, desk, player)
    assert model.resume_s == 5.1
    model.play_or_pause()
    assert player.position_s == 5.1


@pytest.mark.parametrize("position_s", [0.0, 3.0, 5.9])
def test_the_first_seconds_and_the_end_are_not_worth_resuming(laptop, desk, position_s):
    laptop.save_progress(AIGERIM.id, PACK, "solving", position_s, False)
    assert opened(laptop, desk).resume_s == 0.0


def test_watching_nine_tenths_counts_as_seen(laptop, desk):
    player = TurnedPlayer(100.0)
    model = opened(laptop, desk, player)
    model.play_or_pause()
    player.turn(89.0)
    model.watch()
    assert not model.seen
    player.turn(2.0)
    model.watch()
    desk.settle()
    assert laptop.progress(AIGERIM.id)[(PACK, "solving")].seen


def test_while_playing_the_position_is_kept_now_and_then_and_not_always(laptop, desk):
    player = TurnedPlayer(1000.0)
    model = opened(laptop, desk, player)
    saved = []
    laptop.save_progress = lambda *kept: saved.append(kept[3])
    model.play_or_pause()
    for _ in range(100):
        player.turn(1.0)
        model.watch()
        desk.settle()
    assert 2 <= len(saved) <= 4


def test_speeds_go_around(laptop, desk):
    player = TurnedPlayer()
    model = opened(laptop, desk, player)
    model.next_speed()
    model.play_or_pause()
    seen = []
    for _ in range(5):
        model.next_speed()
        seen.append(player.speed)
    assert seen == [1.25, 1.5, 2.0, 0.75, 1.0]


def test_subtitles_follow_the_language_until_one_is_chosen(laptop, desk):
    model = opened(laptop, desk)
    assert model.subtitle_language() == "kk"
    assert model.words_at(1.0) == "Бүгін сызықтық теңдеуді шешеміз."
    model.session.language = "ru"
    assert model.words_at(3.0) == "При переносе слагаемого знак меняется."
    model.session.language = "en"
    assert model.words_at(3.0) == ""
    model.next_subtitles()
    assert model.subtitle_language() == "kk"
    model.session.language = "ru"
    assert model.subtitle_language() == "kk"


def test_bad_subtitles_are_no_subtitles(laptop, desk):
    folder = laptop.installed.folder / "lessons" / "solving"
    (folder / "video.kk.vtt").write_bytes(b"\xff\xfe nothing")
    assert opened(laptop, desk).words_at(1.0) == ""


def test_a_lesson_without_video_is_seen_when_it_was_read(tmp_path, desk):
    laptop = PackLaptop(tmp_path)
    path = laptop.installed.folder / "lessons" / "solving" / "lesson.json"
    import json

    body = json.loads(path.read_text(encoding="utf-8"))
    del body["video"]
    path.write_text(json.dumps(body), encoding="utf-8")
    model = opened(laptop, desk)
    assert not model.has_video
    model.close()
    desk.settle()
    assert laptop.progress(AIGERIM.id)[(PACK, "solving")].seen


def test_the_chosen_rendition_plays_or_the_nearest_that_is_here(laptop, desk):
    model = opened(laptop, desk)
    video = model.lesson.video
    assert (model.renditions, model.rendition) == (("240p",), "240p")
    beside = {"audio": "video.audio.m4a", "360p": "video.360p.mp4"}
    for rendition, name in beside.items():
        path = video.path.with_name(name)
        path.write_bytes(b"film")
        video.renditions[rendition] = path
    assert model.renditions == ("audio", "240p", "360p")
    laptop.videos.choose_rendition("144p")
    assert (model.rendition, model.sound_alone) == ("audio", True)
    laptop.videos.choose_rendition("360p")
    assert (model.rendition, model.sound_alone) == ("360p", False)
    model.play_or_pause()
    model.player.turn(50)
    model.next_rendition()
    assert model.rendition == "audio"
    assert [path.name for path in model.player.opened] == ["video.360p.mp4", "video.audio.m4a"]
    assert (model.player.position_s, model.player.state) == (50, State.PLAYING)
    model.play_or_pause()
    model.next_rendition()
    assert (model.rendition, model.player.state) == ("240p", State.PAUSED)
