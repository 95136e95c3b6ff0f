"""Lessons over a link that breaks again and again: little is sent twice, the result is the same."""

from __future__ import annotations

import pytest

from tests.support.cut_transfers import down

CUTS = 20
MOST_AGAIN_BYTES = 64 << 10


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_lessons_arrive_whole_over_a_link_that_breaks_at_random_bytes(tmp_path):
    told = down(tmp_path, CUTS, 60_000, seed=11)
    assert told.cuts == CUTS
    assert told.same
    assert 0 < told.again_bytes <= told.worst_bytes <= MOST_AGAIN_BYTES
