"""What stands between the braces of a GIFT question, as the fields of one of our kinds."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Dict, List, Optional, Tuple

from content.importing.bodies import (
    ONE,
    Accepted,
    Bodies,
    Key,
    Option,
    Unsuited,
    negative_note,
)
from content.importing.gift_text import TextFormat, marked, shown
from content.importing.shares import number_of, percent

_WEIGHT = re.compile(r"\s*%\s*(-?[0-9.,]+)\s*%")
_TRUTH = {"t": True, "true": True, "f": False, "false": False}
_ZERO = Fraction(0)

Found = Tuple[Dict[str, Any], List[str], str]


def body_of(bodies: Bodies, answers: str, style: str) -> Found:
    """Fields of a kind, what could not be shown of them, and words about the right answer.

    ``answers`` have their escaped signs hidden. The order of the questions is Moodle's own. Raises
    Unsuited.
    """
    if not answers:
        return bodies.essay(), [], ""
    if answers.startswith("#"):
        return _numeric(bodies, answers[1:], style)
    if "~" in answers:
        return _choosing(bodies, answers, style)
    if "=" in answers and "->" in answers:
        return _matching(bodies, answers, style)
    said, _, comment = answers.partition("#")
    truth = _TRUTH.get(said.strip().lower())
    if truth is not None:
        return _truth(bodies, truth, comment, style)
    return _short(bodies, answers, style)


def _truth(bodies: Bodies, right: bool, comment: str, style: str) -> Found:
    wrong_words, _, right_words = comment.partition("#")
    for_wrong, lost = marked(wrong_words, style)
    for_right, more = marked(right_words.split("#", 1)[0], style)
    words = (for_right, for_wrong) if right else (for_wrong, for_right)
    return bodies.true_false(right, *words), [*lost, *more], ""


def _choosing(bodies: Bodies, answers: str, style: str) -> Found:
    single = "=" in answers
    options: List[Option] = []
    lost: List[str] = []
    for sign, answer in _answers(answers, "=~"):
        share, rest = _weighted(answer)
        if share is None:
            share = ONE if sign == "=" else _ZERO
        words, feedback, more = _with_feedback(rest, style)
        lost.extend(more)
        options.append(Option(words or "?", share, feedback))
    note = negative_note(options, single)
    return bodies.choosing(options, single), [*lost, *([note.rstrip(".")] if note else [])], ""


def _answers(answers: str, signs: str) -> List[Tuple[str, str]]:
    """Sign and text of each answer; what stands before the first sign is nothing."""
    parts = re.split(f"([{signs}])", answers)
    found = list(zip(parts[1::2], parts[2::2]))
    return [(sign, text) for sign, text in found if text.strip()]


def _weighted(answer: str) -> Tuple[Optional[Fraction], str]:
    found = _WEIGHT.match(answer)
    if not found:
        return None, answer
    share = percent(found[1])
    if share is None or not -1 <= share <= 1:
        raise Unsuited(f"The weight {found[1][:20]} % is none from -100 to 100.")
    return share, answer[found.end() :]


def _with_feedback(answer: str, style: str) -> Tuple[str, str, List[str]]:
    words, _, feedback = answer.partition("#")
    own, words = TextFormat.of(words, style)
    said, lost = marked(words, own)
    feedback_style, feedback = TextFormat.of(feedback, own)
    answered, more = marked(feedback, feedback_style)
    return said, answered, [*lost, *more]


def _matching(bodies: Bodies, answers: str, style: str) -> Found:
    pairs: List[Tuple[str, str]] = []
    extra: List[str] = []
    lost: List[str] = []
    for _, answer in _answers(answers, "="):
        left, arrow, right = answer.partition("->")
        if not arrow:
            raise Unsuited("A pair lacks its ->.")
        own, left = TextFormat.of(left, style)
        row, more = marked(left, own)
        option, _ = marked(right.split("#", 1)[0], TextFormat.PLAIN)
        lost.extend(more)
        if row:
            pairs.append((row, option))
        elif option:
            extra.append(option)
    return bodies.match(pairs, extra), lost, ""


def _short(bodies: Bodies, answers: str, style: str) -> Found:
    accepted: List[Accepted] = []
    lost: List[str] = []
    listed = answers if answers.startswith("=") else f"={answers}"
    for _, answer in _answers(listed, "="):
        share, rest = _weighted(answer)
        words, _, feedback = rest.partition("#")
        said, more = marked(feedback, style)
        lost.extend(more)
        plain = shown(TextFormat.of(words, style)[1])
        accepted.append(Accepted(plain, ONE if share is None else share, said, wildcards=True))
    return bodies.short(accepted), lost, ""


def _numeric(bodies: Bodies, answers: str, style: str) -> Found:
    keys: List[Key] = []
    lost: List[str] = []
    otherwise: List[str] = []
    listed = answers if answers.lstrip().startswith(("=", "~")) else f"={answers}"
    for sign, answer in _answers(listed, "=~"):
        share, rest = _weighted(answer)
        words, _, feedback = rest.partition("#")
        said, more = marked(feedback, style)
        lost.extend(more)
        if sign == "~" or shown(words) in ("*", ""):
            otherwise.append(said)
            continue
        number, tolerance = _range(shown(words))
        keys.append(Key(number, tolerance, ONE if share is None else share, said))
    body = bodies.number(keys, otherwise="\n\n".join(filter(None, otherwise)))
    return body, lost, max(keys, key=lambda key: key.share).feedback


def _range(words: str) -> Tuple[Fraction, Fraction]:
    """A number and its tolerance: ``5:0.1``, ``4.9..5.1`` or ``5``."""
    low, dots, high = words.partition("..")
    first, last = number_of(low), number_of(high)
    if dots and first is not None and last is not None:
        return (first + last) / 2, abs(last - first) / 2
    key, colon, margin = words.partition(":")
    number, tolerance = number_of(key), number_of(margin) if colon and margin.strip() else _ZERO
    if number is None or tolerance is None:
        raise Unsuited(f"{words[:40]!r} is no number; write 5, 5:0.1 or 4.9..5.1.")
    return number, abs(tolerance)
