"""One assessment item of QTI as one of our questions, or several where it asks several things."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple
from xml.etree.ElementTree import Element

from content.importing import qti_interactions as kinds
from content.importing import qti_places as places
from content.importing.bodies import SCALE, Unsuited
from content.importing.html import page_of_tree
from content.importing.moodle_cloze import token, with_gaps
from content.importing.qti_interactions import Found, Reader
from content.importing.qti_scoring import Key, keys_of
from content.importing.task_maker import Question, TaskMaker
from content.items.blank import MAX_BLANKS

_ONE = Fraction(1)
_KEYED: Mapping[str, Callable[[Reader, Element, Key], Found]] = {
    "choiceInteraction": kinds.choice,
    "hottextInteraction": kinds.hottext,
    "orderInteraction": kinds.order,
    "matchInteraction": kinds.match,
    "associateInteraction": kinds.associate,
    "sliderInteraction": kinds.slider,
    "hotspotInteraction": places.hotspot,
    "selectPointInteraction": places.select_point,
    "graphicGapMatchInteraction": places.graphic_gap_match,
}
_MARKED: Mapping[str, Callable[[Reader, Element, str], Found]] = {
    "extendedTextInteraction": kinds.extended_text,
    "uploadInteraction": kinds.upload,
}
_INLINE = ("inlineChoiceInteraction", "textEntryInteraction")
_FILL = {"kk": "Бос орындарды толтыр.", "ru": "Заполни пропуски.", "en": "Fill in the gaps."}
_UNSEEN = ("rubricBlock", "templateInline", "templateBlock", "endAttemptInteraction", "stylesheet")


class _Item:
    """One item under way: gaps as tokens in its passage, and interactions outside of it."""

    def __init__(self, root: Element, reader: Reader) -> None:
        self.keys = keys_of(root)
        self.reader = reader
        self.gaps: Dict[str, Dict[str, Any]] = {}
        self.gap_keys: List[Key] = []
        self.blocks: List[Element] = []
        self.rubric = ""
        self.problems: List[str] = []
        self._passages: List[str] = []

    def key(self, interaction: Element) -> Key:
        """The key of the response that an interaction gives."""
        name = interaction.get("responseIdentifier") or ""
        return self.keys.get(name) or Key(name)

    def own(self, element: Any) -> Optional[str]:
        """What stands in the passage for an element of QTI's own."""
        name = element.tag
        if name in _INLINE:
            return self._inline(element)
        if name == "gapMatchInteraction":
            return self._tried(element)
        if name in _KEYED or name in _MARKED:
            self.blocks.append(element)
            return ""
        if name == "printedVariable":
            raise Unsuited("Its texts hold numbers that are drawn by lot.")
        if name.endswith("Interaction") and name not in _UNSEEN:
            raise Unsuited(f"There is no such kind of question here as {name[:40]!r}.")
        if name == "rubricBlock":
            return self._rubric(element)
        return "" if name in _UNSEEN or name in kinds.FEEDBACK else None

    def _rubric(self, element: Element) -> Optional[str]:
        if "candidate" in (element.get("view") or "candidate"):
            return None
        self.rubric = self.reader.markdown(element)
        return ""

    def _inline(self, element: Element) -> str:
        key = self.key(element)
        is_choice = element.tag == "inlineChoiceInteraction"
        body = (
            kinds.inline_choice(self.reader, element, key)
            if is_choice
            else kinds.text_entry(self.reader, key)
        )
        return self._gap(body, key)

    def _gap(self, body: Dict[str, Any], key: Key) -> str:
        if len(self.gaps) >= MAX_BLANKS:
            raise Unsuited(f"There are more than {MAX_BLANKS} gaps.")
        gap_id = f"gap-{len(self.gaps) + 1}"
        self.gaps[gap_id] = body
        if key not in self.gap_keys:
            self.gap_keys.append(key)
        return token(gap_id)

    def _tried(self, element: Element) -> str:
        """A part without a key must not take those that have one with it."""
        try:
            return self._gap_match(element)
        except Unsuited as problem:
            self.problems.append(str(problem))
            return ""

    def _gap_match(self, element: Element) -> str:
        key = self.key(element)
        bodies = kinds.gap_match(self.reader, element, key)

        def own(inside: Any) -> Optional[str]:
            if inside.tag == "gap":
                return self._gap(bodies[inside.get("identifier") or ""], key)
            return "" if inside.tag in ("gapText", "gapImg") else self.own(inside)

        page = page_of_tree(element, self.reader.find, own)
        return self._set_apart(page.markdown)

    def _set_apart(self, markdown: str) -> str:
        """A token for a passage of its own, which must not be escaped once more."""
        self._passages.append(markdown)
        return f"\ue0c0{len(self._passages) - 1}\ue0c1"

    def whole(self, markdown: str) -> str:
        """The text with the passages that were set apart."""
        for at, passage in enumerate(self._passages):
            markdown = markdown.replace(f"\ue0c0{at}\ue0c1", f"\n\n{passage}\n\n")
        return re.sub(r"\n{3,}", "\n\n", markdown).strip()


def add_item(
    maker: TaskMaker,
    root: Element,
    reader: Reader,
    path: str = "",
    points: Optional[Fraction] = None,
    stimulus: str = "",
) -> int:
    """Take an item into a task, as one question or more; how many arrived. The rest is listed."""
    name = " ".join((root.get("title") or root.get("identifier") or path).split()) or "?"
    try:
        questions = _questions(root, reader, name, stimulus)
    except Unsuited as problem:
        maker.unread(name, str(problem), path)
        return 0
    if points is not None:
        total = sum((one.points or _ONE for one in questions), Fraction(0))
        for one in questions:
            one.points = (one.points or _ONE) * points / total
    return sum(maker.add(one, path) for one in questions)


def _questions(root: Element, reader: Reader, name: str, stimulus: str) -> List[Question]:
    body = root.find("itemBody")
    if body is None or root.find("templateProcessing") is not None:
        raise Unsuited("It has no body, or its numbers are drawn by lot.")
    reader.feedback, solution, hint, lost = _feedback(root, reader)
    item = _Item(root, reader)
    page = page_of_tree(body, reader.find, item.own)
    text = "\n\n".join(part for part in (stimulus, item.whole(page.markdown)) if part)
    lost += page.lost
    found: List[Question] = []
    if item.gaps:
        found.append(_gaps(item, reader, name, text))
        text = ""
    for element in item.blocks:
        try:
            found.append(_block(item, element, reader, name, text))
        except Unsuited as problem:
            item.problems.append(str(problem))
    if not found:
        asks_nothing = "It asks nothing that can be answered here."
        raise Unsuited(item.problems[0] if item.problems else asks_nothing)
    lost += [f"a part of it: {problem.rstrip('.')}" for problem in item.problems]
    found[0].solution, found[0].hint = solution, hint
    found[0].lost += [one for one in dict.fromkeys([*lost, *reader.lost]) if one]
    return found


def _gaps(item: _Item, reader: Reader, name: str, text: str) -> Question:
    points = sum((key.most for key in item.gap_keys), Fraction(0))
    lost = [one for key in item.gap_keys for one in key.lost]
    bodies = {gap: dict(body) for gap, body in item.gaps.items()}
    if len({key.most for key in item.gap_keys}) > 1:
        lost.append("that the gaps are worth different points")
    for body in bodies.values():
        body.pop(SCALE, None)
    fields = reader.bodies.gaps(with_gaps(text), bodies, {})
    grouped = [key for key in item.gap_keys if not key.single and not key.mapped]
    if grouped and len(item.gap_keys) == 1:
        fields["partial"] = False
    prompt = _FILL.get(reader.bodies.language, _FILL["en"])
    return Question(name, prompt, fields, points or _ONE, lost=list(dict.fromkeys(lost)))


def _block(item: _Item, element: Element, reader: Reader, name: str, text: str) -> Question:
    if element.tag in _MARKED:
        made, points, lost = _MARKED[element.tag](reader, element, item.rubric), None, []
    else:
        key = item.key(element)
        made, points, lost = _KEYED[element.tag](reader, element, key), key.most, list(key.lost)
    prompt = "\n\n".join(part for part in (with_gaps(text), made.prompt) if part)
    return Question(name, prompt, made.body, points, lost=[*made.lost, *lost])


def _feedback(root: Element, reader: Reader) -> Tuple[Dict[str, str], str, str, List[str]]:
    """What is said to who chose something, the solution, a hint, and what is said otherwise."""
    choices = {
        one.get("identifier")
        for name in ("simpleChoice", "hottext", "inlineChoice")
        for one in root.iter(name)
    }
    by_choice: Dict[str, str] = {}
    solution, hint, lost = "", "", []
    for one in [*root.iter("modalFeedback"), *root.iter("feedbackBlock")]:
        said, name = reader.markdown(one), one.get("identifier") or ""
        if not said:
            continue
        if name in choices and one.get("showHide") != "hide":
            by_choice[name] = said
        elif "solution" in name.lower():
            solution = said
        elif "hint" in name.lower():
            hint = said
        else:
            words = " ".join(said.split())[:60]
            lost.append(f"what is said to an answer as a whole ({words!r})")
    return by_choice, solution, hint, lost
