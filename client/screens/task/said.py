"""An answer as it is read after handing in: a line for each part, with what was right."""

from __future__ import annotations

from dataclasses import replace
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Iterator,
    Mapping,
    NamedTuple,
    Optional,
    Tuple,
)

from content.documents.document import Paragraph, Span, Spans, parse_document
from content.items.blank import Blank
from content.items.gaps import split_passage

if TYPE_CHECKING:
    from content.task import Item
    from content.text import Text

Choose = Callable[["Text"], str]


class Line(NamedTuple):
    """One part of an answer.

    ``label`` names the part, ``said`` is what was answered (empty: nothing). ``right`` is None
    where nothing was answered or nobody has judged. ``key`` is what would have been right, empty
    where the answer is.
    """

    label: Spans
    said: Spans
    right: Optional[bool]
    key: Spans


def lines_of(
    choose: Choose, item: Item, answer: object, parts: Mapping[str, bool]
) -> Tuple[Line, ...]:
    """The parts of an answer, in the order of the question; () for kinds without parts."""
    builder = _LINES.get(item.kind)
    return () if builder is None else tuple(builder(choose, item.body, answer, parts))


def key_spans(choose: Choose, item: Item) -> Spans:
    """The right answer in words; empty where only a teacher knows it."""
    if item.kind in ("choice", "choices"):
        right = [choice for choice in item.choices if choice.correct]
        return _joined([_spans(choose, choice.text) for choice in right], "\n")
    if item.kind == "order":
        return _joined([_spans(choose, part.text) for part in item.body.parts], "\n")
    key = item.right_answer
    if item.kind == "short":
        return (Span(_short_key(choose, item.body)),)
    return (Span(key),) if isinstance(key, str) else ()


def filled_passage(choose: Choose, item: Item, answer: object) -> Spans:
    """The running text with a number and the answer where each gap is."""
    pieces = split_passage(choose(item.body.passage))
    given = _given(answer)
    spans: Tuple[Span, ...] = ()
    numbers = {gap.id: place for place, gap in enumerate(item.body.gaps, 1)}
    for place, piece in enumerate(pieces):
        if place % 2:
            said = _joined([_said(choose, item.body.gap(piece), given.get(piece, ""))], "")
            words = tuple(replace(span, bold=True) for span in said)
            spans += (Span(f"({numbers[piece]}) ", bold=True), *(words or (Span("____"),)))
        else:
            lead = " " if piece[:1] == " " else ""
            tail = " " if piece[-1:] == " " else ""
            spans += (Span(lead), *_plain(piece.strip(" ")), Span(tail))
    return spans


def _plain(markdown: str) -> Spans:
    spans: Tuple[Span, ...] = ()
    for block in parse_document(markdown):
        if isinstance(block, Paragraph):
            spans += ((Span("\n"),) if spans else ()) + block.spans
    return spans


def _given(answer: object) -> Mapping[str, str]:
    return answer if isinstance(answer, Mapping) else {}


def _spans(choose: Choose, text: Text) -> Spans:
    return _plain(choose(text))


def _joined(many: Any, between: str) -> Spans:
    spans: Tuple[Span, ...] = ()
    for one in many:
        spans += ((Span(between),) if spans and between else ()) + tuple(one)
    return spans


def _order(choose: Choose, body: Any, answer: object, parts: Mapping[str, bool]) -> Iterator[Line]:
    texts = {part.id: part.text for part in body.parts}
    given = [one for one in answer if one in texts] if isinstance(answer, (list, tuple)) else []
    for place, part in enumerate(given, 1):
        yield Line((Span(f"{place}."),), _spans(choose, texts[part]), parts.get(part), ())


def _match(choose: Choose, body: Any, answer: object, parts: Mapping[str, bool]) -> Iterator[Line]:
    given, options = _given(answer), {option.id: option.text for option in body.options}
    for row in body.rows:
        right = parts.get(row.id)
        said = options.get(given.get(row.id, ""))
        yield Line(
            (*_spans(choose, row.text), Span(":")),
            _spans(choose, said) if said else (),
            right,
            () if right else _spans(choose, options[row.match]),
        )


def _gaps(choose: Choose, body: Any, answer: object, parts: Mapping[str, bool]) -> Iterator[Line]:
    for place, gap in enumerate(body.gaps, 1):
        yield _blank_line(choose, (Span(f"({place})"),), gap, _given(answer), parts)


def _table(choose: Choose, body: Any, answer: object, parts: Mapping[str, bool]) -> Iterator[Line]:
    for row in body.rows:
        for column, cell in zip(body.columns, row.cells):
            if isinstance(cell, Blank):
                names = [_spans(choose, text) for text in (row.head, column) if text]
                label = (*_joined(names, " | "), Span(":"))
                yield _blank_line(choose, label, cell, _given(answer), parts)


def _place(choose: Choose, body: Any, answer: object, parts: Mapping[str, bool]) -> Iterator[Line]:
    for place, area in enumerate(body.areas, 1):
        label = (Span(f"{place}. "), *_spans(choose, area.text))
        marked = area.id in _given(answer)
        yield Line(label, (), parts.get(area.id) if marked else None, ())


def _blank_line(
    choose: Choose, label: Spans, blank: Blank, given: Mapping[str, str], parts: Mapping[str, bool]
) -> Line:
    right = parts.get(blank.id)
    key = () if right else _blank_key(choose, blank)
    return Line(label, _said(choose, blank, given.get(blank.id, "")), right, key)


def _said(choose: Choose, blank: Blank, said: str) -> Spans:
    if blank.kind == "choice":
        texts = {choice.id: choice.text for choice in blank.body.choices}
        return _spans(choose, texts[said]) if said in texts else ()
    return (Span(said),) if said.strip() else ()


def _blank_key(choose: Choose, blank: Blank) -> Spans:
    if blank.kind == "choice":
        return _said(choose, blank, blank.body.correct_ids[0])
    if blank.kind == "short":
        return (Span(_short_key(choose, blank.body)),)
    from content.items.number import right_number

    return (Span(str(right_number(blank.body))),)


def _short_key(choose: Choose, body: Any) -> str:
    full = next(one for one in body.accepted if one.share == 1)
    return choose(full.text) if full.text else full.spellings[0]


_LINES: Dict[str, Callable[[Choose, Any, object, Mapping[str, bool]], Iterator[Line]]] = {
    "order": _order,
    "match": _match,
    "gaps": _gaps,
    "table": _table,
    "place": _place,
}
