"""A run of records in few bytes: ids derived, times as differences, everything by columns.

A batch is a JSON object: ``n`` how many rows, ``d`` devices, ``p`` persons and ``s`` shapes (the
tables; a shape is a kind and the names of its bodies' fields), ``r`` the rows' numbers column by
column (device, seq, milliseconds, counter, person, shape), and ``v`` for each shape a column of
values for each field (``columns``). Numbers that grow are differences to the row before.
Where a server passes on records from a wrong clock, two more columns say when that clock wrote
them: how many milliseconds after the time that counts (0: at that time), and the counter.
Devices that the other side knows anyway are not named: ``d`` is absent where all records are the
sender's own.

That is form 2. Form 1 had the kinds in a table ``k`` and the bodies as they are in a list ``b``; it
is read for ever, and not written any more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple, TypeVar, Union

from sync import fields
from sync.clock import hybrid_time, milliseconds
from sync.errors import MessageError, RecordError
from sync.exchanges.columns import Allowance, pack_column, unpack_column
from sync.record import MAX_RECORD_BYTES, Record, check_outline

MAX_RECORDS = 20_000
MAX_UNFOLDED_BYTES = 16 << 20
MAX_FIELDS = MAX_RECORD_BYTES
_Column = Union[int, List[int]]
_Shape = Tuple[str, ...]
_Value = TypeVar("_Value")


def encode_batch(records: Sequence[Record], own_device: Optional[str] = None) -> Dict[str, Any]:
    """Return the columns of records, in their order; an empty object for none.

    Where ``own_device`` is given, all records are that device's.
    """
    if not records:
        return {}
    devices, device_column = _table([record.device for record in records])
    persons, person_column = _table([record.person for record in records])
    shapes, shape_column = _table([(record.kind, *record.body) for record in records])
    columns = [
        _packed(device_column),
        _packed(_differences([record.seq for record in records])),
        _packed(_differences([milliseconds(record.time) for record in records])),
        _packed([record.time & 0xFFFF for record in records]),
        _packed(person_column),
        _packed(shape_column),
    ]
    rows: List[List[Record]] = [[] for _ in shapes]
    for record, at in zip(records, shape_column):
        rows[at].append(record)
    batch: Dict[str, Any] = {
        "n": len(records),
        "s": [list(shape) for shape in shapes],
        "p": persons,
        "r": columns,
        "v": [
            [pack_column([record.body[name] for record in alike]) for name in shape[1:]]
            for shape, alike in zip(shapes, rows)
        ],
    }
    if own_device is None:
        batch["d"] = devices
    return batch


def decode_batch(
    value: Any, own_device: Optional[str] = None, *, told: bool = False
) -> Tuple[Record, ...]:
    """Read what ``encode_batch`` wrote. Bodies are not judged here (see ``sync.kinds``).

    Servers once ``told`` other times beside those that records were written with: such columns are
    read still, for the latter name the facts. What counts is said by records (``dating``).

    Raises:
        MessageError: ``message-malformed``.
    """
    batch = fields.mapping(value, "batch")
    if not batch:
        return ()
    count = _count(batch)
    columns = fields.listing(batch.get("r"), "batch.r", 20)
    if len(columns) < 6:
        fields.malformed("batch.r", "six columns")
    devices = [own_device] if own_device is not None else _texts(batch.get("d"), "batch.d", count)
    device, seq, time_ms, counter, person, kind = (
        _unpacked(column, f"batch.r[{at}]", count) for at, column in enumerate(columns[:6])
    )
    times = [ms << 16 | low for ms, low in zip(_sums(time_ms), counter)]
    kinds, bodies = (_bodies_as_they_are if "b" in batch else _bodies)(batch, kind)
    rows = zip(
        _looked_up(devices, device, "batch.d"),
        _sums(seq),
        times,
        _looked_up(_texts(batch.get("p"), "batch.p", count), person, "batch.p"),
        kinds,
        bodies,
    )
    found = tuple(_record(*row) for row in rows)
    return _as_counted(found, columns[6:8]) if told and len(columns) > 7 else found


def _as_counted(records: Sequence[Record], columns: Sequence[Any]) -> Tuple[Record, ...]:
    """Put in with what wrong times records were written."""
    late_ms, counter = (
        _unpacked(column, f"batch.r[{at}]", len(records)) for at, column in enumerate(columns, 6)
    )
    return tuple(
        _written_at(record, hybrid_time(milliseconds(record.time) + ms, low)) if ms else record
        for record, ms, low in zip(records, _sums(late_ms), counter)
    )


def _written_at(record: Record, wrong_time: int) -> Record:
    return _checked(replace(record, wrong_time=wrong_time))


def _count(batch: Dict[str, Any]) -> int:
    if "b" in batch:
        return len(fields.listing(batch["b"], "batch.b", MAX_RECORDS))
    return fields.integer(batch.get("n"), "batch.n", 1, MAX_RECORDS)


def _bodies_as_they_are(
    batch: Dict[str, Any], column: Sequence[int]
) -> Tuple[List[str], List[Any]]:
    """Return the kinds and bodies of form 1's rows."""
    kinds = _texts(batch.get("k"), "batch.k", len(column))
    return _looked_up(kinds, column, "batch.k"), batch["b"]


def _bodies(batch: Dict[str, Any], column: Sequence[int]) -> Tuple[List[str], List[Any]]:
    """Return the kinds and bodies of form 2's rows."""
    shapes = [_shape(shape) for shape in fields.listing(batch.get("s"), "batch.s", len(column))]
    values = fields.listing(batch.get("v"), "batch.v", len(shapes))
    if len(values) != len(shapes) or not all(0 <= at < len(shapes) for at in column):
        fields.malformed("batch.v", "columns for each shape that the rows name")
    counts = Counter(column)
    allowance = Allowance(MAX_UNFOLDED_BYTES)
    bodies = [
        _unfolded(shape[1:], fields.listing(one, "batch.v", MAX_FIELDS), counts[at], allowance)
        for at, (shape, one) in enumerate(zip(shapes, values))
    ]
    return [shapes[at][0] for at in column], [next(bodies[at]) for at in column]


def _shape(value: Any) -> _Shape:
    shape = fields.listing(value, "batch.s", MAX_FIELDS + 1)
    if not shape or not all(isinstance(name, str) for name in shape):
        fields.malformed("batch.s", "a kind and names of fields")
    if len(set(shape[1:])) != len(shape) - 1:
        fields.malformed("batch.s", "without a name twice")
    return tuple(shape)


def _unfolded(
    names: _Shape, columns: Sequence[Any], count: int, allowance: Allowance
) -> Iterator[Dict[str, Any]]:
    """Return the bodies of one shape's rows."""
    if len(columns) != len(names):
        fields.malformed("batch.v", "a column for each field")
    if not names:
        return iter([{} for _ in range(count)])
    unpacked = []
    for name, column in zip(names, columns):
        allowance.spend(count * len(name))
        unpacked.append(unpack_column(column, count, f"batch.v.{name}", allowance))
    return iter([dict(zip(names, row)) for row in zip(*unpacked)])


def _record(*parts: Any) -> Record:
    return _checked(Record(*parts))


def _checked(record: Record) -> Record:
    try:
        check_outline(record)
    except RecordError as error:
        raise MessageError("message-malformed", error.detail) from error
    return record


def _table(values: Sequence[_Value]) -> Tuple[List[_Value], List[int]]:
    numbers: Dict[_Value, int] = {}
    column = [numbers.setdefault(value, len(numbers)) for value in values]
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
    if len(set(column)) == 1:
        return column[0]
    if len(column) > 2 and len(set(column[1:])) == 1:
        return list(column[:2])
    return list(column)


def _unpacked(column: Any, name: str, count: int) -> List[int]:
    limit = (1 << 53) - 1
    if isinstance(column, int):
        return [fields.integer(column, name, -limit, limit)] * count
    numbers = [
        fields.integer(item, name, -limit, limit)
        for item in fields.listing(column, name, MAX_RECORDS)
    ]
    if len(numbers) == 2 < count:
        return numbers[:1] + numbers[1:] * (count - 1)
    if len(numbers) != count:
        fields.malformed(name, f"{count} numbers")
    return numbers
