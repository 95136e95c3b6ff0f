"""Kind "gaps": a running text with gaps to fill."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator, Tuple

from content.fields import Fields
from content.items.blank import (
    MAX_BLANKS,
    Blank,
    blank_minutes,
    blank_texts,
    read_blank,
    refuse_twin_blanks,
    right_blanks,
    score_blanks,
)
from content.items.kind import Answer, Kind, Result
from content.items.reading import counted
from content.text import Text

_GAP = re.compile(r"\{\{ ?([a-z0-9][a-z0-9-]{0,63}) ?\}\}")
# LaTeX writes {{a}} too: what stands in a formula is the formula's.
_FORMULA = re.compile(r"\$\$[^$]*\$\$|\$[^$\n]*\$")


@dataclass(frozen=True)
class Gaps:
    """``passage`` is Markdown with ``{{id}}`` where a gap is, each gap once in every language."""

    passage: Text
    gaps: Tuple[Blank, ...]

    def gap(self, gap_id: str) -> Blank:
        """The gap of that id; KeyError when there is none."""
        return {gap.id: gap for gap in self.gaps}[gap_id]


def split_passage(passage: str) -> Tuple[str, ...]:
    """The passage cut at its gaps: text, gap id, text, …, text."""
    pieces, after = [""], 0
    for found in _GAP.finditer(passage):
        if any(one.start() < found.start() < one.end() for one in _FORMULA.finditer(passage)):
            continue
        pieces[-1] += passage[after : found.start()]
        pieces += [found[1], ""]
        after = found.end()
    pieces[-1] += passage[after:]
    return tuple(pieces)


def read_gaps(fields: Fields) -> Gaps:
    """The passage and its gaps; every language must hold each gap once."""
    gaps = tuple(read_blank(one) for one in counted(fields, "gap", 1, MAX_BLANKS))
    refuse_twin_blanks(fields, "gap", gaps)
    passage = fields.text("passage")
    wanted = sorted(gap.id for gap in gaps)
    for language, said in passage.items():
        there = split_passage(said)[1::2]
        for one in wanted:
            if there.count(one) != 1:
                raise fields.fail(
                    "passage", f"must hold {{{{{one}}}}} exactly once in {language}, outside of $…$"
                )
        strange = sorted(set(there) - set(wanted))
        if strange:
            raise fields.fail("passage", f"names the gap {strange[0]!r}, which is not there")
    return Gaps(passage, gaps)


def _score(body: Gaps, answer: object) -> Result:
    return score_blanks(body.gaps, answer)


def _right(body: Gaps) -> Answer:
    return right_blanks(body.gaps)


def _texts(body: Gaps) -> Iterator[Tuple[str, Text]]:
    yield "passage", body.passage
    yield from blank_texts(body.gaps)


KIND = Kind(read_gaps, _score, _right, lambda body: blank_minutes(body.gaps), _texts)
