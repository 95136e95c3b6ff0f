"""Every screen under a critic's eye: nothing cut, overlapping or outside of the window."""

from __future__ import annotations

import pytest

from tests.support.screens import SIZES, stage
from tests.support.stops import STOPS, arrive, laptop_for
from tests.support.stops_items import ITEMS, TIGHTEST
from tests.support.stops_learning import LEARNING
from tests.support.stops_locks import LOCKS
from tests.support.stops_locks import TIGHTEST as TIGHTEST_LOCKS
from tests.support.stops_sticks import STICKS
from tests.support.stops_sticks import TIGHTEST as TIGHTEST_STICKS

pytestmark = [pytest.mark.screen, pytest.mark.slow]


WALKS = {
    1.0: [(SIZES[0], "kk"), (SIZES[1], "ru"), *((SIZES[-1], one) for one in ("kk", "ru", "en"))],
    1.3: [(SIZES[0], "ru"), (SIZES[-1], "kk"), (SIZES[-1], "ru")],
}
"""Size of text -> (window, language).

What fits with larger text fits with the usual, and what fits a window fits a wider one of the same
arrangement. English is the shortest of the three nearly everywhere.
"""
FEWER = {1.0: [(SIZES[0], "kk"), (SIZES[-1], "ru")], 1.3: [(SIZES[-1], "kk")]}
"""For the many states of one screen: the pictures are taken of all."""


def walks(name, scale):
    """Where to look at a stop: everywhere, or at the tightest only."""
    fewer = name in {*ITEMS, *STICKS, *LOCKS} or (name in LEARNING and "-" in name)
    return FEWER[scale] if fewer else WALKS[scale]


PICTURED = {*ITEMS, *STICKS, *LOCKS} - {*TIGHTEST, *TIGHTEST_STICKS, *TIGHTEST_LOCKS}
"""States of which there are pictures, and tighter ones that are walked."""
LOOKED_AT = [name for name in STOPS if name not in PICTURED]


@pytest.mark.parametrize("name", LOOKED_AT)
def test_nothing_is_cut_overlapping_or_outside(name, tmp_path):
    stop, found = STOPS[name], []
    here = stage(laptop_for(stop, tmp_path))
    try:
        arrive(here, stop)
        for scale in WALKS:
            for size, language in walks(name, scale):
                here.view_as(size, language, scale)
                found += [(scale, size, language, *finding) for finding in here.findings()]
    finally:
        here.app.set_text_scale(1.0)
        here.close()
    assert found == []
