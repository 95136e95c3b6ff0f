"""What is made of a recording, decided from values alone, and what it will cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Optional, Sequence, Tuple

from content.renditions.loudness import gain_db
from content.renditions.names import AUDIO, BASE, P144, P240, P360, RENDITIONS, ending_of
from content.renditions.probe import Probe
from content.renditions.settings import (
    BUFFER_S,
    LINES,
    SETTINGS,
    SLIDES,
    SOUND_BIT_S,
    SOUND_MOST_BIT_S,
    SOUND_RATE_HZ,
    SOUND_TOLD_BIT_S,
    Setting,
    capped,
    fitted,
    keys_every,
)

_AAC_SAMPLES = 1024
_FRAME_COSTS_BYTES = 12
"""In the index of an MP4, for each frame of picture or sound where they take turns."""
_ALONE_COSTS_BYTES = 6
"""For each frame of sound where there is no picture."""
_HEAD_BYTES = 4096
_SPREAD = 1.03
"""By how much x264 may miss a rate that it was told."""
_MORE_LINES = {P144: 0.75, P240: 1.0, P360: 2.3}
"""What a frame takes, beside one of 240 lines: measured, less than the pixels grow."""


@dataclass(frozen=True)
class PicturePlan:
    """How a picture is encoded: H.264 Baseline (ITU-T H.264, A.2.1)."""

    width: int
    height: int
    rate: Fraction
    frames: int
    setting: Setting
    still: bool


@dataclass(frozen=True)
class SoundPlan:
    """How a sound is encoded: AAC-LC, one channel; ``gain_db`` evens its loudness out."""

    bit_s: int
    rate_hz: int
    gain_db: float


@dataclass(frozen=True)
class RenditionPlan:
    """One rendition: what it is, and its size before it is made."""

    rendition: str
    picture: Optional[PicturePlan]
    sound: Optional[SoundPlan]
    duration_s: float
    estimated_bytes: int
    at_most_bytes: int
    """What caps on rates allow: ``Made.notes`` names a file that is larger all the same."""
    probe: Probe

    def file_name(self, stem: str) -> str:
        """The name of its file: "video" gives "video.144p.mp4"."""
        return stem + ending_of(self.rendition)


def plan(probe: Probe, wanted: Sequence[str] = RENDITIONS) -> Tuple[RenditionPlan, ...]:
    """Plan the wanted renditions that make sense, the cheapest first.

    The base is always made of a picture; one of more lines only where the source has more than the
    base's; "audio" only where there is sound, and nothing else where there is no picture.
    """
    return tuple(
        _planned(probe, one) for one in RENDITIONS if one in wanted and makes_sense(probe, one)
    )


def makes_sense(probe: Probe, rendition: str) -> bool:
    """Whether a rendition would give more than a cheaper one, or is the base."""
    if rendition == AUDIO:
        return probe.sound is not None
    if probe.picture is None:
        return False
    lines = min(probe.picture.width, probe.picture.height)
    return rendition == BASE or lines > (LINES[P144] if rendition == P144 else LINES[BASE])


def _planned(probe: Probe, rendition: str) -> RenditionPlan:
    picture = None if rendition == AUDIO else _picture(probe, rendition)
    sound = _sound(probe)
    heard_s = probe.sound.duration_s if probe.sound is not None else 0.0
    sound_frames = math.ceil(heard_s * SOUND_RATE_HZ / _AAC_SAMPLES) + 2
    likely = most = 0.0
    costs = _HEAD_BYTES + sound_frames * _ALONE_COSTS_BYTES
    if picture is not None:
        costs = _HEAD_BYTES + (sound_frames + picture.frames) * _FRAME_COSTS_BYTES
        likely, most = _picture_bytes(probe, picture, rendition)
    return RenditionPlan(
        rendition,
        picture,
        sound,
        probe.duration_s,
        round(heard_s * SOUND_BIT_S / 8 + likely + costs),
        round(heard_s * SOUND_MOST_BIT_S / 8 + most * _SPREAD + costs),
        probe,
    )


def _picture(probe: Probe, rendition: str) -> Optional[PicturePlan]:
    source = probe.picture
    if source is None:
        return None
    setting = SETTINGS[rendition, source.character]
    width, height = fitted((source.width, source.height), setting.box)
    rate = capped(source.rate, setting.most_rate)
    frames = max(1, math.ceil(probe.duration_s * rate))
    return PicturePlan(width, height, rate, frames, setting, source.character == SLIDES)


def _sound(probe: Probe) -> Optional[SoundPlan]:
    if probe.sound is None:
        return None
    gain = round(gain_db(probe.sound.loudness), 2)
    return SoundPlan(SOUND_TOLD_BIT_S, SOUND_RATE_HZ, gain)


def _picture_bytes(probe: Probe, picture: PicturePlan, rendition: str) -> Tuple[float, float]:
    """What the trial of the probe lets expect, and what the cap allows."""
    source = probe.picture
    if source is None:
        return 0.0, 0.0
    setting = picture.setting
    seconds = probe.duration_s + BUFFER_S
    most = setting.most_bit_s * seconds / 8
    keys = math.ceil(picture.frames / keys_every(setting, picture.rate))
    one_frame_bytes = 10
    likely = keys * source.intra_bytes + (picture.frames - keys) * source.inter_bytes
    likely = max(likely * _MORE_LINES[rendition], picture.frames * one_frame_bytes)
    return min(likely, setting.most_bit_s * probe.duration_s / 8, most), most
