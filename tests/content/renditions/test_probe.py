"""What is told of a recording before anything is made of it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Callable, Optional

import pytest

from content.errors import CancelledError, StorageError
from content.renditions.errors import UndecodableError
from content.renditions.probe import probe, rate_of
from content.renditions.settings import SLIDES, TALKING
from content.watch import Watch

Film = Callable[[str], Path]


def test_a_recording_is_described(film: Film) -> None:
    found = probe(film("plain.mp4"))
    assert found.picture is not None
    assert found.sound is not None
    assert (found.picture.width, found.picture.height) == (320, 180)
    assert found.picture.rate == 25
    assert found.duration_s == pytest.approx(2, abs=0.05)
    assert found.picture.character == TALKING
    assert found.picture.intra_bytes > found.picture.inter_bytes > 0
    assert found.sound.loudness == pytest.approx(-15.2, abs=0.5)
    assert found.sound.peak == pytest.approx(-10.8, abs=1)


def test_a_turned_and_a_squeezed_picture_are_told_as_they_are_seen(film: Film) -> None:
    turned = probe(film("turned.mov")).picture
    wide = probe(film("wide.mp4")).picture
    assert turned is not None
    assert wide is not None
    assert (turned.width, turned.height) == (180, 320)
    assert turned.rotation in (90, 270)
    assert (wide.width, wide.height) == (round(360 * 16 / 11), 288)


def test_slides_are_told_from_people(film: Film) -> None:
    found = probe(film("slides.mp4")).picture
    assert found is not None
    assert found.character == SLIDES


def test_one_of_several_sounds_is_chosen_by_its_language(film: Film) -> None:
    path = film("tracks.mp4")
    first, second = probe(path), probe(path, language="kk")
    named = probe(path, language="kaz")
    assert first.sound is not None
    assert named.sound is not None
    assert (first.sound.language, named.sound.language) == ("rus", "kaz")
    assert second.sound == named.sound
    assert [one.language for one in first.other_sounds] == ["kaz"]


def test_what_lacks_sound_or_picture_is_told_so(film: Film) -> None:
    assert probe(film("silent.mp4")).sound is None
    assert probe(film("heard.m4a")).picture is None


def test_a_missing_file_is_the_disk_s_fault(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"none\.mp4"):
        probe(tmp_path / "none.mp4")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.mp4", b"", "empty"),
        ("noise.mp4", b"\x17\x99" * 4000, "damaged or no recording"),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", "no recording"),
        ("list.txt", b"ffconcat version 1.0\nfile plain.mp4\n", "no recording"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no recording"),
    ],
)
def test_what_is_no_recording_is_named_with_the_reason(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UndecodableError, match=why) as told:
        probe(path)
    assert name in str(told.value)


def test_a_sound_of_which_nothing_can_be_decoded_is_named(film: Film, tmp_path: Path) -> None:
    data = bytearray(film("heard.m4a").read_bytes())
    start = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4 if data.index(b"moov") > start else len(data)
    data[start:end] = b"\xff" * (end - start)
    path = tmp_path / "deaf.m4a"
    path.write_bytes(data)
    with pytest.raises(UndecodableError, match=r"deaf\.m4a"):
        probe(path)


def test_an_old_library_is_named(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("av.__version__", "17.1.0")
    with pytest.raises(UndecodableError, match=r"PyAV 18 .* here is 17\.1\.0"):
        probe(film("plain.mp4"))


def test_it_can_be_stopped(film: Film) -> None:
    with pytest.raises(CancelledError):
        probe(film("plain.mp4"), Watch(cancel=lambda: True))


@pytest.mark.parametrize(
    ("base", "average", "rate"),
    [
        (25, 25, 25),
        (30, 29, 30),
        (90000, 20, 20),
        (None, None, 25),
        (1000, 1000, 240),
        (60, 7, 60),
    ],
)
def test_a_rate_is_one_of_frames(base: Optional[int], average: Optional[int], rate: int) -> None:
    as_fraction = [None if one is None else Fraction(one) for one in (base, average)]
    assert rate_of(*as_fraction) == rate
