"""XLSX workbooks of questions: every sheet with a column of questions."""

from __future__ import annotations

import datetime
from typing import Iterator, List, Tuple

from content.errors import ContentError
from content.importing.errors import ImportFailure
from content.importing.limits import MAX_CELLS
from content.importing.office_package import check_package
from content.importing.outcome import Imported, Unread, together
from content.importing.sheet import read_rows
from content.importing.stumbling import stumbling

_MAX_SHEETS = 50
_MAX_COLUMNS = 64


def read(data: bytes, name: str) -> Imported:
    """The questions of all sheets.

    Raises ImportFailure for a file that is no workbook, or has no sheet of questions.
    """
    check_package(data, name, "XLSX")
    with stumbling(name, "XLSX"):
        sheets = list(_sheets(data, name))
    parts: List[Imported] = []
    problems: List[ContentError] = []
    for title, rows in sheets:
        if not rows:
            continue
        try:
            parts.append(read_rows(rows, name if len(sheets) == 1 else title))
        except ContentError as problem:
            problems.append(problem)
            parts.append(Imported(unread=(Unread(name, f"sheet {title}", str(problem)),)))
    if len(problems) == len(parts):
        raise problems[0] if problems else ImportFailure(f"{name} is empty.")
    return together(parts)


def _sheets(data: bytes, name: str) -> Iterator[Tuple[str, List[List[str]]]]:
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    cells = 0
    for sheet in book.worksheets[:_MAX_SHEETS]:
        rows: List[List[str]] = []
        for row in sheet.iter_rows(values_only=True, max_col=_MAX_COLUMNS):
            words = [_words(value) for value in row]
            while words and not words[-1]:
                words.pop()
            cells += len(row)
            if cells > MAX_CELLS:
                raise ImportFailure(f"{name} has more than {MAX_CELLS} cells; split it.")
            rows.append(words)
        yield str(sheet.title), rows


def _words(value: object) -> str:
    """A cell as a person reads it: 5 for 5.0, the day for a date."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return str(value)
