from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import List, Tuple

import pytest

from content.errors import CancelledError
from content.watch import UNWATCHED, Watch


def test_steps_count_from_any_thread() -> None:
    told: List[Tuple[str, int, int]] = []
    step = Watch(lambda *one: told.append(one)).step("reading", 1_000)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(step.add, [10] * 100))
    assert told == [("reading", done, 1_000) for done in range(10, 1_001, 10)]


def test_a_cancel_ends_the_step() -> None:
    asked = [False, False, True]
    step = Watch(cancel=lambda: asked.pop(0)).step("reading", 3)
    step.add(1)
    step.add(1)
    with pytest.raises(CancelledError):
        step.add(1)


def test_nobody_looks_on() -> None:
    UNWATCHED.check()
    UNWATCHED.step("reading", 1).add(1)
