from __future__ import annotations

import sys
from pathlib import Path
from typing import Mapping

import pytest

pytest.importorskip("lxml")
pytest.importorskip("tomlkit")

from hypothesis import given
from hypothesis import strategies as st

from content.building.source import read_source
from content.importing import gift
from content.importing.outcome import Imported, ImportedDocument, ImportedTask
from content.importing.toml_writer import toml_of
from content.importing.writing import source_files, task_file
from tests.content.importing.test_gift import SAMPLE

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0"


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def test_what_was_imported_is_a_source_that_can_be_built(tmp_path: Path) -> None:
    files = source_files(
        [("Алгебра", gift.read(SAMPLE.encode(), "алгебра.gift"))], "algebra", "Алгебра"
    )
    assert sorted(files) == [
        "lessons/algebra/lesson.toml",
        "lessons/algebra/tasks/basqa.toml",
        "lessons/algebra/tasks/tendeuler.toml",
        "lessons/algebra/text.kk.md",
        "pack.toml",
    ]
    source = read_source(written(tmp_path, files))
    assert source.table.languages == ("kk",)
    assert source.table.title == {"kk": "Алгебра"}
    assert sum("tasks/" in path for path in source.core) == 2


def test_documents_and_tasks_of_one_folder_share_a_lesson(tmp_path: Path) -> None:
    task = ImportedTask(
        "Unit 1/Check",
        {"en": "Check"},
        ({"id": "a", "kind": "number", "answer": "2", "prompt": {"en": "![](<pictures/a.png>)"}},),
        {"pictures/a.png": PNG},
    )
    imported = Imported(
        (
            ImportedDocument("Unit 1/Rivers", "Rivers", "en", "Water.\n"),
            ImportedDocument("Unit 1/Lakes", "Lakes", "en", "More.\n", {"pictures/b.png": PNG}),
            ImportedDocument("Unit 2/Hills", "Hills", None, "Тау биік болады.\n"),
        ),
        (task,),
        {"video.en.vtt": b"WEBVTT\n"},
    )
    files = source_files([("Course", imported)], "course", "Course")
    assert sorted(files) == [
        "lessons/unit-1/lesson.toml",
        "lessons/unit-1/pictures/a.png",
        "lessons/unit-1/pictures/b.png",
        "lessons/unit-1/tasks/check.toml",
        "lessons/unit-1/text.en.md",
        "lessons/unit-1/video.en.vtt",
        "lessons/unit-2/lesson.toml",
        "lessons/unit-2/text.kk.md",
        "pack.toml",
    ]
    assert files["lessons/unit-1/text.en.md"].decode() == "Water.\n\n# Lakes\n\nMore.\n"
    assert read_source(written(tmp_path, files)).table.lesson_ids == ("unit-1", "unit-2")


def test_texts_beyond_a_lesson_make_another(tmp_path: Path) -> None:
    long = tuple(
        ImportedDocument(f"U/{at}", str(at), "en", f"{at} " + "word " * 12_000) for at in range(3)
    )
    files = source_files([("c", Imported(long))], "c", "c")
    assert [path for path in sorted(files) if path.endswith(".md")] == [
        "lessons/u-2/text.en.md",
        "lessons/u-3/text.en.md",
        "lessons/u/text.en.md",
    ]
    read_source(written(tmp_path, files))


def test_the_same_import_gives_the_same_bytes() -> None:
    once = [source_files([("a", gift.read(SAMPLE.encode(), "a"))], "a", "a") for _ in range(2)]
    assert once[0] == once[1]


TEXTS = st.dictionaries(
    st.sampled_from(["kk", "ru", "en"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    min_size=1,
)
VALUES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    st.integers(-9, 9),
    st.booleans(),
    TEXTS,
)
TABLES = st.dictionaries(st.sampled_from(["aa-1", "bb-2", "cc-3", "dd-4"]), VALUES, max_size=4)


@given(st.fixed_dictionaries({"title": TEXTS, "item": st.lists(TABLES, min_size=1, max_size=3)}))
def test_toml_is_read_back_as_it_was(fields: Mapping[str, object]) -> None:
    # TOML has no bare line end but \n; the Markdown of importers has no other either.
    assert tomllib.loads(toml_of(fields)) == fields


def test_long_texts_stand_on_their_own_lines() -> None:
    item = {"id": "a", "kind": "text", "prompt": {"en": 'one\ntwo \\ "three"'}}
    task = ImportedTask("t", {"en": "T"}, (item,))
    text = task_file(task).decode()
    assert 'en = """' in text
    assert tomllib.loads(text)["item"] == [item]
