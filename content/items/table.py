"""Kind "table": a table in which some cells are to be filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Tuple, Union

from content.fields import Fields
from content.items.blank import (
    Blank,
    blank_minutes,
    blank_texts,
    read_blank,
    refuse_twin_blanks,
    right_blanks,
    score_blanks,
)
from content.items.kind import Answer, Kind, Result
from content.items.reading import counted
from content.text import Text

MAX_COLUMNS = 8
MAX_ROWS = 20

Cell = Union[Blank, Text]


@dataclass(frozen=True)
class TableRow:
    """A row: its head (empty when the table has none) and its cells."""

    head: Text
    cells: Tuple[Cell, ...]


@dataclass(frozen=True)
class FillTable:
    """``columns`` are the heads of the cells; ``corner`` stands above the heads of the rows."""

    columns: Tuple[Text, ...]
    rows: Tuple[TableRow, ...]
    corner: Text

    @property
    def blanks(self) -> Tuple[Blank, ...]:
        """The cells to fill, row by row."""
        return tuple(cell for row in self.rows for cell in row.cells if isinstance(cell, Blank))


def read_table(fields: Fields) -> FillTable:
    """Columns, rows and cells; every row has a cell for each column."""
    heads = fields.sequence("columns", limit=MAX_COLUMNS)
    columns = tuple(
        Fields({"text": head}, f"{fields.place}: column {place}", fields.error).text("text")
        for place, head in enumerate(heads, 1)
    )
    if not columns:
        raise fields.fail("columns", "must hold at least one column")
    rows = tuple(_read_row(one, len(columns)) for one in counted(fields, "row", 1, MAX_ROWS))
    table = FillTable(columns, rows, fields.text("corner", required=False))
    refuse_twin_blanks(fields, "row", table.blanks)
    return table


def _read_row(fields: Fields, width: int) -> TableRow:
    cells = fields.sequence("cells", limit=MAX_COLUMNS)
    if len(cells) != width:
        raise fields.fail("cells", f"must hold {width} cells, one for each column")
    return TableRow(
        fields.text("head", required=False),
        tuple(_read_cell(fields, place, cell) for place, cell in enumerate(cells, 1)),
    )


def _read_cell(fields: Fields, place: int, cell: object) -> Cell:
    where = f"{fields.place}: cell {place}"
    if isinstance(cell, dict) and "kind" in cell:
        return read_blank(Fields(cell, where, fields.error))
    if cell in ({}, ""):
        return {}
    return Fields({"text": cell}, where, fields.error).text("text")


def _score(body: FillTable, answer: object) -> Result:
    return score_blanks(body.blanks, answer)


def _right(body: FillTable) -> Answer:
    return right_blanks(body.blanks)


def _texts(body: FillTable) -> Iterator[Tuple[str, Text]]:
    for place, column in enumerate(body.columns, 1):
        yield f"column {place}", column
    for place, row in enumerate(body.rows, 1):
        yield f"row {place}", row.head
        for count, cell in enumerate(row.cells, 1):
            if not isinstance(cell, Blank):
                yield f"row {place}, cell {count}", cell
    yield "corner", body.corner
    yield from blank_texts(body.blanks)


KIND = Kind(read_table, _score, _right, lambda body: blank_minutes(body.blanks), _texts)
