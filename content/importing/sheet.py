"""Rows of a spreadsheet as questions, after our own template (docs/importing.md)."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from content.importing.bodies import ONE, Accepted, Bodies, Key, Option, Unsuited
from content.importing.errors import ImportFailure
from content.importing.languages import language_of_text
from content.importing.moodle_cloze import token, with_gaps
from content.importing.outcome import Imported
from content.importing.shares import number_of
from content.importing.sheet_columns import (
    HINT,
    OPTION,
    POINTS,
    QUESTION,
    RIGHT,
    SOLUTION,
    TOLERANCE,
    TOPIC,
    TYPE,
    UNIT,
    column_of,
    kind_of,
)
from content.importing.task_maker import Question, TaskMaker

_ZERO = Fraction(0)
_HEAD_ROWS = 10
_TRUE = {"true", "t", "yes", "1", "иә", "ия", "дұрыс", "да", "верно", "рас", "+"}
_FALSE = {"false", "f", "no", "0", "жоқ", "бұрыс", "нет", "неверно", "өтірік", "-"}
_GAP = re.compile(r"\[([^\[\]]{1,200})\]")
_FILL = {"kk": "Бос орындарды толтыр.", "ru": "Заполни пропуски.", "en": "Fill in the gaps."}

Row = Sequence[str]


class _Cells:
    """One row by the names of its columns."""

    def __init__(self, columns: Mapping[int, Tuple[str, int]], row: Row) -> None:
        self._values: Dict[str, str] = {}
        numbered: List[Tuple[int, int, str]] = []
        for at, words in enumerate(row):
            name, number = columns.get(at, ("", 0))
            if name == OPTION:
                numbered.append((number, at, words.strip()))
            elif name:
                self._values.setdefault(name, words.strip())
        self.options = [words for _, _, words in sorted(numbered)]

    def __getitem__(self, name: str) -> str:
        return self._values.get(name, "")


def read_rows(rows: Iterable[Row], name: str, damage: str = "") -> Imported:
    """The questions of a table whose first rows name its columns; a task for each topic.

    Raises ImportFailure for a table without a column of questions.
    """
    listed = [list(row) for row in rows]
    head, columns = _head(listed)
    if head < 0:
        raise ImportFailure(
            f"{name} has no row that names a column of questions; take the sheet that "
            "keruen-pack template writes."
        )
    asked = " ".join(words for row in listed[head + 1 :] for words in row)
    language = language_of_text(asked) or "en"
    stem = PurePosixPath(name).stem
    maker = TaskMaker(name, stem, language)
    if damage:
        maker.unread("", damage)
    for at, row in enumerate(listed[head + 1 :], head + 2):
        if any(words.strip() for words in row):
            _take(maker, _Cells(columns, row), at, stem)
    found = maker.imported()
    if not (found.tasks or found.unread):
        raise ImportFailure(f"{name} holds no questions below its head.")
    return found


def _head(rows: Sequence[Row]) -> Tuple[int, Mapping[int, Tuple[str, int]]]:
    for at, row in enumerate(rows[:_HEAD_ROWS]):
        columns = {
            place: found
            for place, words in enumerate(row)
            if (found := column_of(words)) is not None
        }
        if any(name == QUESTION for name, _ in columns.values()):
            return at, columns
    return -1, {}


def _take(maker: TaskMaker, cells: _Cells, at: int, stem: str) -> None:
    topic = cells[TOPIC]
    maker.begin(topic or stem, topic)
    place = f"row {at}"
    try:
        maker.add(_question(maker.bodies, cells, place))
    except Unsuited as problem:
        maker.unread(place, str(problem))


def _question(bodies: Bodies, cells: _Cells, place: str) -> Question:
    if not cells[QUESTION]:
        raise Unsuited("The question is missing.")
    kind = kind_of(cells[TYPE])
    if kind is None:
        raise Unsuited(f"There is no kind {cells[TYPE][:40]!r}; take one of the template's.")
    points = number_of(cells[POINTS]) if cells[POINTS] else ONE
    if points is None:
        raise Unsuited(f"{cells[POINTS][:20]!r} is no number of points.")
    body = _body(bodies, cells, kind or _guessed(cells))
    prompt = _FILL.get(bodies.language, _FILL["en"]) if body["kind"] == "gaps" else cells[QUESTION]
    return Question(
        name=cells[QUESTION][:80] or place,
        prompt=_markdown(prompt),
        body=body,
        points=points,
        hint=_markdown(cells[HINT]),
        solution=_markdown(cells[SOLUTION]),
    )


def _markdown(words: str) -> str:
    """Cells are Markdown already, as everywhere in a pack's source."""
    return words.replace("{{", "{ {").strip()


def _guessed(cells: _Cells) -> str:
    """The kind where the sheet names none."""
    options = [words for words in cells.options if words]
    if len(options) > 1:
        return "choices" if len(_marked(cells)) > 1 else "choice"
    if not cells[RIGHT]:
        return "gaps" if _GAP.search(cells[QUESTION]) else "text"
    if cells[RIGHT].lower() in _TRUE | _FALSE and number_of(cells[RIGHT]) is None:
        return "true-false"
    return "number" if number_of(cells[RIGHT]) is not None else "short"


def _body(bodies: Bodies, cells: _Cells, kind: str) -> Dict[str, Any]:
    options = [_markdown(words) for words in cells.options if words]
    makers: Mapping[str, Callable[[], Dict[str, Any]]] = {
        "choice": lambda: _choosing(bodies, cells, single=True),
        "choices": lambda: _choosing(bodies, cells, single=False),
        "true-false": lambda: _true_false(bodies, cells[RIGHT]),
        "number": lambda: _number(bodies, cells),
        "short": lambda: _short(bodies, cells[RIGHT]),
        "text": lambda: bodies.essay(_markdown(cells[RIGHT])),
        "file": lambda: bodies.file(_markdown(cells[RIGHT])),
        "match": lambda: _match(bodies, options),
        "order": lambda: bodies.order(options),
        "gaps": lambda: _gaps(bodies, cells[QUESTION]),
    }
    return makers[kind]()


def _true_false(bodies: Bodies, right: str) -> Dict[str, Any]:
    if right.lower() not in _TRUE | _FALSE:
        raise Unsuited(f"{right[:20]!r} is neither true nor false.")
    return bodies.true_false(right.lower() in _TRUE)


def _short(bodies: Bodies, right: str) -> Dict[str, Any]:
    return bodies.short([Accepted(one.strip(), ONE) for one in right.split("|") if one.strip()])


def _marked(cells: _Cells) -> List[int]:
    """The places of the right options: told by number, letter or their own words."""
    right = cells[RIGHT]
    whole = _place_of(right, cells.options)
    if whole is not None:
        return [whole]
    parts = [part for part in re.split(r"[;,|]", right) if part.strip()]
    found = [
        _place_of(part, cells.options) for part in (parts if len(parts) > 1 else right.split())
    ]
    places = [place for place in found if place is not None]
    return places if len(places) == len(found) else []


def _place_of(said: str, options: Sequence[str]) -> Optional[int]:
    plain = said.strip().rstrip(".)")
    folded = [words.casefold() for words in options]
    if plain and said.strip().casefold() in folded:
        return folded.index(said.strip().casefold())
    if plain.isascii() and plain.isdigit() and 1 <= int(plain) <= len(options):
        return int(plain) - 1
    if len(plain) == 1:
        for letters in ("abcdefghij", "абвгдежзик", "аәбвгғдеёж"):
            if plain.lower() in letters[: len(options)]:
                return letters.index(plain.lower())
    return None


def _choosing(bodies: Bodies, cells: _Cells, single: bool) -> Dict[str, Any]:
    right = _marked(cells)
    if not right or (single and len(right) != 1):
        raise Unsuited(f"The right answer {cells[RIGHT][:40]!r} names no option.")
    each = Fraction(1, len(right))
    options = []
    for place, words in enumerate(cells.options):
        if words:
            wrong = _ZERO if single else -each
            options.append(Option(_markdown(words), each if place in right else wrong))
    return bodies.choosing(options, single)


def _number(bodies: Bodies, cells: _Cells) -> Dict[str, Any]:
    number = number_of(cells[RIGHT])
    tolerance = number_of(cells[TOLERANCE]) if cells[TOLERANCE] else _ZERO
    if number is None or tolerance is None:
        raise Unsuited(f"{(cells[RIGHT] or cells[TOLERANCE])[:40]!r} is no number.")
    spellings = [one.strip() for one in cells[UNIT].split(";") if one.strip()]
    units = [(spellings, ONE)] if spellings else []
    return bodies.number([Key(number, abs(tolerance), ONE)], units)


def _match(bodies: Bodies, options: Sequence[str]) -> Dict[str, Any]:
    pairs: List[Tuple[str, str]] = []
    extra: List[str] = []
    for words in options:
        # A cell that begins with "=" would be a formula to Excel.
        sign = next((one for one in ("|", "->", "→", "=") if one in words), "|")
        row, found, option = words.partition(sign)
        if not found or not option.strip():
            raise Unsuited(f"{words[:40]!r} is no pair; write one | two.")
        if row.strip():
            pairs.append((_markdown(row), _markdown(option)))
        else:
            extra.append(_markdown(option))
    return bodies.match(pairs, extra)


def _gaps(bodies: Bodies, question: str) -> Dict[str, Any]:
    """Gaps in square brackets: ``[one|other]`` are typed; with a star ``[right*|wrong]`` chosen."""
    gaps: Dict[str, Dict[str, Any]] = {}

    def gap(found: re.Match[str]) -> str:
        variants = [one.strip() for one in found[1].split("|") if one.strip()]
        starred = [one for one in variants if one.endswith("*")]
        if starred:
            options = [
                Option(one.rstrip("*"), ONE if one in starred else _ZERO) for one in variants
            ]
            fields = bodies.choosing(options, single=True)
        else:
            numbers = [number_of(one) for one in variants]
            keys = [Key(one, _ZERO, ONE) for one in numbers if one is not None]
            typed = [Accepted(one, ONE) for one in variants]
            fields = bodies.number(keys) if len(keys) == len(variants) else bodies.short(typed)
        gap_id = f"gap-{len(gaps) + 1}"
        gaps[gap_id] = fields
        return token(gap_id)

    passage = _GAP.sub(gap, question)
    if not gaps:
        raise Unsuited("There is no gap in square brackets.")
    return bodies.gaps(with_gaps(_markdown(passage)), gaps, {})
