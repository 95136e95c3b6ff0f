"""Broken and boastful recordings: a rendition or a sentence, in bounded time and memory."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Callable

import pytest

from content.errors import ContentError
from content.renditions.errors import UndecodableError
from content.renditions.make import make
from content.renditions.names import AUDIO, P144
from content.renditions.plan import plan
from content.renditions.probe import probe
from tests.support.recordings import Recording, record

Film = Callable[[str], Path]
KINDS = ("plain.mp4", "old.avi", "windows.wmv", "phone.3gp", "web.webm", "broadcast.ts")


def spoiled(data: bytes, chance: random.Random, how: int) -> bytes:
    """Cut, with wrong bytes anywhere or in the head, or with a number that is too large."""
    spoiled = bytearray(data)
    if how == 0:
        return bytes(spoiled[: chance.randrange(1, len(spoiled))])
    if how == 1:
        at = chance.randrange(len(spoiled) - 4)
        spoiled[at : at + 4] = chance.choice([b"\xff" * 4, b"\x7f\xff\xff\xff", bytes(4)])
        return bytes(spoiled)
    for _ in range(12):
        spoiled[chance.randrange(2000)] = chance.randrange(256)
    return bytes(spoiled)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_broken_becomes_a_rendition_or_a_sentence(
    film: Film, tmp_path: Path, name: str
) -> None:
    chance = random.Random(name)
    data = film(name).read_bytes()
    path = tmp_path / name
    for attempt in range(3):
        path.write_bytes(spoiled(data, chance, attempt % 3))
        try:
            for one in plan(probe(path), [AUDIO if attempt % 2 else P144]):
                made = make(path, tmp_path / "made.mp4", one)
                assert made.size_bytes == made.path.stat().st_size > 0
        except ContentError as problem:
            assert name in str(problem)


def test_a_frame_of_gigabytes_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    what = Recording(video="png", pix_fmt="rgb24", audio=None, seconds=0.2, size=(64, 48))
    path = record(tmp_path / "boasts.avi", what)
    assert probe(path).picture is not None
    data = path.read_bytes()
    size = b"IHDR" + (64).to_bytes(4, "big") + (48).to_bytes(4, "big")
    assert size in data
    path.write_bytes(data.replace(size, b"IHDR" + (60_000).to_bytes(4, "big") * 2))
    with pytest.raises(UndecodableError, match=r"boasts\.avi"):
        probe(path)


def test_a_list_of_other_files_is_not_followed(film: Film, tmp_path: Path) -> None:
    film("plain.mp4")
    for name, text in (
        ("list.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{}\n"),
        ("list.mov", "ffconcat version 1.0\nfile '{}'\n"),
        ("list.avi", '<?xml version="1.0"?><MPD><BaseURL>{}</BaseURL></MPD>'),
    ):
        path = tmp_path / name
        path.write_text(text.format(film("plain.mp4")), "utf-8")
        with pytest.raises(UndecodableError):
            probe(path)
