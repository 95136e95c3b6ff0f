"""Whatever people do at two laptops that they share, and whatever befalls these: nobody reads
another's work, none of it is lost, and what one person did at both counts.

Hypothesis chooses; ``tests.support.shared_world`` has all that can happen.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from pathlib import Path
from typing import Any, Optional

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from client.laptop.storage import database
from client.vaults import guessing, stretching, vault_file
from tests.support.examples import examples
from tests.support.shared_world import LAPTOPS, PEOPLE, PUPILS, TASKS, SharedWorld, open_fused

pytestmark = pytest.mark.slow

laptops = st.sampled_from(LAPTOPS)
people = st.sampled_from(PEOPLE)
pupils = st.sampled_from(PUPILS)
tasks = st.sampled_from(TASKS)
cuts = st.none() | st.integers(-12, 60)
"""After how many statements to the database the plug is pulled; below zero, after which files."""


def _short_stretch(secret: bytes, salt: bytes, cost: Any) -> bytes:
    return hashlib.sha256(salt + secret).digest()


class SharedLaptops(RuleBasedStateMachine):
    @initialize(locked=st.booleans())
    def begin(self, locked: bool) -> None:
        self.ending = contextlib.ExitStack()
        patch = self.ending.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(vault_file, "stretch", _short_stretch)
        patch.setattr(stretching, "stretch", _short_stretch)
        patch.setattr(guessing, "wait_s", lambda _: 0.0)
        patch.setattr(database, "open_database", open_fused)
        folder = self.ending.enter_context(tempfile.TemporaryDirectory())
        self.world = SharedWorld(Path(folder))
        self.ending.callback(self.world.close)
        for name in PUPILS if locked else ():
            self.world.lock("one", name)

    @rule(at=laptops, name=people, task=tasks, cut=cuts)
    def sit_down_and_work(self, at: str, name: str, task: str, cut: Optional[int]) -> None:
        def work() -> None:
            self.world.sit_down(at, name)
            self.world.one_finds_ones_own(at)
            self.world.type(at, task)
            self.world.mark(at)

        self.world.cut_off(at, cut, work)

    @rule(at=laptops, task=tasks)
    def hand_in(self, at: str, task: str) -> None:
        self.world.hand_in(at, task)

    @rule(at=laptops, name=people, cut=cuts)
    def lock(self, at: str, name: str, cut: Optional[int]) -> None:
        self.world.cut_off(at, cut, lambda: self.world.lock(at, name))

    @rule(at=laptops)
    def get_up(self, at: str) -> None:
        self.world.desks[at].laptop.vaults.get_up()

    @rule(at=laptops, cut=cuts)
    def change(self, at: str, cut: Optional[int]) -> None:
        self.world.cut_off(at, cut, lambda: self.world.change(at))

    @rule(at=laptops, name=pupils, cut=cuts)
    def forget(self, at: str, name: str, cut: Optional[int]) -> None:
        self.world.cut_off(at, cut, lambda: self.world.reset(at, name))

    @rule(at=laptops, name=people)
    def guess(self, at: str, name: str) -> None:
        self.world.guess(at, name)

    @rule(at=laptops)
    def sync(self, at: str) -> None:
        self.world.sync(at)

    @rule(at=laptops)
    def take_an_image(self, at: str) -> None:
        self.world.take_image(at)

    @rule(at=laptops)
    def set_back(self, at: str) -> None:
        self.world.write_image(self.world.images[at], at)

    @rule(at=laptops)
    def clone(self, at: str) -> None:
        self.world.take_image(at)
        self.world.write_image(self.world.images[at], LAPTOPS[1 - LAPTOPS.index(at)])

    @rule(at=laptops)
    def pull_the_plug(self, at: str) -> None:
        self.world.pull_the_plug(at)

    @invariant()
    def nobody_reads_anothers(self) -> None:
        if hasattr(self, "world"):
            self.world.nobody_reads_anothers()

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        with self.ending:
            self.world.settle()
            self.world.all_work_counts_once()


SharedLaptops.TestCase.settings = settings(
    max_examples=examples(12),
    stateful_step_count=20,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
TestSharedLaptops = SharedLaptops.TestCase
