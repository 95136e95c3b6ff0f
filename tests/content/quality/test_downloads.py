from __future__ import annotations

import pytest

from content.quality.downloads import LINKS_BIT_S, Download, seconds


def test_a_megabyte_takes_longer_than_its_bits() -> None:
    assert seconds(1_000_000, 8_000_000) == pytest.approx(1.05)


def test_every_link_has_its_time_the_weakest_first() -> None:
    took = Download("240p", 5_000_000).seconds
    assert len(took) == len(LINKS_BIT_S)
    assert list(took) == sorted(took, reverse=True)
    assert took[0] / took[2] == pytest.approx(LINKS_BIT_S[2] / LINKS_BIT_S[0])
