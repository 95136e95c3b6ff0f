from __future__ import annotations

import random
import threading
import time

import pytest

pytest.importorskip("av")
pytest.importorskip("ffpyplayer")

from client.video.ffmpeg import FFmpegPlayer
from client.video.player import Problem, State
from tests.support.videos import FPS, frame_number, make_film


@pytest.fixture(scope="session")
def film(tmp_path_factory):
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4")


@pytest.fixture
def player(monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    player = FFmpegPlayer()
    yield player
    player.close()


def until(condition, limit_s=20.0):
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.002)


def next_picture(player):
    found = []
    until(lambda: found.append(player.take_picture()) or found[-1] is not None)
    return found[-1]


def test_opening_shows_the_first_frame_and_waits(player, film):
    player.open(film)
    picture = next_picture(player)
    assert (picture.width, picture.height) == (160, 96)
    assert len(picture.rgba) == 160 * 96 * 4
    assert len(set(picture.rgba)) > 10
    assert frame_number(picture) == 0
    assert player.state is State.PAUSED
    assert player.duration_s == pytest.approx(6.0, abs=0.2)
    time.sleep(0.3)
    assert player.take_picture() is None
    assert player.position_s == 0.0


def test_playing_decodes_frame_after_frame_to_the_end(player, film):
    player.set_speed(2.0)
    player.open(film)
    player.play()
    seen = []
    while player.state is not State.ENDED:
        picture = player.take_picture()
        if picture is not None:
            seen.append(picture)
            assert frame_number(picture) == pytest.approx(picture.position_s * FPS, abs=1)
        time.sleep(0.002)
    numbers = [frame_number(picture) for picture in seen]
    assert numbers == sorted(set(numbers))
    assert len(numbers) > 40
    assert numbers[-1] >= 6 * FPS - 5
    assert player.problem is None
    assert player.position_s == player.duration_s


@pytest.mark.parametrize("speed", [0.75, 1.0, 1.5])
@pytest.mark.parametrize("position_s", [1.0, 2.9, 3.1, 5.0])
def test_a_jump_lands_on_the_frame_of_that_time_at_any_speed(player, film, position_s, speed):
    player.open(film)
    next_picture(player)
    player.set_speed(speed)
    player.seek(position_s)
    picture = next_picture(player)
    assert abs(frame_number(picture) - position_s * FPS) <= 1
    assert picture.position_s == pytest.approx(position_s, abs=1.5 / FPS)


def test_another_speed_goes_on_from_here(player, film):
    player.open(film, 2.0)
    player.play()
    until(lambda: player.position_s > 2.5)
    before_s = player.position_s
    player.set_speed(0.75)
    until(lambda: player.state is State.PLAYING)
    assert before_s - 0.1 <= player.position_s <= before_s + 1.0


def test_double_speed_takes_less_time_than_the_slow_one(player, film):
    """Not a measurement: the order of two durations in one run."""

    def time_to_pass(speed):
        player.set_speed(speed)
        player.open(film, 1.0)
        next_picture(player)
        player.play()
        until(lambda: player.position_s > 1.3)
        start = time.monotonic()
        until(lambda: player.position_s > 3.3)
        return time.monotonic() - start

    assert time_to_pass(2.0) < time_to_pass(0.75)


def test_pause_holds_and_play_goes_on(player, film):
    player.open(film)
    player.play()
    until(lambda: player.position_s > 0.5)
    player.pause()
    assert player.state is State.PAUSED
    time.sleep(0.2)
    held_s = player.position_s
    time.sleep(0.3)
    assert player.position_s == held_s
    player.play()
    until(lambda: player.position_s > held_s)


def test_a_jump_while_paused_shows_its_picture_and_stays_paused(player, film):
    player.open(film)
    next_picture(player)
    player.seek(4.0)
    assert abs(frame_number(next_picture(player)) - 4.0 * FPS) <= 1
    until(lambda: player.state is State.PAUSED)


def test_jumps_beyond_both_ends(player, film):
    player.open(film)
    next_picture(player)
    player.seek(-5.0)
    assert frame_number(next_picture(player)) == 0
    player.play()
    player.seek(1e9)
    until(lambda: player.state is State.ENDED)
    assert player.problem is None
    player.play()
    assert frame_number(next_picture(player)) == 0


def test_many_quick_jumps_end_at_the_last(player, film):
    player.open(film)
    for step in range(40):
        player.seek(step / 10)
    player.seek(3.0)
    until(lambda: player.state is State.PAUSED)
    assert player.position_s == pytest.approx(3.0, abs=0.1)


def test_closing_frees_the_thread_at_any_moment(film):
    before = threading.active_count()
    for wait_s in (0.0, 0.01, 0.05, 0.3):
        player = FFmpegPlayer()
        player.open(film)
        player.play()
        time.sleep(wait_s)
        player.close()
        player.close()
        assert player.state is State.CLOSED
    assert threading.active_count() == before


def test_an_unknown_speed_is_refused(player):
    with pytest.raises(ValueError, match="3"):
        player.set_speed(3.0)


def test_a_missing_file_is_a_problem_and_no_exception(player, tmp_path):
    player.open(tmp_path / "nothing.mp4")
    assert (player.state, player.problem) == (State.FAILED, Problem.MISSING)
    player.play()
    player.seek(2.0)
    player.set_speed(1.5)
    assert player.state is State.FAILED


@pytest.mark.parametrize("kind", ["empty", "noise", "text"])
def test_a_file_that_is_no_film_says_so(player, tmp_path, kind):
    noise = random.Random(7).randbytes(50_000)
    path = tmp_path / "bad.mp4"
    path.write_bytes({"empty": b"", "noise": noise, "text": b"not a film " * 999}[kind])
    player.open(path)
    player.play()
    until(lambda: player.state is State.FAILED)
    assert player.problem is Problem.UNREADABLE


def test_a_film_without_its_index_says_so_and_another_plays_after_it(player, film, tmp_path):
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(film.read_bytes()[:20_000])
    player.open(cut)
    until(lambda: player.state is State.FAILED)
    player.open(film)
    assert frame_number(next_picture(player)) == 0
    assert player.problem is None


def test_flipped_bytes_never_stop_the_programme(player, film, tmp_path):
    whole = film.read_bytes()
    shuffle = random.Random(3)
    for number in range(3):
        damaged = bytearray(whole)
        for _ in range(200):
            damaged[shuffle.randrange(1000, len(damaged))] ^= 1 << shuffle.randrange(8)
        path = tmp_path / f"damaged{number}.mp4"
        path.write_bytes(bytes(damaged))
        player.set_speed(2.0)
        player.open(path)
        player.play()
        until(lambda: player.state is not State.LOADING)
    player.open(film)
    assert frame_number(next_picture(player)) == 0


@pytest.fixture(scope="session")
def sound(tmp_path_factory):
    from tests.support.recordings import Recording, record

    folder = tmp_path_factory.mktemp("sound")
    return record(folder / "video.audio.m4a", Recording(video=None, seconds=4))


def test_a_sound_alone_plays_pauses_jumps_and_ends(player, sound):
    player.set_speed(2.0)
    player.open(sound)
    until(lambda: player.state is State.PAUSED)
    assert player.duration_s == pytest.approx(4, abs=0.2)
    time.sleep(0.3)
    assert player.position_s == 0.0
    player.play()
    until(lambda: player.position_s > 0.5)
    player.pause()
    until(lambda: player.state is State.PAUSED)
    time.sleep(0.2)
    held_s = player.position_s
    time.sleep(0.3)
    assert player.position_s == held_s
    player.seek(3.0)
    until(lambda: player.state is State.PAUSED)
    assert player.position_s == pytest.approx(3.0, abs=0.3)
    player.play()
    until(lambda: player.state is State.ENDED)
    assert player.problem is None
    assert player.position_s == player.duration_s
    assert player.take_picture() is None
    player.play()
    until(lambda: player.state is State.PLAYING and player.position_s < 2)


def test_a_sound_that_is_none_says_so(player, tmp_path):
    path = tmp_path / "video.audio.m4a"
    path.write_bytes(b"no sound at all" * 400)
    player.open(path)
    until(lambda: player.state is State.FAILED)
    assert player.problem is Problem.UNREADABLE
