"""A source folder to start from: small, complete, and free of findings."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Tuple

from content.errors import SourceError
from content.fields import IDENTIFIER
from content.storage import storage_errors, write_durably

_PACK = """\
[pack]
id = "{pack_id}"
version = 1
subject = "algebra"
grade = 7
languages = ["kk", "ru"]
lessons = ["first"]

[pack.title]
kk = "Жаңа сабақтар"
ru = "Новые уроки"
"""

_LESSON = """\
minutes = 5

[title]
kk = "Бірінші сабақ"
ru = "Первый урок"

[summary]
kk = "Бұл сабақта не үйренетінімізді бір сөйлеммен жазыңыз."
ru = "Напишите одним предложением, чему научит этот урок."
"""

_TEXT_KK = """\
# Бірінші сабақ

Мәтінді осында жазыңыз. Формула доллар белгілерінің арасында тұрады: $2x + 3 = 7$.
"""

_TEXT_RU = """\
# Первый урок

Напишите здесь текст. Формулы стоят между знаками доллара: $2x + 3 = 7$.
"""

_TASK = """\
minutes = 5
feedback = "at-once"

[title]
kk = "Өзіңді тексер"
ru = "Проверь себя"

[[item]]
id = "root"
kind = "number"
answer = "2"
[item.prompt]
kk = "$2x + 3 = 7$ теңдеуін шеш."
ru = "Реши уравнение $2x + 3 = 7$."
[item.solution]
kk = "$2x = 4$, сондықтан $x = 2$."
ru = "$2x = 4$, поэтому $x = 2$."
"""


def write_skeleton(folder: Path, pack_id: str = "") -> Tuple[Path, ...]:
    """Write a small pack; raises SourceError when the folder holds something already."""
    pack_id = pack_id or folder.resolve().name
    if not IDENTIFIER.match(pack_id):
        raise SourceError(
            f"{pack_id!r} cannot be a pack's id; give one with --id: small Latin letters, digits "
            "and hyphens."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SourceError(f"{folder} is not empty; choose a new folder.")
    files = _files(pack_id)
    with storage_errors(folder):
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, [text.encode("utf-8")])
    return tuple(folder / name for name in files)


def _files(pack_id: str) -> Dict[str, str]:
    lesson = "lessons/first"
    return {
        "pack.toml": _PACK.format(pack_id=pack_id),
        f"{lesson}/lesson.toml": _LESSON,
        f"{lesson}/text.kk.md": _TEXT_KK,
        f"{lesson}/text.ru.md": _TEXT_RU,
        f"{lesson}/tasks/check.toml": _TASK,
    }
