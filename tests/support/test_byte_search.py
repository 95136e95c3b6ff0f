"""The search finds what it is made for: a search that finds nothing must have been able to."""

from __future__ import annotations

import base64
import gzip
import io
import random
import zipfile
from pathlib import Path
from typing import Callable, Dict

import pytest
import zstandard

from sync.compression import NO_DICTIONARY, compress
from tests.support.byte_search import Search, Secret, of_person

NAME, TEACHER = "Айгерім Тұрсынова", "Павлова Анна Сергеевна"
KEY = bytes(range(100, 132))
SECRETS = [*of_person(NAME), *of_person(TEACHER), Secret("the laptop's key", KEY)]


def zipped(data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside", data)
    return made.getvalue()


def frame(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=19).compress(data)


HIDING: Dict[str, Callable[[bytes], bytes]] = {
    "as it stands": bytes,
    "zstd": frame,
    "a message's zstd with its dictionary": compress,
    "a message's zstd without one": lambda data: NO_DICTIONARY + frame(data)[4:],
    "gzip": gzip.compress,
    "zip": zipped,
    "base64": base64.b64encode,
    "base64 for addresses, an odd offset": lambda data: base64.urlsafe_b64encode(b"x" + data),
    "hex": lambda data: data.hex().upper().encode(),
    "zstd in base64 in gzip": lambda data: gzip.compress(base64.b64encode(frame(data))),
}
WRITINGS: Dict[str, bytes] = {
    "UTF-8": f"нөмірі 12, {NAME}, 7А сыныбы, келді".encode(),
    "UTF-16": f"нөмірі 12, {NAME}, 7А сыныбы, келді".encode("utf-16"),
    "one word, in capitals": "СЫНЫП: АЙГЕРІМ, 7А".encode(),
    "Windows' Russian": f"Учительница: {TEACHER}, математика".encode("cp1251"),
    "JSON's escapes": b'{"n":"' + NAME.encode("ascii", "backslashreplace") + b'"}',
    "the key": bytes(20) + KEY + bytes(20),
}


@pytest.mark.parametrize("how", HIDING)
@pytest.mark.parametrize("writing", WRITINGS)
def test_what_is_hidden_is_found(how: str, writing: str) -> None:
    dice = random.Random(f"{how} {writing}")
    hidden = dice.randbytes(3_001) + HIDING[how](WRITINGS[writing]) + dice.randbytes(2_002)
    assert Search(SECRETS).data(hidden, "a file")


def test_random_bytes_and_other_people_are_not_found() -> None:
    search = Search(SECRETS)
    assert search.data(random.Random(1).randbytes(1 << 20), "noise") == []
    assert search.data(compress("Дана Оспанова, Айгүл".encode() * 50), "others") == []
    assert search.searched_bytes > 1 << 20


def test_names_of_files_and_what_was_deleted_are_searched(tmp_path: Path) -> None:
    folder = tmp_path / "folder" / "Айгерім"
    folder.mkdir(parents=True)
    (folder / "file").write_bytes(b"nothing")
    found = Search(SECRETS).folder(tmp_path / "folder")
    assert {find.what for find in found} == {"the name Айгерім"}
    (tmp_path / "image").write_bytes(bytes(1 << 20) + KEY + bytes(1 << 20))
    (find,) = Search(SECRETS).image(tmp_path / "image")
    assert find == type(find)("the laptop's key", "run 1 of image")


def test_what_is_too_short_to_be_told_from_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        Search([Secret("a mark", "7")])
