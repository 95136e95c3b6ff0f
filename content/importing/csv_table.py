"""CSV files of questions, as Excel of any language and other programmes write them."""

from __future__ import annotations

import csv
import io

from content.importing.errors import ImportFailure
from content.importing.limits import MAX_CELLS
from content.importing.outcome import Imported
from content.importing.sheet import read_rows
from content.importing.text_decoding import decode_text

_SIGNS = ";\t,"
_FIELD_LETTERS = 200_000
_SAMPLED = 20_000


def read(data: bytes, name: str) -> Imported:
    """The questions of a file; commas, semicolons and tabs are told by themselves.

    Raises ImportFailure for a file that is no text, has no questions, or too many cells.
    """
    text, damage = decode_text(data, name)
    rows = []
    cells = 0
    csv.field_size_limit(_FIELD_LETTERS)
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter_of(text)):
            cells += len(row) + 1
            if cells > MAX_CELLS:
                raise ImportFailure(f"{name} has more than {MAX_CELLS} cells; split it.")
            rows.append(row)
    except csv.Error as problem:
        raise ImportFailure(f"{name} is no table: {problem}.") from None
    return read_rows(rows, name, damage)


def delimiter_of(text: str) -> str:
    """The sign between cells: what Excel says in a first line ``sep=;``, else the most frequent."""
    if text[:4].lower() == "sep=" and text[4:5] in _SIGNS:
        return text[4]
    lines = text[:_SAMPLED].split("\n")[:10]
    return max(_SIGNS, key=lambda sign: sum(line.count(sign) for line in lines))
