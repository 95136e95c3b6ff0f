"""The formats of the unified national test (ҰБТ, ЕНТ), as a check of a task that claims them.

A task with ``format = "unt"`` holds: questions with one right answer of four (1 point); with one to
three right answers of six (2 points); matching of two rows with four options (2 points); and
questions with one right answer of four about a common text.
"""

from __future__ import annotations

from typing import Iterator, Tuple

from content.items.choosing import Choosing
from content.items.match import Match
from content.task import Item, Task

FORMAT = "unt"
ONE_OF, SEVERAL_OF, MOST_RIGHT = 4, 6, 3
ROWS, OPTIONS = 2, 4
_POINTS = {"choice": 1, "choices": 2, "match": 2}
MOST_OF_A_TEXT = 5


def unt_remarks(task: Task) -> Iterator[Tuple[str, str]]:
    """(item id, what differs from the test's format), sentence by sentence."""
    for item in task.items:
        for remark in _remarks(item):
            yield item.id, remark
    for stimulus in task.stimuli:
        count = sum(item.stimulus == stimulus.id for item in task.items)
        if count > MOST_OF_A_TEXT:
            yield stimulus.id, f"The test asks at most {MOST_OF_A_TEXT} questions about a text."


def _remarks(item: Item) -> Iterator[str]:
    if item.kind not in _POINTS:
        yield "The test has questions with one answer, with several, and matching only."
        return
    if item.points != _POINTS[item.kind]:
        yield f"The test gives {_POINTS[item.kind]} for this, not {item.points:g}."
    if isinstance(item.body, Choosing):
        count, wanted = len(item.choices), ONE_OF if item.kind == "choice" else SEVERAL_OF
        if count != wanted:
            yield f"The test offers {wanted} answers here, not {count}."
        if len(item.correct_ids) > MOST_RIGHT:
            yield f"The test has at most {MOST_RIGHT} right answers here."
    if item.kind == "choices" and item.stimulus is not None:
        yield "The test asks for one answer about a common text."
    if isinstance(item.body, Match):
        shape = (len(item.body.rows), len(item.body.options))
        if shape != (ROWS, OPTIONS):
            yield f"The test matches {ROWS} rows with {OPTIONS} options."
