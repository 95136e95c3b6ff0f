"""Every kind of question by its name in a task's file."""

from __future__ import annotations

from typing import Mapping

from content.items import choosing, essay, file, gaps, match, number, order, place, short, table
from content.items.kind import Kind

KINDS: Mapping[str, Kind] = {
    "choice": choosing.CHOICE,
    "choices": choosing.CHOICES,
    "number": number.NUMBER,
    "short": short.SHORT,
    "text": essay.TEXT,
    "order": order.KIND,
    "match": match.KIND,
    "gaps": gaps.KIND,
    "place": place.KIND,
    "table": table.KIND,
    "file": file.KIND,
}
BY_TEACHER = ("text", "file")
"""The kinds that wait for a teacher's mark."""
