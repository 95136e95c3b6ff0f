from __future__ import annotations

import threading
import time

import pytest

from client.courier import FIRST_DELAY_S, TOLD_FROM_S, Courier
from client.executor import Executor
from client.laptop.account import Problem, SyncAccount, SyncProgress
from client.laptop.errors import Fault
from client.messages import Message
from sync.link.backoff import BASE_S, CAP_S, LEAST_S, SOON_S, SOON_SPREAD_S, USUAL_S

NO_LINK = Problem("link-unreachable", Fault.LINK, "", Message("error.link"))
ASKED_FOR_TIME = Problem(
    "server-busy", Fault.LINK, "", Message("error.server-busy"), retry_after_s=240.0
)
NO_ROOM = Problem("disk-full", Fault.YOUR_DATA, "", Message("error.disk-full"))
HALF = 0.5
USUALLY = pytest.approx(USUAL_S)


class FakeLaptop:
    enrolled = True

    def __init__(self):
        self.problem = self.carry_problem = None
        self.tries = self.carries = 0
        self.error = None
        self.told = []
        self.carried_bytes = 200
        self.during_exchange = self.during_carry = lambda: None

    def exchange(self, progress, cancel):
        self.tries += 1
        if self.error:
            raise self.error
        progress(SyncProgress(Message("road.exchange"), 1, 2))
        self.during_exchange()
        return SyncAccount(Message("status.nothing"), 1, 10, 20, problem=self.problem)

    def carry(self, progress, cancel):
        self.carries += 1
        self.during_carry()
        return SyncAccount(
            Message("status.nothing"), 2, 100, self.carried_bytes, problem=self.carry_problem
        )

    def note_next_try(self, wait_s):
        self.told.append(wait_s)


class Timers:
    """A clock that shows what waits, and rings when told to."""

    def __init__(self):
        self.waiting = []
        self.now_s = 5000.0

    def __call__(self, delay_s, call):
        entry = (delay_s, call)
        self.waiting.append(entry)
        return lambda: entry in self.waiting and self.waiting.remove(entry)

    @property
    def delays(self):
        return [delay_s for delay_s, _ in self.waiting]

    def ring(self):
        (delay_s, call), self.waiting = self.waiting[0], []
        self.now_s += delay_s
        call()


class World:
    def __init__(self):
        self.laptop, self.timers, self.calls = FakeLaptop(), Timers(), []
        self.executor = Executor(self.calls.append)
        self.luck = HALF
        self.courier = Courier(
            self.laptop,
            self.executor,
            self.timers,
            self.calls.append,
            monotonic=lambda: self.timers.now_s,
            draw=lambda: self.luck,
        )

    def until(self, reached):
        """Hand outcomes over until something is so, while a thread may go on working."""
        end_s = time.monotonic() + 10
        while not reached():
            assert time.monotonic() < end_s
            while self.calls:
                self.calls.pop(0)()

    def turn(self):
        """Let the threads work until nothing is left to do."""
        assert self.executor.wait(60)
        while self.calls:
            self.calls.pop(0)()
            assert self.executor.wait(60)


@pytest.fixture
def world():
    made = World()
    yield made
    made.courier.stop()
    made.executor.close()


def test_it_sends_by_itself_and_again(world):
    world.courier.start()
    assert world.timers.delays == [FIRST_DELAY_S * 1.5]
    world.timers.ring()
    assert world.courier.running
    world.turn()
    assert (world.laptop.tries, world.laptop.carries) == (1, 1)
    assert (world.courier.running, world.courier.progress) == (False, None)
    assert world.timers.delays == [USUALLY]


def test_what_was_exchanged_and_carried_is_one_account(world):
    world.courier.send_now()
    world.turn()
    account = world.courier.account
    assert (account.requests, account.sent_bytes, account.received_bytes) == (3, 110, 220)
    assert world.courier.ended == 2


def test_without_a_link_it_waits_longer_and_longer_and_recovers(world):
    world.laptop.problem = NO_LINK
    world.luck = 1.0
    seen = []
    for _ in range(7):
        world.courier.send_now()
        world.turn()
        seen += world.timers.delays
    assert seen == [pytest.approx(s) for s in (30, 60, 120, 240, 480, 900, 900)]
    assert world.laptop.carries == 0
    world.laptop.problem, world.luck = None, HALF
    world.courier.send_now()
    world.turn()
    assert world.timers.delays == [USUALLY]


def test_a_server_that_asks_for_time_gets_it(world):
    world.laptop.problem = ASKED_FOR_TIME
    world.courier.send_now()
    world.turn()
    assert world.timers.delays[0] >= 240
    world.courier.work_waits()
    assert world.timers.delays[0] >= 240


def test_objects_wait_for_a_link_but_not_for_a_record_that_was_refused(world):
    world.laptop.problem = NO_ROOM
    world.courier.send_now()
    world.turn()
    assert world.laptop.carries == 1
    world.laptop.problem = Problem("sync-busy", Fault.YOUR_DATA, "", Message("error.sync-busy"))
    world.courier.send_now()
    world.turn()
    assert world.laptop.carries == 1


def test_a_video_that_was_cut_goes_on_before_the_usual_time(world):
    world.laptop.carry_problem = NO_LINK
    world.courier.send_now()
    world.turn()
    assert LEAST_S <= world.timers.delays[0] <= BASE_S
    world.laptop.carry_problem = NO_ROOM
    world.courier.send_now()
    world.turn()
    assert world.timers.delays == [USUALLY]


def test_objects_that_never_come_are_asked_for_later_and_later_but_work_is_not(world):
    world.laptop.carry_problem, world.luck = NO_LINK, 0.999999
    seen = []
    for _ in range(6):
        world.courier.send_now()
        world.turn()
        seen += world.timers.delays
    usual_s = USUAL_S * 1.2
    assert seen == [pytest.approx(s, rel=0.001) for s in (30, 60, 120, 240, usual_s, usual_s)]
    world.laptop.carried_bytes = 1 << 20
    world.courier.send_now()
    world.turn()
    assert world.timers.delays == [pytest.approx(30, rel=0.001)], "it moves: a weak link, no more"


def test_a_bug_in_syncing_stops_neither_the_window_nor_the_next_try(world):
    world.laptop.error = RuntimeError("a bug")
    world.courier.send_now()
    world.turn()
    assert world.courier.account is None
    assert not world.courier.running
    assert len(world.timers.waiting) == 1


def test_a_bug_in_carrying_leaves_the_account_of_the_work(world):
    def fail():
        raise RuntimeError("a bug")

    world.laptop.during_carry = fail
    world.courier.send_now()
    world.turn()
    assert world.courier.account.requests == 1
    assert not world.courier.running


def test_two_presses_are_one_try(world):
    world.courier.send_now()
    world.courier.send_now()
    world.turn()
    assert world.laptop.tries == 1


def test_work_handed_in_brings_the_next_try_forward(world):
    world.courier.start()
    world.timers.ring()
    world.turn()
    world.courier.work_waits()
    assert world.timers.delays == [pytest.approx(SOON_S + SOON_SPREAD_S / 2)]


def test_work_handed_in_without_a_link_keeps_to_the_backoff(world):
    world.laptop.problem = NO_LINK
    for _ in range(8):
        world.courier.send_now()
        world.turn()
    world.courier.work_waits()
    assert world.timers.delays == [pytest.approx((CAP_S + LEAST_S) / 2)]


def test_work_handed_in_during_an_exchange_is_not_forgotten(world):
    world.laptop.during_exchange = world.courier.work_waits
    world.courier.send_now()
    world.turn()
    assert world.timers.delays == [pytest.approx(SOON_S + SOON_SPREAD_S / 2)]


def test_work_goes_past_a_video(world):
    came = threading.Event()
    world.laptop.during_carry = lambda: came.wait(60)
    world.courier.send_now()
    world.until(lambda: world.courier.carrying and not world.courier.exchanging)
    world.courier.work_waits()
    assert world.timers.delays == [pytest.approx(SOON_S + SOON_SPREAD_S / 2)]
    world.timers.ring()
    assert world.courier.exchanging
    world.until(lambda: not world.courier.exchanging)
    assert (world.laptop.tries, world.courier.carrying) == (2, True)
    came.set()
    world.turn()
    assert world.laptop.carries == 1, "one at a time"
    assert not world.courier.running


def test_listeners_hear_the_start_the_progress_and_the_end(world):
    heard = []
    world.laptop.problem = NO_LINK
    world.courier.listen(
        lambda: heard.append((world.courier.running, world.courier.progress is not None))
    )
    world.courier.send_now()
    world.turn()
    assert heard == [(True, False), (True, True), (False, False)]


def test_the_next_try_is_known_and_told_to_other_processes(world):
    assert world.courier.next_try_in_s is None
    world.courier.start()
    assert world.courier.next_try_in_s == FIRST_DELAY_S * 1.5
    world.timers.now_s += 2
    assert world.courier.next_try_in_s == FIRST_DELAY_S * 1.5 - 2
    world.courier.send_now()
    assert world.courier.next_try_in_s is None
    world.turn()
    assert world.courier.next_try_in_s == USUALLY
    assert world.laptop.told == [USUALLY], "what comes within seconds is not written down"
    world.courier.stop()
    world.turn()
    assert world.courier.next_try_in_s is None
    assert world.laptop.told[-1] is None
    assert TOLD_FROM_S > FIRST_DELAY_S * 2


def test_before_enrolment_and_after_the_end_nothing_is_tried(world):
    world.laptop.enrolled = False
    world.courier.send_now()
    world.turn()
    world.laptop.enrolled = True
    world.courier.stop()
    world.courier.work_waits()
    world.courier.send_now()
    world.turn()
    assert world.laptop.tries == 0
    assert world.timers.waiting == []
