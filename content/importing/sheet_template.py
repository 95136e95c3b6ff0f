# ruff: noqa: E501 - rows of a table read best on one line
"""The spreadsheet that teachers fill in: heads, and an example of each kind of question."""

from __future__ import annotations

import csv
import io
from typing import Dict, List, Mapping, Sequence, Tuple

from content.importing.sheet_columns import (
    COLUMNS,
    HINT,
    KINDS,
    OPTION,
    POINTS,
    QUESTION,
    RIGHT,
    SOLUTION,
    TOLERANCE,
    TOPIC,
    TYPE,
    UNIT,
)

OPTIONS = 6
_Example = Tuple[str, Mapping[str, str], Sequence[str]]

_EXAMPLES: Mapping[str, Sequence[_Example]] = {
    "kk": (
        ("choice", {QUESTION: "$2x = 6$ теңдеуінің түбірі қандай?", RIGHT: "1", HINT: "Екіге бөл.",
                    SOLUTION: "$x = 6 : 2 = 3$"}, ("3", "4", "12")),
        ("choices", {QUESTION: "Қайсысы жай сан?", RIGHT: "1; 3", POINTS: "2"}, ("2", "4", "7", "9")),
        ("true-false", {QUESTION: "Ертіс — өзен.", RIGHT: "иә"}, ()),
        ("number", {QUESTION: "Автобус 2 сағатта 90 км жүрді. Жылдамдығы қандай?", RIGHT: "45",
                    TOLERANCE: "0,5", UNIT: "км/сағ; км/ч"}, ()),
        ("short", {QUESTION: "Қазақстанның астанасы қай қала?", RIGHT: "Астана|Astana"}, ()),
        ("text", {QUESTION: "Неге көктемде тасқын болады?", POINTS: "3",
                  RIGHT: "3 балл: қар еруі мен мұз кептелуі айтылған."}, ()),
        ("file", {QUESTION: "Үшбұрыш сызып, суретін жібер.", POINTS: "3",
                  RIGHT: "3 балл: үш қабырғасы сызылып, бұрыштары белгіленген."}, ()),
        ("match", {QUESTION: "Елді астанасымен сәйкестендір."},
         ("Қазақстан | Астана", "Өзбекстан | Ташкент", "| Бішкек")),
        ("order", {QUESTION: "Кішісінен үлкеніне қарай реттеу керек."}, ("1 мм", "1 см", "1 м")),
        ("gaps", {QUESTION: "Бір жылда [12] ай, аптада [жеті|7] күн бар, ең суық мезгіл — [қыс*|жаз|күз]."}, ()),
    ),
    "ru": (
        ("choice", {QUESTION: "Каков корень уравнения $2x = 6$?", RIGHT: "1", HINT: "Раздели на два.",
                    SOLUTION: "$x = 6 : 2 = 3$"}, ("3", "4", "12")),
        ("choices", {QUESTION: "Какие числа простые?", RIGHT: "1; 3", POINTS: "2"}, ("2", "4", "7", "9")),
        ("true-false", {QUESTION: "Иртыш — это река.", RIGHT: "верно"}, ()),
        ("number", {QUESTION: "Автобус за 2 часа проехал 90 км. Какова его скорость?", RIGHT: "45",
                    TOLERANCE: "0,5", UNIT: "км/ч; км/час"}, ()),
        ("short", {QUESTION: "Какой город — столица Казахстана?", RIGHT: "Астана|Astana"}, ()),
        ("text", {QUESTION: "Почему весной бывают паводки?", POINTS: "3",
                  RIGHT: "3 балла: названы таяние снега и ледяной затор."}, ()),
        ("file", {QUESTION: "Начерти треугольник и пришли снимок.", POINTS: "3",
                  RIGHT: "3 балла: начерчены три стороны, обозначены углы."}, ()),
        ("match", {QUESTION: "Соедини страну со столицей."},
         ("Казахстан | Астана", "Узбекистан | Ташкент", "| Бишкек")),
        ("order", {QUESTION: "Расставь от меньшего к большему."}, ("1 мм", "1 см", "1 м")),
        ("gaps", {QUESTION: "В году [12] месяцев, в неделе [семь|7] дней, самое холодное время — [зима*|лето|осень]."}, ()),
    ),
    "en": (
        ("choice", {QUESTION: "What is the root of $2x = 6$?", RIGHT: "1", HINT: "Divide by two.",
                    SOLUTION: "$x = 6 : 2 = 3$"}, ("3", "4", "12")),
        ("choices", {QUESTION: "Which numbers are prime?", RIGHT: "1; 3", POINTS: "2"}, ("2", "4", "7", "9")),
        ("true-false", {QUESTION: "The Irtysh is a river.", RIGHT: "true"}, ()),
        ("number", {QUESTION: "A bus went 90 km in 2 hours. How fast was it?", RIGHT: "45",
                    TOLERANCE: "0.5", UNIT: "km/h; kmh"}, ()),
        ("short", {QUESTION: "Which town is the capital of Kazakhstan?", RIGHT: "Astana|Астана"}, ()),
        ("text", {QUESTION: "Why are there floods in spring?", POINTS: "3",
                  RIGHT: "3 points: melting snow and jammed ice are named."}, ()),
        ("file", {QUESTION: "Draw a triangle and send a photo of it.", POINTS: "3",
                  RIGHT: "3 points: three sides are drawn, the angles are marked."}, ()),
        ("match", {QUESTION: "Match each country with its capital."},
         ("Kazakhstan | Astana", "Uzbekistan | Tashkent", "| Bishkek")),
        ("order", {QUESTION: "Put them in order, the smallest first."}, ("1 mm", "1 cm", "1 m")),
        ("gaps", {QUESTION: "A year has [12] months, a week [seven|7] days, and the coldest season is [winter*|summer|autumn]."}, ()),
    ),
}  # fmt: skip
_TOPIC = {"kk": "Мысалдар", "ru": "Примеры", "en": "Examples"}
LANGUAGES = tuple(_EXAMPLES)


def template_rows(language: str) -> List[List[str]]:
    """The head and the examples, in one of LANGUAGES."""
    names: List[Tuple[str, str]] = []
    for column, said in COLUMNS.items():
        if column == OPTION:
            names += [(f"{OPTION} {at}", f"{said[language]} {at}") for at in range(1, OPTIONS + 1)]
        else:
            names.append((column, said[language]))
    rows = [[name for _, name in names]]
    for kind, cells, options in _EXAMPLES[language]:
        values: Dict[str, str] = {TOPIC: _TOPIC[language], TYPE: KINDS[kind][language], POINTS: "1"}
        values.update(cells)
        values.update({f"{OPTION} {at}": words for at, words in enumerate(options, 1)})
        rows.append([values.get(column, "") for column, _ in names])
    return rows


def csv_template(language: str) -> bytes:
    """The template as CSV that Excel opens by a double click: semicolons, UTF-8 with its mark."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(template_rows(language))
    return text.getvalue().encode("utf-8-sig")


def xlsx_template(language: str) -> bytes:
    """The template as a workbook with a head that stays in view."""
    import openpyxl
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one
    sheet.title = _TOPIC[language]
    rows = template_rows(language)
    for row in rows:
        sheet.append(row)
    for at, name in enumerate(rows[0], 1):
        sheet.cell(row=1, column=at).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = max(12, len(name) + 2)
    wide = rows[0].index(COLUMNS[QUESTION][language]) + 1
    sheet.column_dimensions[get_column_letter(wide)].width = 60
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"
    sheet.freeze_panes = "A2"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
