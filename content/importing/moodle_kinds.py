"""Each kind of question of Moodle XML as the fields of one of our kinds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple
from xml.etree.ElementTree import Element

from content.importing.bodies import (
    ONE,
    Accepted,
    Bodies,
    Key,
    Option,
    Unsuited,
    negative_note,
)
from content.importing.moodle_cloze import (
    Gaps,
    bracketed_gaps,
    cloze_gaps,
    numbered_gaps,
    with_gaps,
)
from content.importing.moodle_places import dropped_words, marked_places
from content.importing.moodle_text import Keep, embedded, marked, marked_source, plain, source_of
from content.importing.safe_xml import text_of
from content.importing.shares import number_of, percent

_ZERO = Fraction(0)
WHOLE = ("correctfeedback", "incorrectfeedback", "partiallycorrectfeedback")
USUAL = {
    "your answer is correct.", "your answer is incorrect.", "your answer is partially correct.",
    "ваш ответ верный.", "ваш ответ неправильный.", "ваш ответ частично правильный.",
    "сіздің жауабыңыз дұрыс.", "сіздің жауабыңыз дұрыс емес.",
}  # fmt: skip
"""What Moodle itself puts in, and our programme says in its own words."""
_ORDER_RULES = {"0": "place", "1": "next", "5": "run"}


@dataclass
class Found:
    """Fields of a kind; the prompt where it differs from the question's text."""

    body: Dict[str, Any]
    lost: List[str] = field(default_factory=list)
    solution: str = ""
    prompt: Optional[str] = None


def _share(answer: Element) -> Fraction:
    share = percent(answer.get("fraction") or "0")
    if share is None or not -1 <= share <= 1:
        raise Unsuited(f"The grade {str(answer.get('fraction'))[:20]!r} is no percentage.")
    return share


def _options(question: Element, keep: Keep) -> Tuple[List[Option], List[str]]:
    options, lost = [], []
    style = source_of(question.find("questiontext"))[1]
    for answer in question.findall("answer"):
        words, more = marked(answer, keep, style)
        feedback, others = marked(answer.find("feedback"), keep, style)
        lost += [*more, *others]
        options.append(Option(words or "?", _share(answer), feedback))
    return options, lost


def _flag(question: Element, name: str, default: bool) -> bool:
    words = text_of(question, name).lower()
    return words in ("true", "1") if words else default


def _multichoice(bodies: Bodies, question: Element, keep: Keep) -> Found:
    options, lost = _options(question, keep)
    single = _flag(question, "single", True)
    if single:
        right, wrong = (own_words(question, name, keep, lost) for name in WHOLE[:2])
        options = [_answered(one, right if one.share == ONE else wrong) for one in options]
    note = negative_note(options, single)
    return Found(bodies.choosing(options, single), [*lost, *([note.rstrip(".")] if note else [])])


def _answered(option: Option, said: str) -> Option:
    """With what is said to any right choice, or to any wrong one."""
    if not said or 0 < option.share < ONE:
        return option
    feedback = "\n\n".join(part for part in (option.feedback, said) if part)
    return replace(option, feedback=feedback)


def own_words(question: Element, name: str, keep: Keep, lost: List[str]) -> str:
    """What is said to an answer as a whole, unless it is what Moodle puts in itself."""
    words, more = marked(question.find(name), keep)
    if " ".join(words.split()).lower() in USUAL:
        return ""
    lost += more
    return words


def _choice_set(bodies: Bodies, question: Element, keep: Keep) -> Found:
    """All or nothing: each right choice, and no other."""
    options, lost = _options(question, keep)
    right = sum(option.share > 0 for option in options)
    if not right:
        raise Unsuited("No choice is marked as right.")
    each = Fraction(1, right)
    even = [Option(one.text, each if one.share > 0 else -each, one.feedback) for one in options]
    return Found({**bodies.choosing(even, single=False), "partial": False}, lost)


def _true_false(bodies: Bodies, question: Element, keep: Keep) -> Found:
    feedback, lost, right = {"true": "", "false": ""}, [], None
    for answer in question.findall("answer"):
        words = plain(answer).lower()
        if words not in feedback:
            raise Unsuited(f"The answer {words[:20]!r} is neither true nor false.")
        feedback[words], more = marked(answer.find("feedback"), keep)
        lost += more
        if _share(answer) > 0:
            right = words == "true"
    if right is None:
        raise Unsuited("Neither true nor false is right.")
    return Found(bodies.true_false(right, feedback["true"], feedback["false"]), lost)


def _short(bodies: Bodies, question: Element, keep: Keep) -> Found:
    accepted, lost = [], []
    for answer in question.findall("answer"):
        feedback, more = marked(answer.find("feedback"), keep)
        lost += more
        accepted.append(Accepted(plain(answer), _share(answer), feedback, wildcards=True))
    return Found(bodies.short(accepted, case=_flag(question, "usecase", False)), lost)


def _numerical(bodies: Bodies, question: Element, keep: Keep) -> Found:
    keys: List[Key] = []
    lost: List[str] = []
    otherwise = ""
    for answer in question.findall("answer"):
        feedback, more = marked(answer.find("feedback"), keep)
        lost += more
        words = plain(answer) or (answer.text or "").strip()
        if words == "*":
            otherwise = feedback
            continue
        number, tolerance = number_of(words), number_of(text_of(answer, "tolerance") or "0")
        if number is None or tolerance is None:
            raise Unsuited(f"{words[:40]!r} is no number.")
        keys.append(Key(number, abs(tolerance), _share(answer), feedback))
    units, optional = _units(question, lost)
    body = bodies.number(keys, units, optional, otherwise)
    return Found(body, lost, max(keys, key=lambda key: key.share).feedback)


def _units(
    question: Element, lost: List[str]
) -> Tuple[Sequence[Tuple[Sequence[str], Fraction]], bool]:
    """Spellings and factor of each unit, and whether one may be left out."""
    if text_of(question, "showunits") == "3":
        return (), True
    units = []
    for unit in question.iter("unit"):
        multiplier = number_of(text_of(unit, "multiplier") or "1")
        name = text_of(unit, "unit_name")
        if name and multiplier:
            # Two metres are 200 centimetres there: the multiplier leads away from the key's unit.
            units.append(((name,), 1 / multiplier))
    graded = text_of(question, "unitgradingtype") in ("1", "2")
    if graded and units and number_of(text_of(question, "unitpenalty") or "1") != 1:
        lost.append("that a wrong unit costs only a part of the points; here it costs all")
    return units, not graded


def _matching(bodies: Bodies, question: Element, keep: Keep) -> Found:
    pairs, extra, lost = [], [], []
    for part in question.findall("subquestion"):
        row, more = marked(part, keep)
        answer = part.find("answer")
        option, others = marked_source(source_of(answer)[0], "html", {}, keep)
        lost += [*more, *others]
        if row:
            pairs.append((row, option))
        elif option:
            extra.append(option)
    return Found(bodies.match(pairs, extra), lost)


def _essay(bodies: Bodies, question: Element, keep: Keep) -> Found:
    rubric, lost = marked(question.find("graderinfo"), keep)
    style = text_of(question, "responseformat")
    files = (number_of(text_of(question, "attachments") or "0") or _ZERO) != 0
    template, more = marked(question.find("responsetemplate"), keep)
    lost += more
    prompt = None
    if template:
        asked, more = marked(question.find("questiontext"), keep)
        lost += more
        prompt = f"{asked}\n\n{template}"
    if style == "noinline":
        return Found(bodies.file(rubric), lost, prompt=prompt)
    if files:
        lost.append("that files may be attached to the words")
    return Found(bodies.essay(rubric), lost, prompt=prompt)


def _ordering(bodies: Bodies, question: Element, keep: Keep) -> Found:
    parts = []
    lost: List[str] = []
    for place, answer in enumerate(question.findall("answer"), 1):
        words, more = marked(answer, keep)
        lost += more
        parts.append((number_of(answer.get("fraction") or "") or Fraction(place), words or "?"))
    rule = _rule(text_of(question, "gradingtype"))
    body = bodies.order([words for _, words in sorted(parts, key=_first)], rule or "next")
    if rule == "":
        body["partial"] = False
    elif rule is None:
        lost.append("its own way to share the points among the parts")
    return Found(body, lost)


def _first(part: Tuple[Fraction, str]) -> Fraction:
    return part[0]


def _rule(words: str) -> Optional[str]:
    """Our name of the rule by which an order earns points; "" for all or nothing, None for ours."""
    named = {"ALL_OR_NOTHING": "-1", "ABSOLUTE_POSITION": "0", "RELATIVE_NEXT_EXCLUDE_LAST": "1"}
    number = named.get(words, words)
    return "" if number == "-1" else _ORDER_RULES.get(number or "0")


def _gaps(bodies: Bodies, question: Element, keep: Keep, made: Gaps) -> Found:
    passage, gaps, weights = made
    asked = question.find("questiontext")
    style = source_of(asked)[1]
    words, lost = marked_source(passage, style, embedded(asked), keep)
    fields = bodies.gaps(with_gaps(words), gaps, weights)
    return Found(fields, lost, prompt=_FILL.get(bodies.language, _FILL["en"]))


_FILL = {"kk": "Бос орындарды толтыр.", "ru": "Заполни пропуски.", "en": "Fill in the gaps."}


def _cloze(bodies: Bodies, question: Element, keep: Keep) -> Found:
    source, _ = source_of(question.find("questiontext"))
    return _gaps(bodies, question, keep, cloze_gaps(bodies, source))


def _numbered(bodies: Bodies, question: Element, keep: Keep) -> Found:
    source, _ = source_of(question.find("questiontext"))
    return _gaps(bodies, question, keep, numbered_gaps(bodies, question, source))


def _bracketed(bodies: Bodies, question: Element, keep: Keep) -> Found:
    source, _ = source_of(question.find("questiontext"))
    return _gaps(bodies, question, keep, bracketed_gaps(bodies, question, source))


def _selected(bodies: Bodies, question: Element, keep: Keep) -> Found:
    """OU's several choices: too many chosen cost, which ours do for each wrong one."""
    options, lost = _options(question, keep)
    right = sum(option.share > 0 for option in options) or 1
    each = Fraction(1, right)
    even = [Option(one.text, each if one.share > 0 else -each, one.feedback) for one in options]
    return Found(bodies.choosing(even, single=False), [*lost, "its own way to count wrong choices"])


def _markers(bodies: Bodies, question: Element, keep: Keep) -> Found:
    body, lost = marked_places(bodies, question, keep)
    return Found(body, lost)


def _drops(bodies: Bodies, question: Element, keep: Keep) -> Found:
    body, lost = dropped_words(bodies, question, keep)
    return Found(body, lost)


KINDS: Mapping[str, Callable[[Bodies, Element, Keep], Found]] = {
    "multichoice": _multichoice,
    "multichoiceset": _choice_set,
    "truefalse": _true_false,
    "shortanswer": _short,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "ddmatch": _matching,
    "essay": _essay,
    "ordering": _ordering,
    "cloze": _cloze,
    "multianswer": _cloze,
    "ddwtos": _numbered,
    "gapselect": _numbered,
    "gapfill": _bracketed,
    "oumultiresponse": _selected,
    "ddmarker": _markers,
    "ddimageortext": _drops,
}
"""Moodle's name of a kind of question to what makes our fields of it; they raise Unsuited."""
