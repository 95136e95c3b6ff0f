"""Each interaction of QTI as the fields of one of our kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple
from xml.etree.ElementTree import Element

from content.importing.bodies import (
    ONE,
    Accepted,
    Bodies,
    Option,
    Unsuited,
)
from content.importing.bodies import Key as NumberKey
from content.importing.html import Find, page_of_tree
from content.importing.qti_scoring import Key
from content.importing.shares import number_of
from content.items.blank import MAX_BLANKS

_ZERO = Fraction(0)
Pair = Tuple[str, str]


@dataclass
class Found:
    """Fields of a kind; ``prompt`` is the interaction's own."""

    body: Dict[str, Any]
    prompt: str = ""
    lost: List[str] = field(default_factory=list)


@dataclass
class Reader:
    """What reading an interaction needs: texts in a language, pictures, and feedback by choice."""

    bodies: Bodies
    find: Find
    data: Callable[[str], bytes]
    feedback: Mapping[str, str] = field(default_factory=dict)
    lost: List[str] = field(default_factory=list)

    def markdown(self, element: Optional[Element], skip: Sequence[str] = ()) -> str:
        """An element's content, without the elements named in ``skip`` and without feedback."""
        if element is None:
            return ""
        page = page_of_tree(element, self.find, lambda one: _hidden(one, skip))
        self.lost.extend(one for one in page.lost if one not in self.lost)
        return page.markdown

    def feedback_of(self, choice: Element) -> str:
        """What is said to who chose it, within the choice or after the item."""
        inside = [
            self.markdown(one)
            for one in choice.iter("feedbackInline")
            if one.get("showHide") != "hide"
        ]
        after = self.feedback.get(choice.get("identifier") or "", "")
        return "\n\n".join(part for part in (*inside, after) if part)


FEEDBACK = ("feedbackInline", "feedbackBlock", "modalFeedback")


def _hidden(element: Any, skip: Sequence[str]) -> Optional[str]:
    return "" if element.tag in FEEDBACK or element.tag in skip else None


def _whole(key: Key, body: Dict[str, Any]) -> Dict[str, Any]:
    """All points or none, where only the whole key is compared."""
    return body if key.mapped else {**body, "partial": False}


def _keyed(key: Key) -> None:
    if not (key.correct or (key.mapped and key.most > 0)):
        raise Unsuited("It has no key: no answer is said to be right.")


def _options(reader: Reader, choices: Sequence[Element], key: Key) -> List[Option]:
    return [
        Option(
            reader.markdown(choice) or choice.get("identifier") or "?",
            key.share(choice.get("identifier") or ""),
            reader.feedback_of(choice),
        )
        for choice in choices
    ]


def _choosing(reader: Reader, options: Sequence[Option], key: Key, most: str) -> Dict[str, Any]:
    single = key.single or most == "1"
    if single and not key.single:
        options = [Option(one.text, max(_ZERO, one.share), one.feedback) for one in options]
    body = reader.bodies.choosing(options, single)
    return body if single else _whole(key, body)


def choice(reader: Reader, interaction: Element, key: Key) -> Found:
    """The interaction choiceInteraction."""
    _keyed(key)
    options = _options(reader, list(interaction.iter("simpleChoice")), key)
    body = _choosing(reader, options, key, interaction.get("maxChoices") or "0")
    return Found(body, reader.markdown(interaction.find("prompt")))


def hottext(reader: Reader, interaction: Element, key: Key) -> Found:
    """hottextInteraction: the words stand in the prompt, and again as choices."""
    _keyed(key)
    options = _options(reader, list(interaction.iter("hottext")), key)
    body = _choosing(reader, options, key, interaction.get("maxChoices") or "0")
    return Found(body, reader.markdown(interaction))


def order(reader: Reader, interaction: Element, key: Key) -> Found:
    """The interaction orderInteraction."""
    _keyed(key)
    words = {
        one.get("identifier") or "": reader.markdown(one)
        for one in interaction.iter("simpleChoice")
    }
    if sorted(words) != sorted(key.correct):
        raise Unsuited("Only some of the parts are to be put in order.")
    body = reader.bodies.order([words[one] or "?" for one in key.correct])
    return Found({**body, "partial": False}, reader.markdown(interaction.find("prompt")))


def _pairs(key: Key) -> List[Pair]:
    values = key.correct or tuple(value for value, worth in key.worth.items() if worth > 0)
    if key.mapped:
        values = tuple(value for value, worth in key.worth.items() if worth > 0) or values
    found = [tuple(value.split()) for value in values]
    if any(len(pair) != 2 for pair in found):
        raise Unsuited("The key holds something that is no pair.")
    return [(pair[0], pair[1]) for pair in found]


def _uneven(key: Key) -> List[str]:
    earned = {worth for worth in key.worth.values() if worth > 0}
    lost = ["that the pairs are worth different points"] if key.mapped and len(earned) > 1 else []
    if key.mapped and (key.default < 0 or any(worth < 0 for worth in key.worth.values())):
        lost.append("that a wrong pair costs points")
    return lost


def match(reader: Reader, interaction: Element, key: Key) -> Found:
    """matchInteraction, where each row of one side has one partner."""
    _keyed(key)
    sides = [
        {
            one.get("identifier") or "": reader.markdown(one) or "?"
            for one in side.iter("simpleAssociableChoice")
        }
        for side in interaction.iter("simpleMatchSet")
    ]
    if len(sides) != 2:
        raise Unsuited("It has no two sides to match.")
    pairs = _pairs(key)
    for left, right, turned in ((0, 1, pairs), (1, 0, [(two, one) for one, two in pairs])):
        if sorted(one for one, _ in turned) == sorted(sides[left]):
            known = [(sides[left][one], sides[right].get(two, "?")) for one, two in turned]
            order_of = {one: at for at, one in enumerate(sides[left].values())}
            known.sort(key=lambda pair: order_of[pair[0]])
            extra = [words for words in sides[right].values() if words not in dict(_turned(known))]
            body = _whole(key, reader.bodies.match(known, extra))
            return Found(body, reader.markdown(interaction.find("prompt")), _uneven(key))
    raise Unsuited("Some rows have several partners, or none.")


def _turned(pairs: Sequence[Pair]) -> List[Pair]:
    return [(two, one) for one, two in pairs]


def associate(reader: Reader, interaction: Element, key: Key) -> Found:
    """associateInteraction, where nothing belongs to two pairs."""
    _keyed(key)
    words = {
        one.get("identifier") or "": reader.markdown(one) or "?"
        for one in interaction.iter("simpleAssociableChoice")
    }
    pairs = _pairs(key)
    ends = [end for pair in pairs for end in pair]
    if len(set(ends)) != len(ends) or not set(ends) <= set(words):
        raise Unsuited("Something belongs to several pairs.")
    known = [(words[one], words[two]) for one, two in pairs]
    extra = [text for name, text in words.items() if name not in ends]
    body = _whole(key, reader.bodies.match(known, extra))
    lost = ["that any two could be paired; the first of each pair is given here"]
    return Found(body, reader.markdown(interaction.find("prompt")), [*lost, *_uneven(key)])


def inline_choice(reader: Reader, interaction: Element, key: Key) -> Dict[str, Any]:
    """What inlineChoiceInteraction asks, as the fields of a gap."""
    _keyed(key)
    options = _options(reader, list(interaction.iter("inlineChoice")), key)
    return reader.bodies.choosing(options, single=True)


def text_entry(reader: Reader, key: Key) -> Dict[str, Any]:
    """What textEntryInteraction asks, as a gap of the kind "short" or "number"."""
    _keyed(key)
    values = key.worth if key.mapped else dict.fromkeys(key.correct, ONE)
    most = max(values.values(), default=ONE)
    shares = {value: max(_ZERO, worth / most) for value, worth in values.items()} if most else {}
    if key.base in ("float", "integer"):
        return reader.bodies.number([_number(value, share, key) for value, share in shares.items()])
    accepted = [Accepted(value, share) for value, share in shares.items()]
    return reader.bodies.short(accepted, case=key.case)


def _number(value: str, share: Fraction, key: Key) -> NumberKey:
    number = number_of(value)
    if number is None:
        raise Unsuited(f"{value[:40]!r} is no number.")
    mode, width = key.tolerance or ("exact", _ZERO)
    wide = abs(number) * width / 100 if mode == "relative" else width
    return NumberKey(number, wide if mode != "exact" else _ZERO, share)


def gap_match(reader: Reader, interaction: Element, key: Key) -> Dict[str, Dict[str, Any]]:
    """The interaction gapMatchInteraction as gaps by the identifiers of its own."""
    _keyed(key)
    words: Dict[str, str] = {}
    for name in ("gapText", "gapImg"):
        for one in interaction.iter(name):
            said = reader.markdown(one)
            if name == "gapImg":
                said = one.get("objectLabel") or ""
            if not said:
                raise Unsuited("Pictures are to be put into the gaps, not words.")
            words[one.get("identifier") or ""] = said
    if len(words) > MAX_BLANKS:
        raise Unsuited(f"There are more than {MAX_BLANKS} words for the gaps.")
    right = {gap: word for word, gap in _pairs(key)}
    gaps: Dict[str, Dict[str, Any]] = {}
    for gap in interaction.iter("gap"):
        name = gap.get("identifier") or ""
        if name not in right:
            raise Unsuited("A gap is to be left empty.")
        listed = dict.fromkeys(words.values())
        wanted = words.get(right[name])
        options = [Option(text, ONE if text == wanted else _ZERO) for text in listed]
        gaps[name] = reader.bodies.choosing(options, single=True)
    return gaps


def extended_text(reader: Reader, interaction: Element, rubric: str) -> Found:
    """The interaction extendedTextInteraction."""
    return Found(reader.bodies.essay(rubric), reader.markdown(interaction.find("prompt")))


def upload(reader: Reader, interaction: Element, rubric: str) -> Found:
    """The interaction uploadInteraction."""
    kind = interaction.get("type") or ""
    accept = ("photo",) if kind.startswith("image/") else ("recording",) if "audio/" in kind else ()
    body = reader.bodies.file(rubric, accept)
    return Found(body, reader.markdown(interaction.find("prompt")))


def slider(reader: Reader, interaction: Element, key: Key) -> Found:
    """sliderInteraction: the number is typed; its bounds stand in the prompt."""
    body = text_entry(reader, key)
    low, high = interaction.get("lowerBound") or "?", interaction.get("upperBound") or "?"
    asked = reader.markdown(interaction.find("prompt"))
    return Found(body, f"{asked} ({low}…{high})".strip())
