"""Whatever befalls four laptops and their servers, in whatever order: all agree in the end.

The laptops' databases, the protocol and the servers are the real ones; ``world`` has all that can
happen, and Hypothesis chooses.
"""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from random import Random
from typing import List, Optional

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.simulation import habits
from tests.simulation.events import DAY_MS, HOUR_MS, MINUTE_MS, Act
from tests.simulation.machine import Laptop
from tests.simulation.network import ARRIVES, FATES
from tests.simulation.seeding import seeded_secrets
from tests.simulation.small_school import small_school
from tests.support.clock import IN_2003_MS, IN_2031_MS
from tests.support.examples import examples
from tests.support.power import PowerCut

pytestmark = pytest.mark.slow

places = st.integers(0, 3)
sticks = st.integers(0, 1)
pulled = st.none() | st.randoms(use_true_random=False)
fates = st.lists(st.sampled_from(FATES), max_size=4)


class SmallSchool(RuleBasedStateMachine):
    @initialize(seed=st.integers(0, 1000))
    def begin(self, seed: int) -> None:
        self.ending = contextlib.ExitStack()
        self.ending.enter_context(seeded_secrets(seed))
        folder = self.ending.enter_context(tempfile.TemporaryDirectory())
        self.random = Random(seed)
        self.world = small_school(Path(folder))
        self.ending.callback(self.world.close)
        for _ in range(2):
            self.world.caravan.add()
        self.late: List[Act] = []

    def _laptop(self, place: int) -> Laptop:
        return self.world.laptops[place]

    def _write(self, laptop: Laptop) -> None:
        for pupil in self.world.pupils(laptop)[-1:]:
            for kind, body in habits.session(self.random, 0, 1):
                self.world.write(laptop, pupil.id, kind, body)
        for teacher in self.world.teachers(laptop):
            for work in self.world.works(laptop)[:2]:
                kind, body = habits.mark(self.random, work)
                self.world.write(laptop, teacher.id, kind, body)
            kind, body = habits.class_plan(self.random.randrange(5), teacher.class_name)
            self.world.write(laptop, teacher.id, kind, body)

    def _sync(self, laptop: Laptop, fates: List[str]) -> None:
        left = list(fates)
        road = self.world.road(laptop, lambda: left.pop(0) if left else ARRIVES, self.late.append)
        self.world.sync(laptop, road)

    # Hypothesis leaves out some rules in each run, so that work belongs to syncing, too.
    @rule(place=places, statements=st.none() | st.integers(0, 120), fates=fates)
    def work_and_sync(self, place: int, statements: int, fates: List[str]) -> None:
        laptop = self._laptop(place)
        if statements is not None:
            laptop.power_cut_after(statements)
        try:
            self._write(laptop)
            self._sync(laptop, fates)
        except PowerCut:
            self.world.cut(laptop)
        laptop.spare()

    @rule(place=places)
    def work(self, place: int) -> None:
        self._write(self._laptop(place))

    @rule(which=st.integers(0, 1000))
    def something_late_arrives(self, which: int) -> None:
        if self.late:
            self.late.pop(which % len(self.late))()

    @rule(place=places)
    def take_an_image(self, place: int) -> None:
        self.world.take_image(self._laptop(place))

    @rule(place=places)
    def set_back(self, place: int) -> None:
        laptop = self._laptop(place)
        self.world.write_image(self.world.images[laptop.name], laptop)

    @rule(place=places, other=places)
    def clone(self, place: int, other: int) -> None:
        if place != other:
            image = self.world.take_image(self._laptop(place))
            self.world.write_image(image, self._laptop(other))

    @rule(place=places, days=st.sampled_from([0, 3]))
    def make_room(self, place: int, days: int) -> None:
        received_before_ms = self.world.events.now_ms() - days * DAY_MS
        self.world.compact(self._laptop(place), received_before_ms)

    @rule(place=places, shown_ms=st.sampled_from([None, IN_2003_MS, IN_2031_MS]))
    def turn_the_clock(self, place: int, shown_ms: int) -> None:
        self.world.turn_clock(self._laptop(place), shown_ms)

    @rule(pause_ms=st.sampled_from([1, MINUTE_MS, HOUR_MS, 3 * DAY_MS]))
    def time_goes_by(self, pause_ms: int) -> None:
        self.world.events.time_ms += pause_ms

    @rule(fates=fates)
    def relay(self, fates: List[str]) -> None:
        left = list(fates)
        below = self.world.hosts[0]
        self.world.relay(below, lambda: left.pop(0) if left else ARRIVES, self.late.append)

    @rule(place=places, which=sticks, statements=st.none() | st.integers(0, 150), pulled=pulled)
    def work_and_plug_in(
        self, place: int, which: int, statements: Optional[int], pulled: Optional[Random]
    ) -> None:
        laptop, caravan = self._laptop(place), self.world.caravan
        if statements is not None:
            laptop.power_cut_after(statements)
        try:
            self._write(laptop)
            caravan.visit_laptop(caravan.sticks[which], laptop, pulled)
        except PowerCut:
            self.world.cut(laptop)
        laptop.spare()

    @rule(host=sticks, which=sticks, pulled=pulled, dies=st.booleans())
    def bring_a_stick(self, host: int, which: int, pulled: Optional[Random], dies: bool) -> None:
        caravan = self.world.caravan
        caravan.visit_host(caravan.sticks[which], self.world.hosts[host], pulled, dies)

    @rule(place=places, which=sticks, fates=fates)
    def carry_for_others(self, place: int, which: int, fates: List[str]) -> None:
        laptop, caravan = self._laptop(place), self.world.caravan
        caravan.merge(caravan.sticks[which], laptop)
        left = list(fates)
        caravan.post(laptop, lambda: not left or left.pop(0) == ARRIVES)

    @rule(which=sticks, what=st.sampled_from(["lost", "copied", "worn", "kept", "put back"]))
    def something_befalls_a_stick(self, which: int, what: str) -> None:
        caravan = self.world.caravan
        stick, other = caravan.sticks[which], caravan.sticks[1 - which]
        {
            "lost": lambda: caravan.lose(stick),
            "copied": lambda: caravan.copy(stick, other),
            "worn": lambda: caravan.flip(stick, self.random),
            "kept": lambda: caravan.take_image(stick),
            "put back": lambda: caravan.put_back(stick),
        }[what]()

    @rule(which=places)
    def back_a_server_up(self, which: int) -> None:
        self.world.back_up(self.world.hosts[which % len(self.world.hosts)])

    @rule(which=places)
    def restore_a_server(self, which: int) -> None:
        self.world.restore(self.world.hosts[which % len(self.world.hosts)])

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        with self.ending:
            while self.late:
                self.late.pop()()
            self.world.settle()
            assert self.world.check().problems == ()


SmallSchool.TestCase.settings = settings(
    max_examples=examples(25),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestSmallSchool = SmallSchool.TestCase
