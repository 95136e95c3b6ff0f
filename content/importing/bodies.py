"""The fields of each kind of question, made of what other systems say about theirs.

Shares are of the item's points: 1 is everything, -1 takes everything away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from content.importing.naming import identifier
from content.importing.shares import near, said
from content.text import Text

Fields = Dict[str, Any]
ONE = Fraction(1)
SCALE = "scale"
"""Among a body's fields: what part of the item's points its best answer is worth, where not all."""


class Unsuited(Exception):  # noqa: N818 - a question that we have no kind for, not a fault
    """A question that none of our kinds can hold; the text says why."""


@dataclass(frozen=True)
class Option:
    """What may be chosen; ``text`` and ``feedback`` are Markdown."""

    text: str
    share: Fraction
    feedback: str = ""


@dataclass(frozen=True)
class Accepted:
    """A variant of a short answer, in plain words; ``*`` is any run of letters if ``wildcards``."""

    text: str
    share: Fraction
    feedback: str = ""
    wildcards: bool = False


@dataclass(frozen=True)
class Key:
    """A number that is worth something, and how far from it an answer may be."""

    number: Fraction
    tolerance: Fraction
    share: Fraction
    feedback: str = ""


class Bodies:
    """Makes fields whose texts are in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def text(self, said_: str) -> Text:
        """Words in the language."""
        return {self.language: said_}

    def choosing(self, options: Sequence[Option], single: bool) -> Fields:
        """Kind "choice" where only one may be chosen, else "choices"."""
        right = [option.share for option in options if option.share > 0]
        best = (max(right) if single else min(ONE, sum(right, Fraction(0)))) if right else ONE
        if not right:
            raise Unsuited("No choice is marked as right.")
        if best < ONE:
            options = [replace(option, share=near(option.share / best)) for option in options]
        first = next((at for at, option in enumerate(options) if option.share == ONE), -1)
        plain = _usual(options, single)
        taken: set[str] = set()
        choices = []
        for at, option in enumerate(options):
            choice: Fields = {"id": identifier(_letter(at), taken, "choice")}
            if (at == first) if single else option.share > 0:
                choice["correct"] = True
            choice["text"] = self.text(option.text)
            if not plain and option.share:
                choice["share"] = said(option.share)
            if option.feedback:
                choice["feedback"] = self.text(option.feedback)
            choices.append(choice)
        return _scaled({"kind": "choice" if single else "choices", "choice": choices}, best)

    def short(self, accepted: Sequence[Accepted], case: bool = False) -> Fields:
        """Kind "short"."""
        whole = [one for one in accepted if one.text.strip() and one.text.strip() != "*"]
        others = [one for one in accepted if one.text.strip() == "*"]
        if any(one.share > 0 for one in others):
            raise Unsuited("Any answer at all is worth points.")
        best = _best([one.share for one in whole])
        if best < ONE:
            whole = [replace(one, share=near(one.share / best)) for one in whole]
        fields: Fields = _scaled({"kind": "short"}, best)
        if case:
            fields["case"] = True
        fields["accept"] = [self._accepted(one, "text") for one in whole if one.share > 0]
        wrong = [self._accepted(one, "answer") for one in whole if one.share <= 0]
        if wrong:
            fields["when"] = wrong
        return self._with_otherwise(fields, [one.feedback for one in others])

    def _accepted(self, one: Accepted, name: str) -> Fields:
        fields: Fields = {name: one.text.strip()}
        if 0 < one.share < 1:
            fields["share"] = said(one.share)
        if one.wildcards and "*" in one.text:
            fields["wildcards"] = True
        if one.feedback:
            fields["feedback"] = self.text(one.feedback)
        return fields

    def number(
        self,
        keys: Sequence[Key],
        units: Sequence[Tuple[Sequence[str], Fraction]] = (),
        unit_optional: bool = False,
        otherwise: str = "",
    ) -> Fields:
        """Kind "number"; ``units`` are spellings of one unit and its factor each."""
        best = _best([key.share for key in keys])
        keys = [replace(key, share=near(key.share / best)) for key in keys]
        main = next(key for key in keys if key.share == ONE)
        fields: Fields = _scaled({"kind": "number", "answer": said(main.number)}, best)
        if main.tolerance:
            fields["tolerance"] = said(main.tolerance)
        if units:
            fields["unit"] = [
                {"spellings": list(spellings), "factor": said(factor)}
                for spellings, factor in units
            ]
            if unit_optional:
                fields["unit_optional"] = True
        cases = [self._case(key) for key in keys if key is not main]
        if cases:
            fields["when"] = cases
        return self._with_otherwise(fields, [otherwise])

    def _case(self, key: Key) -> Fields:
        fields: Fields = {"answer": said(key.number)}
        if key.tolerance:
            fields["tolerance"] = said(key.tolerance)
        if key.share > 0:
            fields["share"] = said(min(ONE, key.share))
        if key.feedback:
            fields["feedback"] = self.text(key.feedback)
        return fields

    def _with_otherwise(self, fields: Fields, feedback: Sequence[str]) -> Fields:
        words = "\n\n".join(one for one in feedback if one)
        if words:
            fields["otherwise"] = self.text(words)
        return fields

    def match(self, pairs: Sequence[Tuple[str, str]], extra: Sequence[str] = ()) -> Fields:
        """Kind "match": what belongs to what, and options that belong to nothing."""
        ids: Dict[str, str] = {}
        for option in [*(pair[1] for pair in pairs), *extra]:
            ids.setdefault(option, _letter(len(ids)))
        return {
            "kind": "match",
            "row": [
                {"id": f"row-{at}", "text": self.text(row), "match": ids[option]}
                for at, (row, option) in enumerate(pairs, 1)
            ],
            "option": [{"id": one, "text": self.text(words)} for words, one in ids.items()],
        }

    def order(self, parts: Sequence[str], by: str = "next") -> Fields:
        """Kind "order": the parts in their right order."""
        listed = [{"id": _letter(at), "text": self.text(words)} for at, words in enumerate(parts)]
        fields: Fields = {"kind": "order", "part": listed}
        if by != "next":
            fields["by"] = by
        return fields

    def gaps(self, passage: str, gaps: Mapping[str, Fields], weights: Mapping[str, int]) -> Fields:
        """Kind "gaps": ``passage`` holds ``{{id}}`` for each of ``gaps``."""
        listed: List[Fields] = []
        for gap_id, body in gaps.items():
            if SCALE in body:
                raise Unsuited(f"No answer to {gap_id} is worth all its points.")
            gap: Fields = {"id": gap_id, **body}
            if weights.get(gap_id, 1) != 1:
                gap["weight"] = weights[gap_id]
            listed.append(gap)
        return {"kind": "gaps", "passage": self.text(passage), "gap": listed}

    def essay(self, rubric: str = "") -> Fields:
        """Kind "text"."""
        return {"kind": "text", **({"rubric": self.text(rubric)} if rubric else {})}

    def file(self, rubric: str = "", accept: Sequence[str] = ()) -> Fields:
        """Kind "file"."""
        fields: Fields = {"kind": "file"}
        if accept:
            fields["accept"] = list(accept)
        return {**fields, **({"rubric": self.text(rubric)} if rubric else {})}

    def true_false(self, right: bool, if_true: str = "", if_false: str = "") -> Fields:
        """Kind "choice" between true and false."""
        yes, no = _TRUTH.get(self.language, _TRUTH["en"])
        shares = (ONE, Fraction(0)) if right else (Fraction(0), ONE)
        options = (Option(yes, shares[0], if_true), Option(no, shares[1], if_false))
        return self.choosing(options, single=True)


_TRUTH = {"kk": ("Дұрыс", "Бұрыс"), "ru": ("Верно", "Неверно"), "en": ("True", "False")}


def _scaled(fields: Fields, best: Fraction) -> Fields:
    return fields if best == ONE else {**fields, SCALE: best}


def _best(shares: Sequence[Fraction]) -> Fraction:
    best = max(shares, default=Fraction(0))
    if best <= 0:
        raise Unsuited("No answer is worth any points.")
    return best


def _usual(options: Sequence[Option], single: bool) -> bool:
    """Whether our usual rule gives the same points, so that no shares need be written."""
    right = [option.share for option in options if option.share > 0]
    wrong = [option.share for option in options if option.share <= 0]
    if single:
        return len(right) == 1 and not any(wrong)
    each = Fraction(1, len(right))
    return all(one == each for one in right) and all(one == -each for one in wrong)


def _letter(at: int) -> str:
    return chr(ord("a") + at) if at < 26 else f"x{at + 1}"


def negative_note(options: Sequence[Option], single: bool) -> Optional[str]:
    """What to tell about choices that take away more than a question gives."""
    if single and any(option.share < 0 for option in options):
        return "A wrong choice costs nothing here, where it took points away there."
    return None
