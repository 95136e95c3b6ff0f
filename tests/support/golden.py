"""Databases as each version left them, frozen as SQL: any later version must bring them forward."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Dict, List, Tuple

FOLDER = Path(__file__).parent.parent / "golden" / "databases"


def samples(prefix: str) -> List[Path]:
    """The frozen files whose names begin so, oldest first."""
    return sorted(FOLDER.glob(f"{prefix}-*.sql"))


def thaw(sample: Path, target: Path) -> None:
    """Make the database file that a sample was."""
    db = sqlite3.connect(str(target))
    db.executescript(sample.read_text(encoding="utf-8"))
    db.close()


def tables(db: sqlite3.Connection) -> Dict[str, List[Tuple[object, ...]]]:
    """What the tables are like: columns, keys and indexes, however they came to be."""
    found: Dict[str, List[Tuple[object, ...]]] = {}
    names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    for (name,) in names.fetchall():
        columns = db.execute(f"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{name}')")
        indexes = db.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql NOT NULL",
            (name,),
        )
        plain = sorted(re.sub(r"\s+", " ", sql) for (sql,) in indexes)
        found[name] = [*sorted(columns.fetchall()), *((sql,) for sql in plain)]
    return found
