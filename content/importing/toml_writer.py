"""Tasks and lessons as TOML that a teacher can read and go on editing."""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence, Tuple

import tomlkit
from tomlkit.items import AoT, InlineTable, Item, Table

from content.fields import LANGUAGE

_LONG = 60
"""Texts of more letters stand on lines of their own."""


def toml_of(fields: Mapping[str, Any]) -> str:
    """A document whose tables are in the order of ``fields``, plain values before tables."""
    document = tomlkit.document()
    for key, value in _ordered(fields):
        document.add(key, _item(value))
    return tomlkit.dumps(document)


def _ordered(fields: Mapping[str, Any]) -> List[Tuple[str, Any]]:
    """Plain values first, then texts on several lines, then lists of tables: as TOML reads them."""

    def rank(pair: Tuple[str, Any]) -> int:
        value = pair[1]
        if _is_tables(value):
            return 2
        return 1 if isinstance(value, Mapping) and not _is_short(value) else 0

    return sorted(fields.items(), key=rank)


def _is_tables(value: object) -> bool:
    return (
        isinstance(value, (list, tuple))
        and bool(value)
        and all(isinstance(one, Mapping) and not _is_text(one) for one in value)
    )


def _is_text(value: Mapping[str, Any]) -> bool:
    said = all(isinstance(one, str) for one in value.values())
    return bool(value) and said and all(LANGUAGE.match(key) for key in value)


def _is_short(value: Mapping[str, Any]) -> bool:
    plain = all(isinstance(one, str) and "\n" not in one for one in value.values())
    return plain and sum(len(one) for one in value.values()) <= _LONG


def _item(value: Any) -> Item:
    if _is_tables(value):
        tables: AoT = tomlkit.aot()
        for one in value:
            tables.append(_table(one))
        return tables
    if isinstance(value, Mapping):
        return _inline(value) if _is_short(value) else _table(value)
    if isinstance(value, (list, tuple)):
        return _array(value)
    if isinstance(value, str):
        return tomlkit.string(value, multiline="\n" in value)
    plain: Item = tomlkit.item(value)
    return plain


def _table(fields: Mapping[str, Any]) -> Table:
    table: Table = tomlkit.table()
    for key, value in _ordered(fields):
        table.add(key, _item(value))
    return table


def _inline(fields: Mapping[str, Any]) -> InlineTable:
    table: InlineTable = tomlkit.inline_table()
    for key, value in fields.items():
        one_line = isinstance(value, str)
        table.add(key, tomlkit.string(value) if one_line else _within(value))
    return table


def _array(values: Sequence[Any]) -> Item:
    array = tomlkit.array()
    for value in values:
        array.append(_within(value))
    return array


def _within(value: Any) -> Item:
    """A value inside of brackets, where TOML allows no lines of tables."""
    if isinstance(value, Mapping):
        return _inline(value)
    if isinstance(value, (list, tuple)):
        return _array(value)
    plain: Item = tomlkit.item(value)
    return plain
