"""What renditions may cost and how x264 is told."""

from __future__ import annotations

from fractions import Fraction

import pytest

from content.renditions import settings
from content.renditions.names import P240
from content.renditions.settings import SETTINGS, SLIDES, TALKING


@pytest.mark.parametrize(
    ("rate", "most", "kept"),
    [(25, 30, 25), (50, 30, 25), (60, 30, 30), (120, 30, 30), (25, 15, 12.5), (30, 10, 10)],
)
def test_a_rate_is_divided_evenly(rate: int, most: int, kept: float) -> None:
    assert settings.capped(Fraction(rate), most) == Fraction(kept)


@pytest.mark.parametrize(
    ("size", "fitted"),
    [
        ((1920, 1080), (426, 240)),
        ((1080, 1920), (240, 426)),
        ((1024, 768), (320, 240)),
        ((161, 97), (160, 96)),
        ((2560, 1080), (426, 180)),
        ((1, 1), (2, 2)),
    ],
)
def test_a_picture_fits_its_box_and_is_even(size: tuple[int, int], fitted: tuple[int, int]) -> None:
    assert settings.fitted(size, SETTINGS[P240, TALKING].box) == fitted


def test_an_hour_fits_what_was_promised() -> None:
    for character, most_bytes in ((TALKING, 60e6), (SLIDES, 30e6)):
        setting = SETTINGS[P240, character]
        assert (setting.most_bit_s + settings.SOUND_MOST_BIT_S) * 3600 / 8 * 1.04 < most_bytes
