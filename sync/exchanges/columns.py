"""A column of JSON values in few bytes: alike ones once, texts joined, lists unravelled.

A column of ``count`` values is written as

- a list of one: all are that value;
- a list of ``count``: the values;
- a text: its first character separates the texts that follow (none: the empty text);
- an object of columns: ``n`` how many items each value has, ``v`` all their items one after
  another, and ``k`` all their names where the values are objects (lists, where it is absent).

Equal neighbours in a column compress to nothing, and texts without quotes compress better than with
them: that is all the reason for it.
"""

from __future__ import annotations

from typing import Any, Dict, List, Sequence, Tuple

from sync import fields
from sync.canonical import MAX_DEPTH, canonical_json

SEPARATORS = ",;|/\t"
CELL_BYTES = 16
"""What a value costs of the allowance at least: about what a reference to it takes here."""
_SCALARS = (str, int, bool, float, type(None))


class Allowance:
    """How much a stranger's columns may unfold to: one value written once may count many times."""

    def __init__(self, limit_bytes: int) -> None:
        self._left_bytes = limit_bytes

    def spend(self, size_bytes: int) -> None:
        """Take from the allowance.

        Raises:
            MessageError: ``message-malformed``, when it is used up.
        """
        self._left_bytes -= size_bytes
        if self._left_bytes < 0:
            fields.malformed("batch", "of a bearable size unfolded")


def pack_column(values: Sequence[Any]) -> Any:
    """Return the form of a column that is likely to compress best."""
    if len(values) > 1 and _alike(values):
        return [values[0]]
    kinds = {type(value) for value in values}
    if kinds <= {str}:
        return _joined(values)
    if kinds == {dict}:
        names = [name for value in values for name in value]
        items = [item for value in values for item in value.values()]
        return {**_unravelled(values, items), "k": pack_column(names)}
    if kinds == {list}:
        return _unravelled(values, [item for value in values for item in value])
    return list(values)


def unpack_column(
    column: Any, count: int, name: str, allowance: Allowance, depth: int = 0
) -> List[Any]:
    """Return the ``count`` values of a column.

    Raises:
        MessageError: ``message-malformed``.
    """
    allowance.spend(count * CELL_BYTES)
    if isinstance(column, str):
        return _apart(column, count, name, allowance)
    if isinstance(column, dict):
        if depth > MAX_DEPTH:
            fields.malformed(name, "less deeply nested")
        return _ravelled(column, count, name, allowance, depth + 1)
    if not isinstance(column, list) or len(column) not in (1, count):
        fields.malformed(name, f"{count} values")
    if len(column) == 1:
        allowance.spend(_size_bytes(column[0]) * count)
    return column * count if len(column) == 1 else column


def _alike(values: Sequence[Any]) -> bool:
    """Tell whether values are the same in JSON, where ``1`` is not ``true``."""
    first = values[0]
    if isinstance(first, _SCALARS):
        kind = type(first)
        return all(type(value) is kind and value == first for value in values)
    text = canonical_json(first)
    return all(type(value) is type(first) and canonical_json(value) == text for value in values)


def _joined(texts: Sequence[str]) -> Any:
    for separator in SEPARATORS:
        if not any(separator in text for text in texts):
            return "".join(separator + text for text in texts)
    return list(texts)


def _apart(column: str, count: int, name: str, allowance: Allowance) -> List[Any]:
    allowance.spend(len(column))
    texts = column[1:].split(column[0]) if column else []
    if len(texts) != count:
        fields.malformed(name, f"{count} texts")
    return list(texts)


def _unravelled(values: Sequence[Any], items: Sequence[Any]) -> Dict[str, Any]:
    return {"n": pack_column([len(value) for value in values]), "v": pack_column(items)}


def _ravelled(
    column: Dict[str, Any], count: int, name: str, allowance: Allowance, depth: int
) -> List[Any]:
    sizes = [
        fields.integer(size, name)
        for size in unpack_column(column.get("n"), count, name, allowance, depth)
    ]
    total = sum(sizes)
    items = unpack_column(column.get("v"), total, name, allowance, depth)
    spans = _spans(sizes)
    if "k" not in column:
        return [items[start:end] for start, end in spans]
    names = unpack_column(column["k"], total, name, allowance, depth)
    if not all(isinstance(one, str) for one in names):
        fields.malformed(name, "named by texts")
    found = [dict(zip(names[start:end], items[start:end])) for start, end in spans]
    if any(len(one) != size for one, size in zip(found, sizes)):
        fields.malformed(name, "without a name twice")
    return found


def _spans(sizes: Sequence[int]) -> List[Tuple[int, int]]:
    spans, start = [], 0
    for size in sizes:
        spans.append((start, start + size))
        start += size
    return spans


def _size_bytes(value: Any) -> int:
    """Return roughly what a value takes where it is written out."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(len(name) + _size_bytes(item) for name, item in value.items()) + 1
    if isinstance(value, list):
        return sum(map(_size_bytes, value)) + 1
    return 1
