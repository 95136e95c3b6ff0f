"""What each rendition may cost, and how x264 is told to make what old decoders take lightly.

Baseline has no CABAC, no B-frames and no 8x8 transform: a decoder's dearest parts. Two references
keep its memory small. A rate is capped over ten seconds, so that a size is known beforehand, and
below the cap the quality is constant, so that a slide costs next to nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Dict, NamedTuple, Tuple

from content.renditions.names import P144, P240, P360

SLIDES = "slides"
"""Pictures that stand still but for a change now and then: slides, a screen, a blackboard."""
TALKING = "talking"
"""Somebody or something that moves."""
BUFFER_S = 10
REFERENCES = 2
PRESET = "slower"


LINES = {P144: 144, P240: 240, P360: 360}


class Setting(NamedTuple):
    """How the picture of a rendition is made for a character."""

    box: Tuple[int, int]
    """The longer and the shorter side at most, in pixels."""
    most_rate: int
    """Frames per second at most."""
    crf: int
    most_bit_s: int
    key_every_s: int


SOUND_RATE_HZ = 24_000
SOUND_TOLD_BIT_S = 22_000
"""FFmpeg's AAC takes more than it is told at such rates: 23.4 kbit/s of speech, here."""
SOUND_BIT_S = 23_400
SOUND_MOST_BIT_S = 24_300

SETTINGS: Dict[Tuple[str, str], Setting] = {
    (P144, TALKING): Setting((256, 144), 15, 25, 45_000, 6),
    (P240, TALKING): Setting((426, 240), 30, 24, 97_000, 6),
    (P360, TALKING): Setting((640, 360), 30, 24, 230_000, 6),
    (P144, SLIDES): Setting((256, 144), 10, 23, 20_000, 20),
    (P240, SLIDES): Setting((426, 240), 10, 21, 36_000, 20),
    (P360, SLIDES): Setting((640, 360), 10, 21, 90_000, 20),
}


def x264_options(setting: Setting, rate: Fraction, still: bool) -> Dict[str, str]:
    """Options of libx264. One thread: the same source gives the same bytes."""
    return {
        "profile": "baseline",
        "preset": PRESET,
        "tune": "stillimage" if still else "ssim",
        "crf": str(setting.crf),
        "maxrate": str(setting.most_bit_s),
        "bufsize": str(setting.most_bit_s * BUFFER_S),
        "g": str(keys_every(setting, rate)),
        "refs": str(REFERENCES),
        "bf": "0",
        "threads": "1",
        "forced-idr": "1",
    }


def keys_every(setting: Setting, rate: Fraction) -> int:
    """Frames between key frames at most."""
    return max(1, round(setting.key_every_s * rate))


def capped(rate: Fraction, most: int) -> Fraction:
    """A rate's largest whole part that is within a cap: of 50 frames 25, so that every second goes.

    What is lower stays as it is.
    """
    parts = -(-rate // most) if rate > most else 1
    return rate / parts


def fitted(size: Tuple[int, int], box: Tuple[int, int]) -> Tuple[int, int]:
    """A picture's size within a box that lies as the picture does: even sides, never enlarged."""
    longer, shorter = max(size), min(size)
    scale = min(Fraction(1), Fraction(box[0], longer), Fraction(box[1], shorter))
    width, height = (max(2, 2 * round(side * scale / 2)) for side in size)
    return width, height
