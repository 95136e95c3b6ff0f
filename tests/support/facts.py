"""What somebody sees of many copies of few facts."""

from __future__ import annotations

from typing import Iterable, List

from sync.journals.folds import Fold
from sync.record import Record


def each_fact_once(records: Iterable[Record]) -> List[Record]:
    """Leave out what is there already, as written or carried elsewhere; give each fact its time."""
    fold = Fold(records)
    return [record for history in fold.state().values() for record in history]
