"""A run of records in few bytes: ids derived, times as differences, repeated texts in tables.

A batch is a JSON object of columns: ``d`` devices, ``p`` persons and ``k`` kinds (the tables),
``r`` the rows' numbers column by column (device, seq, time, person, kind), and ``b`` the bodies. A
column is given as differences to the row before where the numbers grow, and as one number where all
rows have the same. Devices that the other side knows anyway are not named: ``d`` is absent where
all records are the sender's own.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

from sync import fields
from sync.clock import milliseconds
from sync.errors import MessageError, RecordError
from sync.record import Record, check_outline

MAX_RECORDS = 20_000
_Column = Union[int, List[int]]


def encode_batch(records: Sequence[Record], own_device: Optional[str] = None) -> Dict[str, Any]:
    """Return the columns of records, in their order; an empty object for none.

    Where ``own_device`` is given, all records are that device's.
    """
    if not records:
        return {}
    devices, device_column = _table([record.device for record in records])
    persons, person_column = _table([record.person for record in records])
    kinds, kind_column = _table([record.kind for record in records])
    columns = [
        _packed(device_column),
        _packed(_differences([record.seq for record in records])),
        _packed(_differences([milliseconds(record.time) for record in records])),
        _packed([record.time & 0xFFFF for record in records]),
        _packed(person_column),
        _packed(kind_column),
    ]
    batch: Dict[str, Any] = {
        "k": kinds,
        "p": persons,
        "r": columns,
        "b": [record.body for record in records],
    }
    if own_device is None:
        batch["d"] = devices
    return batch


def decode_batch(value: Any, own_device: Optional[str] = None) -> Tuple[Record, ...]:
    """Read what ``encode_batch`` wrote. Bodies are not judged here (see ``sync.kinds``).

    Raises:
        MessageError: ``message-malformed``.
    """
    batch = fields.mapping(value, "batch")
    if not batch:
        return ()
    bodies = fields.listing(batch.get("b"), "batch.b", MAX_RECORDS)
    columns = fields.listing(batch.get("r"), "batch.r", 20)
    if len(columns) < 6:
        fields.malformed("batch.r", "six columns")
    count = len(bodies)
    devices = [own_device] if own_device is not None else _texts(batch.get("d"), "batch.d", count)
    device, seq, time_ms, counter, person, kind = (
        _unpacked(column, f"batch.r[{at}]", count) for at, column in enumerate(columns[:6])
    )
    times = [ms << 16 | low for ms, low in zip(_sums(time_ms), counter)]
    rows = zip(
        _looked_up(devices, device, "batch.d"),
        _sums(seq),
        times,
        _looked_up(_texts(batch.get("p"), "batch.p", count), person, "batch.p"),
        _looked_up(_texts(batch.get("k"), "batch.k", count), kind, "batch.k"),
        bodies,
    )
    return tuple(_record(*row) for row in rows)


def _record(*parts: Any) -> Record:
    record = Record(*parts)
    try:
        check_outline(record)
    except RecordError as error:
        raise MessageError("message-malformed", error.detail) from error
    return record


def _table(texts: Sequence[str]) -> Tuple[List[str], List[int]]:
    numbers: Dict[str, int] = {}
    column = [numbers.setdefault(text, len(numbers)) for text in texts]
    return list(numbers), column


def _looked_up(table: Sequence[Any], column: Sequence[int], name: str) -> List[Any]:
    if any(not 0 <= number < len(table) for number in column):
        fields.malformed(name, "a table of what the rows name")
    return [table[number] for number in column]


def _texts(value: Any, name: str, limit: int) -> List[str]:
    return [fields.text(item, name, 64) for item in fields.listing(value, name, limit)]


def _differences(numbers: Sequence[int]) -> List[int]:
    return [number - before for before, number in zip((0, *numbers), numbers)]


def _sums(differences: Sequence[int]) -> List[int]:
    total, sums = 0, []
    for difference in differences:
        total += difference
        sums.append(total)
    return sums


def _packed(column: Sequence[int]) -> _Column:
    return column[0] if len(set(column)) == 1 else list(column)


def _unpacked(column: Any, name: str, count: int) -> List[int]:
    limit = (1 << 53) - 1
    if isinstance(column, int):
        return [fields.integer(column, name, -limit, limit)] * count
    numbers = [
        fields.integer(item, name, -limit, limit)
        for item in fields.listing(column, name, MAX_RECORDS)
    ]
    if len(numbers) != count:
        fields.malformed(name, f"{count} numbers")
    return numbers
