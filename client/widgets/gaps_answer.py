"""A running text with fields in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, Sequence, Tuple, Union

from kivy.metrics import dp, sp
from kivy.properties import DictProperty

from client.widgets.blank_field import BlankLook, blank_field, show_in_blank
from client.widgets.card import Column, Row
from client.widgets.document import Document
from client.widgets.flow import Flow
from client.widgets.formula import RichText
from content.documents.document import (
    Block,
    Heading,
    ListBlock,
    Paragraph,
    Span,
    Spans,
    parse_document,
)

FIRST_MARK = 0xE000
"""Gaps stand in the Markdown as characters of Unicode's private use area."""

Piece = Union[Span, str]
"""A word or a formula, or a gap's id."""
Word = Tuple[Piece, ...]
"""What is not broken between lines: a gap and the comma behind it."""

_FONT_SP = 18


def marked(pieces: Sequence[str]) -> str:
    """The passage as Markdown in which a character stands for each gap.

    ``pieces`` are text, gap id, text, …, text.
    """
    count = len(pieces) // 2
    marks = [chr(FIRST_MARK + place) for place in range(count)]
    texts = pieces[::2]
    return "".join(text + mark for text, mark in zip(texts, [*marks, ""]))


def words_of(spans: Spans, gaps: Sequence[str]) -> List[Word]:
    """The words of a paragraph with the gaps where their marks stand."""
    words: List[Word] = []
    glued = False
    for span in spans:
        if span.formula:
            words, glued = _joined(words, (span,), glued), True
            continue
        for place, part in enumerate(span.text.replace("\n", " ").split(" ")):
            if place > 0:
                glued = False
            if part:
                words, glued = _joined(words, _pieces(span, part, gaps), glued), True
    return words


def _joined(words: List[Word], word: Word, glued: bool) -> List[Word]:
    return [*words[:-1], (*words[-1], *word)] if glued and words else [*words, word]


def _pieces(span: Span, part: str, gaps: Sequence[str]) -> Word:
    pieces: List[Piece] = []
    text = ""
    for letter in part:
        place = ord(letter) - FIRST_MARK
        if 0 <= place < len(gaps):
            pieces += [replace(span, text=text)] if text else []
            pieces.append(gaps[place])
            text = ""
        else:
            text += letter
    return (*pieces, replace(span, text=text)) if text else tuple(pieces)


class GapsAnswer(Column):
    """The passage; dispatches `on_write` with a gap and what is answered in it.

    Args:
        pieces: text, gap id, text, …, text, in Markdown.
        looks: each gap by its id.
    """

    said = DictProperty()
    __events__ = ("on_write",)

    def __init__(
        self, pieces: Sequence[str], looks: Mapping[str, BlankLook], **kwargs: Any
    ) -> None:
        super().__init__(spacing=dp(12), **kwargs)
        self._gaps = pieces[1::2]
        self._fields: Dict[str, Any] = {
            name: blank_field(look, self._write) for name, look in looks.items()
        }
        for block in parse_document(marked(pieces)):
            self._add(self, block)
        self.bind(said=lambda *_: self.show_verdicts({}))
        self.show_verdicts({})

    def show_verdicts(self, parts: Mapping[str, bool]) -> None:
        """Show the answers, those in ``parts`` as right or wrong."""
        for name, field in self._fields.items():
            show_in_blank(field, self.said.get(name, ""), parts.get(name))

    def _add(self, column: Any, block: Block) -> None:
        if isinstance(block, (Paragraph, Heading)):
            column.add_widget(self._flow(block.spans, bold=isinstance(block, Heading)))
        elif isinstance(block, ListBlock):
            for place, item in enumerate(block.items, 1):
                row = Row(spacing=dp(8))
                sign = Span(f"{place}." if block.ordered else "•")
                row.add_widget(
                    RichText(spans=(sign,), hug=True, font_size=sp(_FONT_SP), pos_hint={"top": 1})
                )
                inside = Column(spacing=dp(8), pos_hint={"top": 1})
                for one in item:
                    self._add(inside, one)
                row.add_widget(inside)
                column.add_widget(row)
        else:
            column.add_widget(Document([block], font_size=sp(_FONT_SP)))

    def _flow(self, spans: Spans, *, bold: bool) -> Flow:
        flow = Flow(gap=dp(5), centred=True)
        for word in words_of(spans, self._gaps):
            flow.add_widget(self._word(word, flow, bold=bold))
        return flow

    def _word(self, word: Word, flow: Flow, *, bold: bool) -> Any:
        if not any(isinstance(piece, str) for piece in word):
            return RichText(spans=word, hug=True, bold=bold, font_size=sp(_FONT_SP))
        if len(word) == 1:
            return self._narrowed(word[0], flow)
        row = Row(size_hint_x=None, spacing=dp(1))
        row.bind(minimum_width=row.setter("width"))
        for piece in word:
            if isinstance(piece, str):
                field = self._narrowed(piece, flow)
                field.pos_hint = {"center_y": 0.5}
                field.anchor = row
                row.add_widget(field)
            else:
                row.add_widget(
                    RichText(
                        spans=(piece,),
                        hug=True,
                        bold=bold,
                        font_size=sp(_FONT_SP),
                        pos_hint={"center_y": 0.5},
                    )
                )
        return row

    def _narrowed(self, name: Any, flow: Flow) -> Any:
        """A gap's field, never wider than the line."""
        field = self._fields[name]
        natural = field.width

        def narrow(*_: Any) -> None:
            if flow.width > dp(48):
                field.width = min(natural, flow.width - dp(24))

        flow.bind(width=narrow)
        return field

    def _write(self, name: str, text: str) -> None:
        if text != self.said.get(name, ""):
            self.dispatch("on_write", name, text)

    def on_write(self, name: str, text: str) -> None:
        """A gap's answer changed."""
