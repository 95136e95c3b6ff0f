"""Moodle's embedded answers (Cloze) and missing words, as our gaps."""

from __future__ import annotations

import re
from fractions import Fraction
from html import unescape
from typing import Any, Dict, List, Mapping, NamedTuple, Sequence, Tuple
from xml.etree.ElementTree import Element

from content.importing.bodies import ONE, Accepted, Bodies, Key, Option, Unsuited
from content.importing.html import page_of_html
from content.importing.moodle_text import plain
from content.importing.shares import number_of, percent
from content.items.blank import MAX_BLANKS

_GAP = re.compile(
    r"\{\s*(?P<weight>\d{0,3})\s*:\s*(?P<kind>[A-Z_]{2,15})\s*:(?P<answers>(?:\\.|[^{}\\]){0,9999})\}",
    re.DOTALL,
)
_ANSWER = re.compile(r"((?:\\.|[^~\\])*)(?:~|\Z)", re.DOTALL)
_PERCENT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]{0,9})?)%")
_SHORT = ("SHORTANSWER", "SA", "MW")
_SHORT_CASE = ("SHORTANSWER_C", "SAC", "MWC")
_NUMBER = ("NUMERICAL", "NM")
_ONE_OF = {
    "MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS",
    "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS",
}  # fmt: skip
_MAX_WORDS = 200
_NUMBERED = re.compile(r"\[\[(\d{1,3})\]\]")

Gaps = Tuple[str, Dict[str, Dict[str, Any]], Dict[str, int]]
"""The passage's source with tokens for gaps, the gaps' fields, and their weights."""


class _Answer(NamedTuple):
    text: str
    share: Fraction
    feedback: str


def _next(gaps: Mapping[str, object]) -> str:
    """The id of the next gap; raises Unsuited where there are more than any item may have."""
    if len(gaps) >= MAX_BLANKS:
        raise Unsuited(f"There are more than {MAX_BLANKS} gaps.")
    return f"gap-{len(gaps) + 1}"


def token(gap_id: str) -> str:
    """What stands for a gap until the passage is Markdown."""
    return f"\ue0a0{gap_id}\ue0a1"


def with_gaps(markdown: str) -> str:
    """Markdown with the gaps of our passages in place of tokens."""
    return re.sub("\ue0a0([a-z0-9-]+)\ue0a1", r"{{\1}}", markdown)


def cloze_gaps(bodies: Bodies, source: str) -> Gaps:
    """Gaps written into a text, such as ``{1:SHORTANSWER:=Astana}``; raises Unsuited."""
    gaps: Dict[str, Dict[str, Any]] = {}
    weights: Dict[str, int] = {}
    pieces: List[str] = []
    at = 0
    for found in _GAP.finditer(source):
        gap_id = _next(gaps)
        gaps[gap_id] = _gap(bodies, found["kind"], found["answers"])
        weights[gap_id] = min(100, max(1, int(found["weight"] or 1)))
        pieces += [source[at : found.start()], token(gap_id)]
        at = found.end()
    if not gaps:
        raise Unsuited("There are no embedded answers in the text.")
    return "".join([*pieces, source[at:]]), gaps, weights


def _gap(bodies: Bodies, kind: str, written: str) -> Dict[str, Any]:
    answers = [_answer(found[1]) for found in _ANSWER.finditer(written) if found[1].strip()]
    if kind in _SHORT or kind in _SHORT_CASE:
        accepted = [
            Accepted(_words(one.text), one.share, _markdown(one.feedback), wildcards=True)
            for one in answers
        ]
        return bodies.short(accepted, case=kind in _SHORT_CASE)
    if kind in _NUMBER:
        return _number(bodies, answers)
    if kind in _ONE_OF:
        options = [
            Option(_markdown(one.text) or "?", one.share, _markdown(one.feedback))
            for one in answers
        ]
        return bodies.choosing(options, single=True)
    raise Unsuited(f"A gap of the kind {kind} has several answers, which ours have not.")


def _answer(written: str) -> _Answer:
    text, share = written.strip(), Fraction(0)
    weight = _PERCENT.match(text)
    if weight:
        share = percent(weight[1]) or Fraction(0)
        text = text[weight.end() :]
    elif text.startswith("="):
        share, text = ONE, text[1:]
    words, _, feedback = re.sub(r"\\(.)", _escape, text).partition("\ue0b0")
    plain_hash = words.split("#", 1)
    if len(plain_hash) == 2:
        words, feedback = plain_hash
    return _Answer(words.replace("\ue0b1", "#"), share, feedback.replace("\ue0b1", "#"))


def _escape(found: re.Match[str]) -> str:
    return "\ue0b1" if found[1] == "#" else found[1] if found[1] in '~}"/=\\' else found[0]


def _number(bodies: Bodies, answers: Sequence[_Answer]) -> Dict[str, Any]:
    keys, otherwise = [], ""
    for one in answers:
        words = _words(one.text)
        if words == "*":
            otherwise = _markdown(one.feedback)
            continue
        key, _, margin = words.partition(":")
        number, tolerance = number_of(key), number_of(margin) if margin.strip() else Fraction(0)
        if number is None or tolerance is None:
            raise Unsuited(f"{words[:40]!r} is no number.")
        keys.append(Key(number, abs(tolerance), one.share, _markdown(one.feedback)))
    return bodies.number(keys, otherwise=otherwise)


def _words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^<>]*>", " ", html)).split())


def _markdown(html: str) -> str:
    return page_of_html(html, lambda _: None).markdown


def numbered_gaps(bodies: Bodies, question: Element, source: str) -> Gaps:
    """Gaps ``[[1]]`` filled from groups of words (ddwtos, gapselect); raises Unsuited."""
    boxes = [child for child in question if child.tag in ("dragbox", "selectoption")]
    if len(boxes) > _MAX_WORDS:
        raise Unsuited(f"There are more than {_MAX_WORDS} words for the gaps.")
    words = [_markdown(box.findtext("text") or "") or plain(box) for box in boxes]
    groups = [(box.findtext("group") or "1").strip() for box in boxes]
    gaps: Dict[str, Dict[str, Any]] = {}

    def gap(found: re.Match[str]) -> str:
        number = int(found[1])
        if not 1 <= number <= len(boxes):
            raise Unsuited(f"The gap [[{number}]] has no word that fits.")
        right, group = words[number - 1], groups[number - 1]
        listed = dict.fromkeys(one for one, own in zip(words, groups) if own == group)
        if len(listed) == 1:
            # A group of one word leaves no choice: the other words make it one.
            listed = dict.fromkeys(words)
        options = [Option(one, ONE if one == right else Fraction(0)) for one in listed]
        gap_id = _next(gaps)
        gaps[gap_id] = bodies.choosing(options, single=True)
        return token(gap_id)

    passage = _NUMBERED.sub(gap, source)
    if not gaps:
        raise Unsuited("There are no gaps in the text.")
    return passage, gaps, {}


def bracketed_gaps(bodies: Bodies, question: Element, source: str) -> Gaps:
    """Gaps that hold their answers, such as ``[cat|dog]`` (gapfill); raises Unsuited."""
    marks = (question.findtext("delimitchars") or "[]").strip()
    if len(marks) != 2:
        raise Unsuited("The marks of the gaps are not two letters.")
    inside = re.compile(
        f"{re.escape(marks[0])}([^{re.escape(marks)}]{{1,200}}){re.escape(marks[1])}"
    )
    case = (question.findtext("casesensitive") or "0").strip() == "1"
    choosing = (question.findtext("answerdisplay") or "").strip() in ("dragdrop", "dropdown")
    wrong = [plain(one) for one in question.findall("answer") if one.get("fraction") == "0"]
    listed = [_words(found[1]) for found in inside.finditer(source)]
    gaps: Dict[str, Dict[str, Any]] = {}

    def gap(found: re.Match[str]) -> str:
        right = [one.strip() for one in _words(found[1]).split("|")]
        if "!!" in right:
            raise Unsuited("A gap is to be left empty.")
        if choosing:
            options = dict.fromkeys([*listed, *wrong])
            shares = [
                Option(one, ONE if one == _words(found[1]) else Fraction(0)) for one in options
            ]
            fields = bodies.choosing(shares, single=True)
        else:
            fields = bodies.short([Accepted(one, ONE) for one in right], case)
        gap_id = _next(gaps)
        gaps[gap_id] = fields
        return token(gap_id)

    passage = inside.sub(gap, source)
    if not gaps:
        raise Unsuited("There are no gaps in the text.")
    return passage, gaps, {}
