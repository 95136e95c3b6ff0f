"""Tables for people and JSON for scripts: how every measurement here is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Mapping, Sequence

RESULTS = Path(__file__).resolve().parents[2] / ".cache" / "bench"


def tell(name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows as a table and keep them as ``.cache/bench/<name>.json``."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    texts = [[_text(row.get(column)) for column in columns] for row in rows]
    widths = [max(map(len, cells)) for cells in zip(columns, *texts)]
    for cells in [columns, ["-" * width for width in widths], *texts]:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths)).rstrip())
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(list(rows), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, int):
        return f"{value:,}".replace(",", " ")
    return str(value)
