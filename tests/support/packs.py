"""Small lesson packs for tests: sources on disk, keys, repositories and finished installations."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Dict

from content.building.builder import build_pack
from content.manifest import Manifest
from content.trust.keys import PublisherKey

KEY = PublisherKey.from_seed(bytes(range(32)))
OTHER_KEY = PublisherKey.from_seed(bytes(range(1, 33)))
TRUSTED: Dict[str, bytes] = {KEY.public.key_id: KEY.public.raw}

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))

_PACK = """\
[pack]
id = "{pack}"
version = {version}
subject = "algebra"
grade = 7
languages = ["kk", "ru"]
licence = "CC BY 4.0"
lessons = ["meaning"]
[pack.title]
kk = "Теңдеулер"
ru = "Уравнения"
"""
_LESSON = """\
minutes = 20
[title]
kk = "Теңдеу деген не?"
ru = "Что такое уравнение?"
[summary]
kk = "Таразы."
ru = "Весы."
[video]
file = "video.mp4"
"""
_TASK = """\
minutes = 10
feedback = "at-once"
[title]
kk = "Қадам"
ru = "Шаг"
[[item]]
id = "one"
kind = "choice"
points = 1
[item.prompt]
kk = "$2x = 6$"
ru = "$2x = 6$"
[[item.choice]]
id = "a"
correct = true
text = { kk = "3", ru = "3" }
[[item.choice]]
id = "b"
text = { kk = "12", ru = "12" }
feedback = { kk = "Бөл", ru = "Разделите" }
[[item]]
id = "many"
kind = "choices"
points = 2
prompt = { kk = "Қайсысы?", ru = "Какие?" }
[[item.choice]]
id = "a"
correct = true
text = { kk = "а", ru = "а" }
[[item.choice]]
id = "b"
correct = true
text = { kk = "ә", ru = "б" }
[[item.choice]]
id = "c"
text = { kk = "б", ru = "в" }
[[item]]
id = "number"
kind = "number"
answer = "5/2"
prompt = { kk = "$4x = 10$", ru = "$4x = 10$" }
[[item]]
id = "why"
kind = "text"
points = 3
prompt = { kk = "Неге?", ru = "Почему?" }
rubric = { kk = "3 ұпай", ru = "3 балла" }
"""


def tiny_mp4(seconds: int = 3, padding_bytes: int = 0) -> bytes:
    """The boxes of an MP4 without any frame: enough to be measured, not to be played."""
    header = struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + bytes(80)
    mvhd = struct.pack(">I4s", len(header) + 8, b"mvhd") + header
    moov = struct.pack(">I4s", len(mvhd) + 8, b"moov") + mvhd
    media = struct.pack(">I4s", padding_bytes + 8, b"mdat") + _noise(padding_bytes)
    return struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + media + moov


def _noise(size_bytes: int) -> bytes:
    pattern = bytes((index * 73 + index // 256) % 256 for index in range(65_521))
    return (pattern * (size_bytes // len(pattern) + 1))[:size_bytes]


def write_source(
    folder: Path, pack: str = "equations", version: int = 1, video_bytes: int = 2_500_000
) -> Path:
    """A complete source: one lesson, a video of three pieces, a task of four kinds of items."""
    lesson = folder / "lessons" / "meaning"
    files = {
        folder / "pack.toml": _PACK.format(pack=pack, version=version).encode(),
        lesson / "lesson.toml": _LESSON.encode(),
        lesson / "text.kk.md": "# Теңдеу\n\n![таразы](pictures/scales.png)\n\n$2x=6$\n".encode(),
        lesson / "text.ru.md": "# Уравнение\n\n$$2x=6$$\n".encode(),
        lesson / "video.mp4": tiny_mp4(3, video_bytes),
        lesson / "video.kk.vtt": "WEBVTT\n\n00:00.000 --> 00:02.000\nСәлем\n".encode(),
        lesson / "video.ru.vtt": "WEBVTT\n\n00:00.000 --> 00:02.000\nПривет\n".encode(),
        lesson / "poster.png": PNG,
        lesson / "pictures" / "scales.png": PNG,
        lesson / "tasks" / "steps.toml": _TASK.encode(),
    }
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def build_sample(folder: Path, version: int = 1, video_bytes: int = 2_500_000) -> Manifest:
    """Build the source into ``folder/repository``, signed with KEY."""
    source = write_source(folder / f"source-{version}", version=version, video_bytes=video_bytes)
    return build_pack(source, folder / "repository", KEY)
