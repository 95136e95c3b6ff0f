"""What of a task may be seen before its key is: the questions, with keys that say nothing.

Only what is named here is taken over, so a field that is added one day stays sealed. Where a reader
of tasks wants a key, it gets one that does not depend on the real one.
"""

from __future__ import annotations

import hashlib
from typing import Any, Callable, Dict, List, Mapping

_TASK = (
    "assessment", "attempts", "bank", "criterion", "derived", "format", "minutes", "parameter",
    "shuffle", "stimulus", "title", "where",
)  # fmt: skip
_ITEM = (
    "bank", "criterion", "derived", "hint", "id", "kind", "minutes", "parameter", "partial",
    "points", "prompt", "shuffle", "stimulus", "where",
)  # fmt: skip
_NOWHERE = [500, 500, 500, 500]

Values = Mapping[str, Any]


def asking(task: Values) -> Dict[str, Any]:
    """The fields of the task without its key; nothing is told before the key is opened."""
    public = _kept(task, _TASK)
    public["feedback"] = "none"
    public["item"] = [_item(one) for one in task.get("item", ())]
    return public


def _item(item: Values) -> Dict[str, Any]:
    return {**_kept(item, _ITEM), **_KINDS.get(str(item.get("kind")), _nothing)(item)}


def _kept(values: Values, names: Any) -> Dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _each(values: Values, name: str, kept: Any) -> List[Dict[str, Any]]:
    return [_kept(one, kept) for one in values.get(name, ())]


def _nothing(_: Values) -> Dict[str, Any]:
    return {}


def _choosing(item: Values) -> Dict[str, Any]:
    choices = _each(item, "choice", ("fixed", "id", "text"))
    return {"choice": [{**one, "correct": at == 0} for at, one in enumerate(choices)]}


def _number(item: Values) -> Dict[str, Any]:
    return {"answer": "0", **_kept(item, ("units", "unit_optional"))}


def _short(_: Values) -> Dict[str, Any]:
    return {"accept": [{"text": "?"}]}


def _file(item: Values) -> Dict[str, Any]:
    return _kept(item, ("accept",))


def _order(item: Values) -> Dict[str, Any]:
    # The author's order is the key.
    parts = _each(item, "part", ("id", "text"))
    return {"part": sorted(parts, key=lambda one: _scattered(str(one.get("id"))))}


def _scattered(name: str) -> bytes:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()


def _match(item: Values) -> Dict[str, Any]:
    options = _each(item, "option", ("fixed", "id", "text"))
    first = options[0]["id"] if options and "id" in options[0] else ""
    rows = [{**one, "match": first} for one in _each(item, "row", ("id", "text"))]
    return {"option": options, "row": rows}


def _blank(blank: Values) -> Dict[str, Any]:
    kept = _kept(blank, ("id", "kind", "weight"))
    return {**kept, **_KINDS.get(str(blank.get("kind")), _nothing)(blank)}


def _gaps(item: Values) -> Dict[str, Any]:
    return {**_kept(item, ("passage",)), "gap": [_blank(one) for one in item.get("gap", ())]}


def _table(item: Values) -> Dict[str, Any]:
    rows = [
        {**_kept(row, ("head",)), "cells": [_cell(cell) for cell in row.get("cells", ())]}
        for row in item.get("row", ())
    ]
    return {**_kept(item, ("columns", "corner")), "row": rows}


def _cell(cell: Any) -> Any:
    return _blank(cell) if isinstance(cell, dict) and "kind" in cell else cell


def _place(item: Values) -> Dict[str, Any]:
    areas = _each(item, "area", ("id", "text"))
    hidden = {"shape": "rectangle", "points": _NOWHERE}
    return {
        **_kept(item, ("alt", "picture", "size")),
        "area": [{**one, **hidden} for one in areas],
    }


_KINDS: Mapping[str, Callable[[Values], Dict[str, Any]]] = {
    "choice": _choosing,
    "choices": _choosing,
    "number": _number,
    "short": _short,
    "file": _file,
    "order": _order,
    "match": _match,
    "gaps": _gaps,
    "table": _table,
    "place": _place,
}
