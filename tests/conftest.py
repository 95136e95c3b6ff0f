"""What holds for every test: how hard Hypothesis looks, which come first, names that fit a line."""

from __future__ import annotations

import gc
import hashlib
import os
from functools import lru_cache
from typing import Iterator, List, Optional

import pytest
from hypothesis import HealthCheck, settings

from tests.support.examples import AGAIN, AGAIN_EXAMPLES, SEARCH, SEARCH_EXAMPLES, USUAL
from tests.support.screens import tell_kivy

_LONGEST_ID = 60
_OBJECTS_BETWEEN_COLLECTIONS = 10_000

# Nobody beyond this machine is to hear of a test, nor any process that it starts.
os.environ["KERUEN_NEARBY"] = "off"

# Else whichever test imports it first has it wait between frames, and log a line for each rule of
# each Markdown text.
tell_kivy()

# A code's keys are derived by a server and by a laptop, here in one process: the same work twice.
hashlib.scrypt = lru_cache(maxsize=64)(hashlib.scrypt)  # type: ignore[assignment]

settings.register_profile(
    USUAL,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(USUAL)
settings.register_profile(AGAIN, settings.default, max_examples=AGAIN_EXAMPLES)
settings.register_profile(SEARCH, settings.default, derandomize=False, max_examples=SEARCH_EXAMPLES)


@pytest.fixture(scope="session", autouse=True)
def cheapest_vaults() -> Iterator[None]:
    """A try at a vault costs the least that is allowed, not 0.4 s of every core's time.

    The tests of stretching hold what they ask by its name, and ask what a machine really costs.
    """
    from client.vaults import stretching

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretching, "fitted", lambda: stretching.Cost(stretching.MIN_LOG_N))
        yield


def pytest_make_parametrize_id(val: object, argname: str) -> Optional[str]:
    """Name large values by their place: a name is printed, sent between processes and kept.

    Not by their content, which may hold the time at which they were made.
    """
    if isinstance(val, (bytes, str)) and len(val) > _LONGEST_ID:
        return f"large-{argname}"
    return None


def pytest_collection_finish() -> None:
    """Let the garbage collector look less often through all that the tests' modules hold.

    Never ``gc.freeze()``: Hypothesis asks the collector who holds its source of chance.
    """
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 10, 10)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: List[pytest.Item]) -> None:
    """Begin with the files that take long, so that no process is left alone with one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
