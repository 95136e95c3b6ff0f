from __future__ import annotations

import datetime
import io
from typing import Any, List, Mapping

import pytest

pytest.importorskip("lxml")
pytest.importorskip("openpyxl")

import openpyxl

from content.importing import csv_table, xlsx_table
from content.importing.errors import ImportFailure
from content.importing.sheet_columns import COLUMNS, KINDS, column_of, kind_of
from content.importing.sheet_template import LANGUAGES, csv_template, template_rows, xlsx_template
from tests.content.importing.test_archive import packed
from tests.content.importing.test_gift import items, points


def read(text: str, name: str = "a.csv") -> List[Mapping[str, Any]]:
    found = csv_table.read(text.encode(), name)
    assert found.unread == ()
    return items(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_of_the_template_arrives(language: str) -> None:
    by_csv = csv_table.read(csv_template(language), "a.csv")
    by_xlsx = xlsx_table.read(xlsx_template(language), "a.xlsx")
    assert by_csv.unread == by_xlsx.unread == ()
    assert items(by_csv) == items(by_xlsx)
    found = items(by_csv)
    assert [one["kind"] for one in found] == [
        "choice", "choices", "choice", "number", "short", "text", "file", "match", "order", "gaps",
    ]  # fmt: skip
    assert all(list(one["prompt"]) == [language] for one in found)
    right = ("a", ["a", "c"], "a", "45,3 км/ч" if language != "en" else "45.3 km/h", "астана")
    assert [points(one, given) for one, given in zip(found, right)] == [1, 2, 1, 1, 1]
    gaps = {"gap-1": "12", "gap-2": "7", "gap-3": "a"}
    assert points(found[9], gaps) == 1
    assert len(found[7]["option"]) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_heads_and_kinds_are_known_by_their_names(language: str) -> None:
    head = template_rows(language)[0]
    assert [column_of(name) is not None for name in head] == [True] * len(head)
    assert {kind_of(names[language]) for names in KINDS.values()} == set(KINDS)
    assert len({names[language] for names in COLUMNS.values()}) == len(COLUMNS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_files_of_excel(encoding: str, sign: str) -> None:
    rows = ["Вопрос", "Правильный ответ", "Вариант 1", "Вариант 2"]
    text = (
        sign.join(rows)
        + "\r\n"
        + sign.join(['"Столица: ""главный""\nгород?"', "2", "Омск", "Астана"])
    )
    (item,) = items(csv_table.read(text.encode(encoding), "a.csv"))
    assert item["prompt"] == {"ru": 'Столица: "главный"\nгород?'}
    assert points(item, "b") == 1


@pytest.mark.parametrize(
    ("right", "places"),
    [
        ("2", "b"),
        ("B", "b"),
        ("Б", "b"),
        ("сары", "b"),
        ("Сары", "b"),
        ("b)", "b"),
        ("1;3", "ac"),
        ("a, c", "ac"),
        ("А|В", "ac"),
    ],
)
def test_the_right_option_is_told_by_number_letter_or_words(right: str, places: str) -> None:
    (item,) = read(
        f'Сұрақ;Жауап;1 нұсқа;Нұсқа 1;Нұсқа 2;Нұсқа 3\nҚай түс?;"{right}";;ақ;сары;көк\n'
    )
    assert [choice["id"] for choice in item["choice"] if choice.get("correct")] == list(places)


def test_kinds_are_guessed_where_none_is_named() -> None:
    found = read(
        "Question;Answer;Option 1;Option 2\nOne?;1;a;b\nBoth?;1;2\nTen?;10\nName?;Abai\n"
        "True?;true\nWhy?;\nIt is [hot*|cold] now\n".replace("Both?;1;2", "Both?;1,2;a;b")
    )
    assert [one["kind"] for one in found] == [
        "choice", "choices", "number", "short", "choice", "text", "gaps",
    ]  # fmt: skip


def test_topics_are_tasks_and_points_are_kept() -> None:
    text = "Тақырып;Сұрақ;Жауап;Ұпай\nА;Қанша?;1;2\nӘ;Қанша екен?;2;0,5\nА;Тағы қанша?;3;1\n"
    found = csv_table.read(text.encode(), "a.csv")
    assert [(task.title["kk"], [one["points"] for one in task.items]) for task in found.tasks] == [
        ("А", [2, 1]),
        ("Ә", [0.5]),
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (";1;;", "missing"),
        ("Q?;9;a;b", "names no option"),
        ("Q?;;a;b", "names no option"),
        ("Q?;1;a;b;dance", "dance"),
        ("Q?;1;a;b;;many", "points"),
        ("Q?;five;;;number", "no number"),
        ("Q?;;a;;match", "pair"),
        ("Q?;;;;gaps", "no gap"),
        ("Q?;maybe;;;true-false", "neither"),
        ("Q?;;a;;order", "2 to 12"),
    ],
)
def test_what_does_not_arrive_is_listed(row: str, why: str) -> None:
    text = f"Question;Answer;Option 1;Option 2;Kind;Points\n{row}\nFine?;1;a;b;;\n"
    found = csv_table.read(text.encode(), "a.csv")
    assert [one["id"] for one in items(found)] == ["fine"]
    assert [(one.path, why in one.why) for one in found.unread] == [("a.csv", True)]


def workbook(*sheets: List[List[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_workbooks_have_numbers_dates_and_several_sheets() -> None:
    notes: List[List[object]] = [["Just notes"], [datetime.datetime(2026, 1, 2)]]
    asked: List[List[object]] = [
        [],
        ["Question", "Answer"],
        ["How many?", 5.0],
        ["Half?", 0.5],
        ["Day?", datetime.datetime(2026, 1, 2)],
        ["So?", True],
    ]
    found = xlsx_table.read(workbook(notes, asked), "a.xlsx")
    assert [one["kind"] for one in items(found)] == ["number", "number", "short", "choice"]
    assert items(found)[2]["accept"] == [{"text": "2026-01-02"}]
    assert ["no row" in one.why for one in found.unread] == [True]


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", packed({"a": b"1"}), workbook([["x"]]), workbook([])]
)
def test_other_workbooks_fail(data: bytes) -> None:
    with pytest.raises(ImportFailure, match=r"a\.xlsx|Sheet"):
        xlsx_table.read(data, "a.xlsx")


@pytest.mark.parametrize("text", ["", "a;b\n1;2\n", "Question;Answer\n"])
def test_other_tables_fail(text: str) -> None:
    with pytest.raises(ImportFailure, match=r"a\.csv"):
        csv_table.read(text.encode(), "a.csv")


def test_tables_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "MAX_CELLS", 5)
    with pytest.raises(ImportFailure, match="cells"):
        csv_table.read(b"Question;Answer\na;b\nc;d\n", "a.csv")
    monkeypatch.setattr(xlsx_table, "MAX_CELLS", 5)
    with pytest.raises(ImportFailure, match="cells"):
        xlsx_table.read(workbook([["Question", "Answer"], ["a", "b"], ["c", "d"]]), "a.xlsx")
