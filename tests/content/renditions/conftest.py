"""Recordings that several tests of renditions look at; each is made once."""

from __future__ import annotations

import importlib.util
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Dict

import pytest

if TYPE_CHECKING:
    from tests.support.recordings import Recording

if importlib.util.find_spec("av") is None or sys.version_info < (3, 11):
    # Where packs are only read, or PyAV is too old, renditions have names and nothing else.
    collect_ignore_glob = ["test_[!n]*"]


def _kinds() -> Dict[str, Recording]:
    from tests.support.recordings import BLACK, SLIDES, Recording

    return {
        "plain.mp4": Recording(),
        "old.avi": Recording(video="mpeg4", audio="libmp3lame"),
        "windows.wmv": Recording(video="wmv2", audio="wmav2"),
        "turned.mov": Recording(rotation=90),
        "phone.3gp": Recording(
            video="h263", size=(352, 288), audio="amr_nb", audio_rate_hz=8000, layout="mono"
        ),
        "web.webm": Recording(
            video="libvpx", audio="libopus", audio_rate_hz=48000, rate=Fraction(30)
        ),
        "screen.mkv": Recording(times_s=(0, 0.04, 0.08, 0.5, 1.2, 1.23, 2.5), sound_s=4),
        "silent.mp4": Recording(audio=None),
        "heard.m4a": Recording(video=None),
        "tracks.mp4": Recording(audio_gains=(0.2, 0.02), languages=("rus", "kaz")),
        "broadcast.ts": Recording(),
        "odd.mp4": Recording(size=(402, 250), rate=Fraction(60), layout="5.1", audio_rate_hz=48000),
        "wide.mp4": Recording(size=(360, 288), aspect=Fraction(16, 11), shows=BLACK),
        "long-sound.mp4": Recording(sound_s=4),
        "slides.mp4": Recording(seconds=12, rate=Fraction(5), shows=SLIDES),
    }


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives a recording by its name."""
    from tests.support.recordings import record

    folder = tmp_path_factory.mktemp("recordings")

    def made(name: str) -> Path:
        path = folder / name
        return path if path.exists() else record(path, _kinds()[name])

    return made
