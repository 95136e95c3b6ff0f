"""Nobody there: both clocks count, a film does, and a touch begins the wait anew."""

from __future__ import annotations

import pytest

from client.idle import LOOK_S, Idle
from tests.client.vaults.doubles import Turnable


class Desk:
    """An idle watch with its clocks, its timer and what it called."""

    def __init__(self):
        self.monotonic, self.wall = Turnable(), Turnable()
        self.planned, self.gone, self.busy = [], 0, False
        self.idle = Idle(
            self._schedule,
            self._leave,
            lambda: self.busy,
            monotonic=self.monotonic,
            wall=self.wall,
        )

    def _schedule(self, delay_s, call):
        self.planned.append((delay_s, call))
        return self.planned.clear

    def _leave(self):
        self.gone += 1

    def pass_by(self, seconds, asleep_s=0.0):
        """Let time go by; the monotonic clock stands still while the lid is closed."""
        for _ in range(int(seconds / LOOK_S)):
            self.monotonic.now_s += LOOK_S
            self.wall.now_s += LOOK_S
            self._turn()
        if asleep_s:
            self.wall.now_s += asleep_s
            self._turn()

    def _turn(self):
        planned, self.planned = self.planned, []
        for _, call in planned:
            call()


@pytest.fixture
def desk():
    made = Desk()
    made.idle.begin(120)
    return made


def test_nobody_for_as_long_as_was_said(desk):
    desk.pass_by(115)
    assert (desk.gone, desk.idle.watching) == (0, True)
    desk.pass_by(5)
    assert (desk.gone, desk.idle.watching, desk.planned) == (1, False, [])


def test_a_touch_begins_the_wait_anew(desk):
    desk.pass_by(115)
    desk.idle.stir()
    desk.pass_by(115)
    assert desk.gone == 0


def test_who_watches_a_film_is_there(desk):
    desk.busy = True
    desk.pass_by(600)
    assert desk.gone == 0
    desk.busy = False
    desk.pass_by(115)
    assert desk.gone == 0
    desk.pass_by(5)
    assert desk.gone == 1


def test_a_closed_lid_counts(desk):
    desk.pass_by(10, asleep_s=3600)
    assert desk.gone == 1


@pytest.mark.parametrize("turned_s", [-1e9, -3600])
def test_a_clock_put_back_keeps_nobody_in(desk, turned_s):
    desk.wall.now_s += turned_s
    desk.pass_by(120)
    assert desk.gone == 1


def test_nobody_is_waited_for_after_the_stop(desk):
    desk.idle.stop()
    desk.pass_by(600)
    assert (desk.gone, desk.idle.watching) == (0, False)


def test_sitting_down_again_leaves_one_watch(desk):
    desk.idle.begin(60)
    assert len(desk.planned) == 1
    desk.pass_by(60)
    assert desk.gone == 1
