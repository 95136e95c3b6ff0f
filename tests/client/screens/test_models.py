"""The pupil's screens' models on a showcase laptop: no window, no kivy."""

from __future__ import annotations

import dataclasses

import pytest

from client.courier import Courier
from client.executor import Executor
from client.laptop.account import Left, Problem, SyncAccount, SyncProgress
from client.laptop.errors import Fault
from client.laptop.schoolwork.works import Station
from client.messages import LANGUAGES, Message, Messages
from client.screens.enrol.model import Model as Enrol
from client.screens.enrol.model import digits_of, full_address, grouped
from client.screens.lessons.model import Model as Lessons
from client.screens.model import Session
from client.screens.practice.model import Model as Practice
from client.screens.results.model import Model as Results
from client.screens.results.model import passed
from client.screens.send.model import Model as Send
from client.screens.send.model import compared, size
from client.screens.today.model import Model as Today
from client.screens.today.model import part_of_day
from client.screens.who.model import Model as Who
from tests.support.laptop import AIGERIM
from tests.support.showcase import TEACHER_GULNAR, Showcase

GOOD_CODE = "4830192756120933"


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


def said(message):
    """Say a message in all languages: a missing key or value fails here."""
    return [Messages(language).text(message) for language in LANGUAGES]


def test_who_lists_people_with_short_names(session):
    model = Who(session)
    assert model.names[0] == "Айгерім"
    assert model.names[-1] == "Гүлнар Ғабитқызы"
    assert "8" in said(model.footer)[0]


def test_today_has_one_thing_to_do_and_the_tasks_at_hand(session):
    model = Today(session)
    assert model.next.card.lesson == "solving"
    assert model.next.position_s == 70.0
    assert [task.begun for task in model.tasks] == [True, False, False]
    assert model.answer.mark.points == 8.0
    assert "Айгерім" in said(model.greeting)[0]
    assert "3" in said(model.plan)[1]
    words, _, tint = model.sent
    assert (words.key, words.values["n"], tint) == ("today.waiting", 2, "sun")


def test_today_follows_what_is_handed_in(session):
    model, seen = Today(session), []
    model.listen(lambda: seen.append(len(model.tasks) + model.tasks_left))
    before = len(model.tasks) + model.tasks_left
    task = model.tasks[0]
    session.laptop._drafts.clear()
    session.laptop._works.append(
        session.laptop.handed(
            AIGERIM, 99, task.card.pack, task.card.lesson, task.task, 0, Station.SAVED
        )
    )
    model.reload()
    assert seen == [before - 1]


def test_a_laptop_without_lessons_says_so(session):
    session.laptop._cards = ()
    assert Today(session).plan.key == "today.plan.empty"
    assert Lessons(session).summary.key == "lessons.none"
    assert Practice(session).summary.key == "practice.none"


@pytest.mark.parametrize(
    ("hour", "part"),
    [(3, "evening"), (4, "morning"), (11, "morning"), (12, "day"), (18, "evening")],
)
def test_parts_of_the_day(hour, part):
    assert part_of_day(hour) == part


def test_lessons_are_rows_under_their_packs(session):
    model = Lessons(session)
    assert next(row.card.pack for row in model.rows if row.is_pack) == "algebra-7-linear"
    states = {row.card.lesson: (row.state, row.video) for row in model.rows if not row.is_pack}
    assert states["meaning"] == ("done", "here")
    assert states["solving"][0] == "begun"
    assert states["friction"] == ("new", "coming")
    assert states["plant"][1] == "none"
    assert "1" in said(model.summary)[0]


def test_a_teacher_sees_lessons_without_progress(session):
    session.person = TEACHER_GULNAR
    model = Lessons(session)
    assert not model.counts_progress
    assert {row.state for row in model.rows if not row.is_pack} == {"new"}


def test_practice_shows_drafts_first_and_new_ones_by_the_page(session):
    model = Practice(session)
    assert [task.task for task in model.begun] == ["practice"]
    assert len(model.new) == 4
    model.shown = 2
    assert (len(model.new), model.more) == (2, 2)
    model.show_more()
    assert model.more == 0


def test_results_say_where_each_work_is(session):
    model = Results(session)
    verdicts = [model.verdict(work)[0].key for work in model.works]
    assert verdicts == [
        "results.on_laptop",
        "results.on_road",
        "results.at_school",
        "results.points",
    ]
    assert [passed(work) for work in model.works] == [1, 2, 3, 4]
    assert model.waiting == 2
    for work in model.works:
        for message in (model.when(work), model.verdict(work)[0], *model.own_score(work)):
            assert all(said(message))
    assert model.own_score(model.works[1]) == (), "nothing was scored at once"
    assert model.own_score(model.works[3]) == (), "the teacher's mark stands"


def test_a_task_handed_in_again_is_shown_once(session):
    works = session.laptop._works
    works[0] = dataclasses.replace(works[0], replaced=True)
    assert len(Results(session).works) == 3


def test_sending_tells_what_waits_and_then_what_was_moved(session):
    model, heard = Send(session), []
    model.listen(lambda: heard.append(model.mood))
    assert (model.mood, len(model.waiting), model.account_lines) == ("waiting", 2, ())
    model.send_now()
    assert model.mood == "sending"
    session.turn()
    assert "sending" in heard
    lines = [said(line)[0] for line in model.account_lines]
    assert "1,4\u00a0КБ" in lines[1] or "1,4 КБ" in lines[1]
    assert all(said(model.happening))
    assert all(said(model.last_contact))
    model.close()
    heard.clear()
    session.courier.send_now()
    session.turn()
    assert heard == [], "a screen that was left hears nothing"


def test_sending_says_once_why_something_was_left_for_later(session):
    why = Message("link.why.window.videos", {"clock": "22:00"})
    no_room = Message("videos.no-room", {"mb": 40})
    session.courier.account = SyncAccount(
        Message("status.nothing"), left=(Left(no_room, 2, 9), Left(why, 1, 5)), held=why
    )
    assert Send(session).held == (no_room, why)
    session.courier.account = SyncAccount(Message("status.nothing"), held=why)
    assert Send(session).held == (why,)
    session.courier.account = None
    assert Send(session).held == ()


def test_what_comes_says_how_long_it_takes(session):
    session.courier.carrying = True
    session.courier.progress = SyncProgress(Message("road.exchange"), 1 << 20, 28 << 20)
    assert said(Send(session).happening)[2] == "27 MB to come, about 13 min"
    session.courier.progress = SyncProgress(Message("road.exchange"))
    assert Send(session).happening.key == "send.go_on_working"
    session.courier.carrying, session.courier.progress = False, None


def test_sending_without_an_answer_says_so_kindly(session):
    problem = Problem("link", Fault.LINK, "", Message("error.link"))
    session.courier.account = SyncAccount(Message("status.no-link"), requests=1, problem=problem)
    assert [line.key for line in Send(session).account_lines] == ["send.account.no_answer"]


def test_packs_on_their_way(session):
    roads = {road.title["en"]: (road.passed, road.videos_coming) for road in Send(session).packs}
    assert roads["Physics 7: motion and force"] == (2, 1)
    assert roads["Algebra 7: linear equations"] == (3, 0)


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1 KB"), (1536, "1.5 KB"), (3 << 20, "3 MB")],
)
def test_sizes_as_people_say_them(count, words):
    assert Messages("en").text(size(count)) == words


def test_bytes_are_compared_with_a_photo():
    assert compared(0).key == "send.less_than_photo"
    assert (compared(1 << 19).key, compared(1 << 19).values["n"]) == ("send.less_than_photo", 4)
    assert compared(20 << 20).values["n"] == 10
    assert all(said(compared(5)))


def test_the_code_is_checked_while_it_is_typed(session):
    model = Enrol(session)
    assert model.code_state == "empty"
    model.type_code("4830-1927 56")
    assert (model.code, model.code_state) == ("4830192756", "typing")
    assert "6" in said(model.code_help)[2]
    model.type_code(GOOD_CODE)
    assert model.code_state == "right"
    assert not model.ready, "the address is missing"
    model.type_address("192.168.1.10:8000")
    assert model.ready


@pytest.mark.parametrize("place", range(16))
def test_any_single_wrong_digit_is_noticed(session, place):
    model = Enrol(session)
    for digit in "0123456789":
        typed = GOOD_CODE[:place] + digit + GOOD_CODE[place + 1 :]
        model.type_code(typed)
        assert model.code_state == ("right" if typed == GOOD_CODE else "wrong")


def test_a_refused_code_is_told_and_another_try_may_follow(session):
    model = Enrol(session)
    model.type_address("school.kz")
    model.type_code(GOOD_CODE)
    model.join()
    assert model.busy
    assert not model.ready
    session.turn()
    assert (model.busy, model.done, model.error.key) == (
        False,
        False,
        "error.enrolment-code-unknown",
    )
    session.laptop.wrong_codes = False
    model.join()
    session.turn()
    assert model.done


def test_an_unexpected_error_is_a_sentence_too(session, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(session.laptop, "enrol", broken)
    model = Enrol(session)
    model.type_address("school.kz")
    model.type_code(GOOD_CODE)
    model.join()
    session.turn()
    assert "ZeroDivisionError" in said(model.error)[0]


def test_typing_is_forgiven():
    assert digits_of(" 12 34-56\n") == "123456"
    assert digits_of("1" * 40) == "1" * 16
    assert grouped("123456789") == "1234 5678 9"
    assert full_address(" 192.168.1.10 : 8000 ") == "http://192.168.1.10:8000"
    assert full_address("https://school.kz") == "https://school.kz"
    assert full_address("") == ""
