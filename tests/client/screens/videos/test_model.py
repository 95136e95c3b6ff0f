from __future__ import annotations

import pytest

from client.courier import Courier
from client.executor import Executor
from client.messages import LANGUAGES, Messages
from client.screens.lessons.model import Model as Lessons
from client.screens.model import Session
from client.screens.videos.model import CANCEL, FETCH, FIRST, KEEP, LET_GO, RELEASE, Model
from tests.support.laptop import AIGERIM
from tests.support.showcase import Showcase


@pytest.fixture
def session(tmp_path):
    laptop, calls = Showcase(tmp_path), []
    executor = Executor(calls.append)
    courier = Courier(laptop, executor, lambda *_: lambda: None, calls.append)
    made = Session(laptop, executor, courier, "kk", AIGERIM)

    def turn():
        assert executor.wait(60)
        while calls:
            calls.pop(0)()

    made.turn = turn
    yield made
    executor.close()


@pytest.fixture
def model(session):
    model = Model(session)
    assert (model.shelf, model.packs, model.summary) == (None, (), ())
    session.turn()
    return model


def said(words):
    """Say it in all languages: a missing key or value fails here."""
    return [" ".join(Messages(one).text(word) for word in words) for one in LANGUAGES]


def line(model, lesson):
    return next(one for pack in model.packs for one in pack.lines if one.card.lesson == lesson)


def test_the_pack_of_which_something_comes_is_open_and_says_how_long_it_takes(model):
    assert [pack.open for pack in model.packs] == [False, True, False]
    coming = line(model, "friction")
    assert coming.acts == (FIRST, CANCEL)
    assert "10 MB on its way, about 5 min" in said(coming.words)[2]
    assert "2 of 3 videos here" in said(model.packs[1].words)[2]
    assert said(model.summary)[2].endswith("on its way, about 5 min.")


def test_each_act_changes_what_may_be_done_next(session, model):
    for act, acts in (
        (FIRST, (CANCEL,)),
        (CANCEL, (FETCH,)),
        (FETCH, (CANCEL,)),
    ):
        model.act(act, line(model, "friction"))
        session.turn()
        assert line(model, "friction").acts == acts
        assert all(said(line(model, "friction").words))
    model.toggle(model.packs[0].card.pack)
    for act, acts in ((RELEASE, (KEEP, LET_GO)), (KEEP, (RELEASE, LET_GO)), (LET_GO, (FETCH,))):
        model.act(act, line(model, "solving"))
        session.turn()
        assert line(model, "solving").acts == acts


def test_videos_are_paused_and_room_is_made(session, model):
    assert all(said([model.freeable]))
    model.free_seen()
    session.turn()
    assert model.freeable is None
    model.pause_or_resume()
    session.turn()
    assert model.paused
    assert "paused" in said(model.summary)[2]
    assert "min" not in said(line(model, "friction").words)[2], "nobody knows when"
    model.pause_or_resume()
    session.turn()
    assert not model.paused


def test_one_pack_is_open_at_a_time(model):
    pack = model.packs[1].card.pack
    model.toggle(pack)
    assert not any(one.open for one in model.packs)
    model.toggle(pack)
    assert [one.card.pack for one in model.packs if one.open] == [pack]


def test_what_came_meanwhile_is_shown(session, model):
    assert line(model, "friction").acts == (FIRST, CANCEL)
    session.laptop.videos.cancel("physics-7-motion", "friction")
    model.reload()
    session.turn()
    assert line(model, "friction").acts == (FETCH,)
    model.reload()
    model.close()
    model.listen(lambda: pytest.fail("nobody looks any more"))
    session.turn()


def test_a_lessons_line_says_how_long_its_video_takes(session):
    model = Lessons(session)

    def row():
        return next(one for one in model.rows if one.steps and one.card.lesson == "friction")

    assert said([row().video_words])[2] == "video on its way, text is here"
    session.turn()
    assert said([row().video_words])[2] == "video on its way: 10 MB, about 5 min"
    session.laptop.videos.cancel("physics-7-motion", "friction")
    model.reload()
    session.turn()
    assert row().video == "away"
    assert all(said([row().video_words]))
    assert "on their way" not in said([model.summary])[2]
    model.close()
