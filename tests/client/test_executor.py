from __future__ import annotations

import threading

import pytest

from client.executor import CART, DESK, DRIVES, ROAD, STICKS, Executor


class Window:
    """The window's thread: takes deliveries and calls them when asked."""

    def __init__(self):
        self.calls = []

    def deliver(self, call):
        self.calls.append(call)

    def turn(self):
        calls, self.calls = self.calls, []
        for call in calls:
            call()


@pytest.fixture
def window():
    return Window()


@pytest.fixture
def executor(window):
    executor = Executor(window.deliver)
    yield executor
    executor.close()


def test_results_come_back_on_the_windows_turn(executor, window):
    outcomes = []
    executor.submit("sum", lambda: 1 + 1, outcomes.append)
    assert executor.wait()
    assert outcomes == []
    window.turn()
    assert [(one.tag, one.value, one.error) for one in outcomes] == [("sum", 2, None)]


def test_errors_are_outcomes_and_the_lane_goes_on(executor, window):
    outcomes = []
    executor.submit("bad", lambda: 1 // 0, outcomes.append)
    executor.submit("good", lambda: 1, outcomes.append)
    assert executor.wait()
    window.turn()
    assert isinstance(outcomes[0].error, ZeroDivisionError)
    assert outcomes[1].value == 1


def test_stale_outcomes_are_dropped_though_the_work_is_done(executor, window):
    done, outcomes = [], []
    for number in range(3):
        executor.submit("page", lambda n=number: done.append(n) or n, outcomes.append)
    assert executor.wait()
    window.turn()
    assert done == [0, 1, 2]
    assert [one.value for one in outcomes] == [2]


def test_an_outcome_already_delivered_is_dropped_when_its_tag_comes_again(executor, window):
    outcomes = []
    executor.submit("page", lambda: "old", outcomes.append)
    assert executor.wait()
    executor.drop("page")
    window.turn()
    assert outcomes == []


def test_the_desk_never_waits_for_the_road(executor, window):
    hold, saved = threading.Event(), threading.Event()
    executor.submit("sync", lambda: hold.wait(120), lane=ROAD)
    executor.submit("draft", saved.set, lane=DESK)
    assert saved.wait(60)
    hold.set()
    assert executor.wait()


def test_work_never_waits_for_a_video(executor, window):
    hold, done = threading.Event(), threading.Event()
    executor.submit("videos", lambda: hold.wait(120), lane=CART)
    executor.submit("exchange", done.set, lane=ROAD)
    assert done.wait(60)
    hold.set()
    assert executor.wait()


def test_what_is_typed_faster_than_it_is_saved_needs_only_the_last_save(executor):
    hold, saved = threading.Event(), []
    executor.submit("other", lambda: hold.wait(120))
    for number in range(50):
        executor.submit("draft", lambda n=number: saved.append(n), replaceable=True)
    executor.submit("hand-in", lambda: saved.append("handed in"))
    hold.set()
    assert executor.wait()
    assert saved == [49, "handed in"]


def test_closing_finishes_what_the_desk_has_in_hand(window):
    executor = Executor(window.deliver)
    hold, saved = threading.Event(), []
    executor.submit("first", lambda: hold.wait(120))
    executor.submit("draft", lambda: saved.append("saved"))
    threading.Timer(0.05, hold.set).start()
    executor.close()
    assert saved == ["saved"]
    with pytest.raises(RuntimeError):
        executor.submit("late", lambda: None)


def test_a_stick_gets_a_moment_to_end_and_a_hanging_one_keeps_nobody(window, monkeypatch):
    ended, hang = [], threading.Event()
    executor = Executor(window.deliver)
    executor.submit("visit", lambda: ended.append(hang.wait(0.05)), lane=STICKS)
    executor.close()
    assert ended == [False]
    monkeypatch.setattr("client.executor.STICK_MOMENT_S", 0.05)
    executor = Executor(window.deliver)
    executor.submit("visit", lambda: ended.append(hang.wait(5)), lane=STICKS)
    executor.close()
    assert len(ended) == 1
    hang.set()


def test_looking_for_sticks_keeps_no_visit_waiting(executor, window):
    hang, visited = threading.Event(), threading.Event()
    executor.submit("drives", lambda: hang.wait(120), lane=DRIVES)
    executor.submit("visit", visited.set, lane=STICKS)
    assert visited.wait(60)
    hang.set()
