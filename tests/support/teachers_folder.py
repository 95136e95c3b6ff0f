"""A teacher's folder as it lies on a memory stick: videos, documents, slides, tasks, subtitles."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any, Tuple

from tests.support.office import document, fraction, png, power, presentation, run
from tests.support.pdfs import PdfMaker

TITLES = (
    "Бөлшектер", "Қосу мен азайту", "Көбейту", "Бөлу", "Ондық бөлшек", "Пайыз", "Қатынас",
    "Пропорция", "Масштаб", "Шеңбер", "Координата", "Модуль", "Теріс сандар", "Өрнек", "Теңдеу",
    "Теңсіздік", "Функция", "График", "Жүйе", "Қайталау",
)  # fmt: skip
PARAGRAPH = (
    "Бөлшек дегеніміз – бүтіннің бір немесе бірнеше тең бөлігі. Бөлшектің алымы мен бөлімі бар. "
    "Алымы жоғарыда, ал бөлімі төменде жазылады, арасында сызық тұрады. "
)


def write_folder(
    folder: Path,
    videos: int = 2,
    seconds: int = 3,
    documents: int = 1,
    slides: int = 1,
    questions: int = 3,
    with_pdf: bool = True,
) -> Path:
    """Lessons are numbered in the files' names; documents belong to the first ones."""
    folder.mkdir(parents=True)
    for number, title in enumerate(TITLES[:videos], 1):
        stem = f"{number:02d} {title}"
        write_video(folder / f"{stem}.mp4", seconds, number)
        (folder / f"{stem}.kk.srt").write_bytes(subtitles(title, seconds).encode("utf-16"))
    for number in range(1, documents + 1):
        path = folder / f"{number:02d} {TITLES[number - 1]}.docx"
        path.write_bytes(word(TITLES[number - 1], number))
    for number in range(1, slides + 1):
        path = folder / f"{number + documents:02d} {TITLES[number + documents - 1]}.pptx"
        path.write_bytes(slide_show(TITLES[number + documents - 1], number))
    if with_pdf:
        (folder / f"{videos:02d} {TITLES[videos - 1]}.pdf").write_bytes(leaflet())
    if questions:
        (folder / "Тест.gift").write_text(gift(questions), encoding="utf-8")
    return folder


def subtitles(title: str, seconds: int) -> str:
    """Subtitles that change every two seconds."""
    blocks = []
    for number, start in enumerate(range(0, max(seconds - 1, 1), 2), 1):
        times = f"{_time(start)} --> {_time(start + 2)}"
        blocks.append(f"{number}\n{times}\n{title}, {number}-сөйлем айтылып жатыр\n")
    return "\n".join(blocks)


def _time(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d},000"


def word(title: str, number: int) -> bytes:
    """A document of some pages with pictures and equations."""
    half = fraction(run("a"), run("b"))
    return document(
        title,
        [PARAGRAPH * 3 for _ in range(12)],
        [png(300 + number, 200, 40 * number % 250)],
        [half, power(half, run("2"))],
    )


def slide_show(title: str, number: int) -> bytes:
    """Slides with lines, pictures and notes."""
    slides = [
        {
            "title": f"{title}: {at}-слайд",
            "lines": ["бірінші ой", "екінші ой"],
            "picture": png(200 + at, 150, 30 * number),
            "notes": f"Мұнда {at}-слайд туралы айтамыз.",
        }
        for at in range(1, 9)
    ]
    return presentation(slides)


def leaflet() -> bytes:
    """A PDF of two pages, the second of them a scan."""
    made = PdfMaker()
    made.page()
    y = made.lines(["Қайталау"], 780, 20)
    made.lines([PARAGRAPH[:80], PARAGRAPH[80:160]], y - 12)
    made.page()
    made.picture((0, 0, 595, 842))
    return made.saved()


def gift(questions: int) -> str:
    """So many questions of three kinds."""
    kinds = (
        "::{0}-сұрақ:: {0} саны жұп па? {{ {1} }}\n",
        "::{0}-сұрақ:: {0} + 2 неге тең? {{#{2}}}\n",
        "::{0}-сұрақ:: {0} санынан кейін қай сан келеді? {{={3} ~{0} ~{2}}}\n",
    )
    return "\n".join(
        kinds[at % 3].format(at, "TRUE" if at % 2 == 0 else "FALSE", at + 2, at + 1)
        for at in range(1, questions + 1)
    )


def write_video(path: Path, seconds: int, seed: int, size: Tuple[int, int] = (640, 360)) -> None:
    """Bars that wander and a tone, in H.264 and AAC."""
    import av

    with av.open(str(path), "w") as out:
        picture = out.add_stream("libx264", rate=12)
        picture.width, picture.height, picture.pix_fmt = *size, "yuv420p"
        picture.options = {"preset": "ultrafast", "crf": "30"}
        sound = out.add_stream("aac", rate=24_000)
        sound.layout = "mono"
        for at in range(12 * seconds):
            for packet in picture.encode(_frame(at, seed, size)):
                out.mux(packet)
        for at in range(24_000 * seconds // 1024):
            for packet in sound.encode(_tone(at, seed)):
                out.mux(packet)
        for stream in (picture, sound):
            for packet in stream.encode(None):
                out.mux(packet)


def _frame(at: int, seed: int, size: Tuple[int, int]) -> Any:
    import av

    width, height = size
    frame = av.VideoFrame(width, height, "yuv420p")
    line = bytes(16 + (x * (3 + seed % 5) + at * 4) // 8 % 200 for x in range(width))
    dark = bytes(40 + seed * 7 % 100 for _ in range(width))
    rows = [line if (y + 2 * at) // 40 % 2 else dark for y in range(height)]
    planes = (b"".join(rows), bytes([110 + seed % 30]) * (width * height // 4))
    for plane, data in zip(frame.planes, (planes[0], planes[1], planes[1])):
        plane.update(_padded(data, plane))
    frame.pts = at
    frame.time_base = Fraction(1, 12)
    return frame


def _padded(data: bytes, plane: Any) -> bytes:
    if plane.line_size == plane.width:
        return data
    gap = bytes(plane.line_size - plane.width)
    return (
        gap.join(data[y * plane.width : (y + 1) * plane.width] for y in range(plane.height)) + gap
    )


def _tone(at: int, seed: int) -> Any:
    import struct

    import av

    pitch = 180 + 20 * seed
    values = [
        0.2 * math.sin(2 * math.pi * pitch * (at * 1024 + one) / 24_000) for one in range(1024)
    ]
    frame = av.AudioFrame("fltp", "mono", 1024)
    frame.planes[0].update(struct.pack("1024f", *values))
    frame.sample_rate = 24_000
    frame.pts = at * 1024
    return frame
