from __future__ import annotations

import pytest

from client.courier import (
    AFTER_WORK_DELAY_S,
    FIRST_DELAY_S,
    RETRY_DELAYS_S,
    USUAL_DELAY_S,
    Courier,
    next_delay_s,
)
from client.executor import Executor
from client.laptop.account import Problem, SyncAccount, SyncProgress
from client.laptop.errors import Fault
from client.messages import Message

NO_LINK = Problem("link", Fault.LINK, "", Message("error.link"))


class FakeLaptop:
    enrolled = True

    def __init__(self):
        self.problem = None
        self.tries = 0
        self.error = None

    def sync(self, progress=None, cancel=None):
        self.tries += 1
        if self.error:
            raise self.error
        progress(SyncProgress(Message("road.exchange"), 1, 2))
        return SyncAccount(Message("status.nothing"), problem=self.problem)


class Timers:
    """A clock that shows what waits, and rings when told to."""

    def __init__(self):
        self.waiting = []

    def __call__(self, delay_s, call):
        entry = (delay_s, call)
        self.waiting.append(entry)
        return lambda: entry in self.waiting and self.waiting.remove(entry)

    def ring(self):
        (_, call), self.waiting = self.waiting[0], []
        call()


@pytest.fixture
def world():
    laptop, timers, calls = FakeLaptop(), Timers(), []
    executor = Executor(calls.append)
    courier = Courier(laptop, executor, timers, calls.append)

    def turn():
        assert executor.wait(10)
        while calls:
            calls.pop(0)()

    yield laptop, timers, courier, turn
    courier.stop()
    executor.close()


def test_delays_grow_and_stay():
    assert next_delay_s(0) == USUAL_DELAY_S
    assert [next_delay_s(n) for n in range(1, 9)] == [*RETRY_DELAYS_S, *[RETRY_DELAYS_S[-1]] * 3]


def test_it_sends_by_itself_and_again(world):
    laptop, timers, courier, turn = world
    courier.start()
    assert [delay for delay, _ in timers.waiting] == [FIRST_DELAY_S]
    timers.ring()
    assert courier.running
    turn()
    assert (laptop.tries, courier.running, courier.progress) == (1, False, None)
    assert [delay for delay, _ in timers.waiting] == [USUAL_DELAY_S]


def test_without_a_link_it_waits_longer_and_longer_and_recovers(world):
    laptop, timers, courier, turn = world
    laptop.problem = NO_LINK
    seen = []
    for _ in range(3):
        courier.send_now()
        turn()
        seen.append(timers.waiting[0][0])
    assert seen == list(RETRY_DELAYS_S[:3])
    laptop.problem = None
    courier.send_now()
    turn()
    assert timers.waiting[0][0] == USUAL_DELAY_S


def test_a_bug_in_syncing_stops_neither_the_window_nor_the_next_try(world):
    laptop, timers, courier, turn = world
    laptop.error = RuntimeError("a bug")
    courier.send_now()
    turn()
    assert courier.account is None
    assert not courier.running
    assert len(timers.waiting) == 1


def test_two_presses_are_one_try(world):
    laptop, _, courier, turn = world
    courier.send_now()
    courier.send_now()
    turn()
    assert laptop.tries == 1


def test_work_handed_in_brings_the_next_try_forward(world):
    _, timers, courier, _ = world
    courier.start()
    courier.work_waits()
    assert [delay for delay, _ in timers.waiting] == [AFTER_WORK_DELAY_S]


def test_listeners_hear_the_start_the_progress_and_the_end(world):
    _, _, courier, turn = world
    heard = []
    courier.listen(lambda: heard.append((courier.running, courier.progress is not None)))
    courier.send_now()
    turn()
    assert heard == [(True, False), (True, True), (False, False)]


def test_before_enrolment_and_after_the_end_nothing_is_tried(world):
    laptop, timers, courier, turn = world
    laptop.enrolled = False
    courier.send_now()
    turn()
    laptop.enrolled = True
    courier.stop()
    courier.work_waits()
    courier.send_now()
    turn()
    assert laptop.tries == 0
    assert timers.waiting == []
