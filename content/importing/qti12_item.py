"""One item of QTI 1.2 as one of our questions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple
from xml.etree.ElementTree import Element

from content.importing.bodies import ONE, Accepted, Bodies, Key, Option, Unsuited
from content.importing.html import Find, page_of_html
from content.importing.moodle_cloze import token, with_gaps
from content.importing.qti12_rules import Rule, rules_of
from content.importing.shares import near, number_of
from content.importing.task_maker import Question
from content.items.blank import MAX_BLANKS

_ZERO = Fraction(0)
_RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")
_BY_HAND = ("essay_question", "cc.essay.v0p1")
_FILL = {"kk": "Бос орындарды толтыр.", "ru": "Заполни пропуски.", "en": "Fill in the gaps."}
_MAX_RULES = 1_000
_MAX_LABELS = 100
_WHOLE = ("correct_fb", "general_incorrect_fb", "incorrect_fb")


@dataclass
class Texts:
    """Texts of an item as Markdown, with what of them could not be shown."""

    bodies: Bodies
    find: Find
    lost: List[str] = field(default_factory=list)

    def markdown(self, html: str) -> str:
        """HTML as Markdown."""
        page = page_of_html(html, self.find)
        self.lost.extend(page.lost)
        return page.markdown

    def of(self, element: Element) -> str:
        """All material within an element."""
        return self.markdown(self._html(element, skip=()))

    def asked(self, item: Element) -> str:
        """The HTML of what is asked, with a token where a typed answer stands among words."""
        presentation = item.find("presentation")
        if presentation is None:
            return ""
        return self._html(presentation, skip=_RESPONSES)

    def _html(self, element: Element, skip: Sequence[str]) -> str:
        parts: List[str] = []
        for child in element:
            if child.tag in skip:
                parts.append(token(f"r-{child.get('ident') or ''}"))
            elif child.tag == "mattext":
                parts.append(_mattext(child))
            elif child.tag == "matimage":
                parts.append(f'<img src="{child.get("uri") or ""}" alt="">')
            elif child.tag in ("mataudio", "matvideo", "matapplet", "matapplication"):
                parts.append(f"<{'audio' if child.tag == 'mataudio' else 'video'}/>")
            elif isinstance(child.tag, str):
                parts.append(self._html(child, skip))
        return " ".join(part for part in parts if part)


def without_tokens(asked: str) -> str:
    """What is asked without the places of typed answers."""
    return re.sub("\ue0a0r-.*?\ue0a1", "", asked)


def _mattext(element: Element) -> str:
    text = "".join(element.itertext())
    if (element.get("texttype") or "text/plain").lower() == "text/html":
        return text
    if re.search(r"</?[a-z]+[\s/>]|&[a-z]+;", text):
        return text
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return escaped.replace("\n", "<br>") if text.strip() else ""


def question_of(item: Element, metadata: Mapping[str, str], texts: Texts, name: str) -> Question:
    """The question of an item; raises Unsuited."""
    kind = metadata.get("question_type") or metadata.get("cc_profile") or ""
    asked = texts.asked(item)
    prompt = texts.markdown(without_tokens(asked))
    reader = _Item(item, kind, texts, asked)
    body = reader.body()
    if body["kind"] == "gaps":
        prompt = _FILL.get(texts.bodies.language, _FILL["en"])
    return Question(
        name=name,
        prompt=prompt,
        body=body,
        hint=reader.hint,
        solution=reader.solution,
        lost=reader.lost,
    )


class _Item:
    """One item: its responses, its rules and its feedback."""

    def __init__(self, item: Element, kind: str, texts: Texts, asked: str) -> None:
        self._texts = texts
        self._kind = kind
        self._asked = asked
        self.lost: List[str] = []
        self._rules = rules_of(item)
        if len(self._rules) > _MAX_RULES:
            raise Unsuited(f"It has more than {_MAX_RULES} rules.")
        presentation = item.find("presentation")
        self._responses = (
            [one for one in presentation.iter() if one.tag in _RESPONSES]
            if presentation is not None
            else []
        )
        if len(self._responses) > MAX_BLANKS:
            raise Unsuited(f"It asks for more than {MAX_BLANKS} answers.")
        self.solution, self.hint = "", ""
        self._said: Dict[str, str] = {}
        for feedback in item.findall("itemfeedback"):
            self._take_feedback(feedback)

    def _take_feedback(self, feedback: Element) -> None:
        name, said = feedback.get("ident") or "", self._texts.of(feedback)
        if feedback.find("solution") is not None or name in ("general_fb", "solution"):
            self.solution = said
        elif feedback.find("hint") is not None or name == "hint":
            self.hint = said
        else:
            self._said[name] = said

    def body(self) -> Dict[str, Any]:
        """The fields of our kind; raises Unsuited."""
        if self._kind == "file_upload_question":
            return self._texts.bodies.file()
        if self._kind == "calculated_question":
            raise Unsuited("Its numbers are drawn by lot.")
        if any(one.tag in ("response_xy", "response_grp") for one in self._responses):
            raise Unsuited(f"There is no such kind of question here as {self._kind[:40]!r}.")
        chosen = [one for one in self._responses if one.tag == "response_lid"]
        typed = [one for one in self._responses if one.tag in ("response_str", "response_num")]
        scored = [rule for rule in self._rules if rule.share and rule.values]
        if self._kind in _BY_HAND or (typed and not chosen and not scored):
            return self._texts.bodies.essay()
        if len(chosen) > 1 and not typed:
            return self._several(chosen)
        if len(chosen) == 1 and not typed:
            return self._choosing(chosen[0])
        if typed and not chosen:
            return self._typed(typed)
        raise Unsuited("It mixes ways to answer, or has none.")

    def _scored(self, response: Element) -> List[Rule]:
        name = response.get("ident") or ""
        return [
            rule
            for rule in self._rules
            if rule.share is not None and any(test.response == name for test in rule.tests)
        ]

    def _feedback(self, response: Element, value: str) -> str:
        """What is said to one answer."""
        name = response.get("ident") or ""
        said = [
            self._said[link]
            for rule in self._rules
            for link in rule.feedback
            if link in self._said
            and link not in _WHOLE
            and [(test.response, test.value) for test in rule.values] == [(name, value)]
        ]
        return "\n\n".join(dict.fromkeys(one for one in said if one))

    def _choosing(self, response: Element) -> Dict[str, Any]:
        labels = list(response.iter("response_label"))[: _MAX_LABELS + 1]
        words = [(one.get("ident") or "", self._texts.of(one) or "?") for one in labels]
        single = (response.get("rcardinality") or "Single").lower() != "multiple"
        rules = self._scored(response)
        if (response.get("rcardinality") or "").lower() == "ordered":
            return self._order(dict(words), rules)
        if single:
            shares = {
                rule.values[0].value: near(_bounded(rule.share))
                for rule in reversed(rules)
                if len(rule.values) == 1
            }
            options = [
                Option(text, shares.get(name, _ZERO), self._with_whole(response, name, shares))
                for name, text in words
            ]
            return self._texts.bodies.choosing(options, single=True)
        return self._multiple(response, words, rules)

    def _order(self, words: Mapping[str, str], rules: Sequence[Rule]) -> Dict[str, Any]:
        full = next((rule for rule in rules if (rule.share or _ZERO) >= 1), None)
        right = [test.value for test in full.values] if full else []
        if sorted(right) != sorted(words):
            raise Unsuited("It does not say the whole right order.")
        return {**self._texts.bodies.order([words[one] for one in right]), "partial": False}

    def _with_whole(self, response: Element, name: str, shares: Mapping[str, Fraction]) -> str:
        """What is said to a choice, and to right or wrong ones as such."""
        whole = "correct_fb" if shares.get(name, _ZERO) == ONE else "general_incorrect_fb"
        parts = (self._feedback(response, name), self._said.get(whole, ""))
        return "\n\n".join(part for part in parts if part)

    def _multiple(
        self, response: Element, words: Sequence[Tuple[str, str]], rules: Sequence[Rule]
    ) -> Dict[str, Any]:
        self._tell_whole()
        adding = {
            rule.values[0].value: _bounded(rule.share)
            for rule in rules
            if rule.adds and len(rule.values) == 1
        }
        full = next((rule for rule in rules if rule.share and rule.share >= 1), None)
        if adding and (full is None or full.adds):
            shares = {name: near(share) for name, share in adding.items()}
        elif full is not None:
            right = {test.value for test in full.values}
            each = Fraction(1, max(1, len(right)))
            shares = {name: each if name in right else -each for name, _ in words}
        else:
            raise Unsuited("It has no key: no answer is said to be right.")
        options = [
            Option(text, shares.get(name, _ZERO), self._feedback(response, name))
            for name, text in words
        ]
        body = self._texts.bodies.choosing(options, single=False)
        # Canvas shares the points among the choices, whatever the rule in the file says.
        whole = not adding and self._kind != "multiple_answers_question"
        return {**body, "partial": False} if whole else body

    def _tell_whole(self) -> None:
        said = [self._said[name] for name in _WHOLE if self._said.get(name)]
        if said:
            self.lost.append(f"what is said to an answer as a whole ({said[0][:60]!r})")

    def _several(self, responses: Sequence[Element]) -> Dict[str, Any]:
        """Several menus: gaps where their names stand in the text, else pairs."""
        self._tell_whole()
        names = [(one.get("ident") or "").replace("response_", "", 1) for one in responses]
        if all(f"[{name}]" in self._asked for name in names):
            return self._menus(responses, names)
        pairs: List[Tuple[str, str]] = []
        extra: List[str] = []
        for response in responses:
            material = response.find("material")
            row = self._texts.of(material) if material is not None else ""
            labels = {
                one.get("ident") or "": self._texts.of(one)
                for one in response.iter("response_label")
            }
            right = self._right(response)
            if not row:
                self.lost.append("a row without words")
                continue
            if right not in labels:
                raise Unsuited("A row has no partner.")
            pairs.append((row, labels[right]))
            extra.extend(text for text in labels.values() if text)
        known = {option for _, option in pairs}
        left_over = list(dict.fromkeys(text for text in extra if text not in known))
        return self._texts.bodies.match(pairs, left_over)

    def _right(self, response: Element) -> str:
        name = response.get("ident")
        values = [
            test.value
            for rule in self._scored(response)
            for test in rule.values
            if (rule.share or _ZERO) > 0 and test.response == name
        ]
        return values[0] if values else ""

    def _menus(self, responses: Sequence[Element], names: Sequence[str]) -> Dict[str, Any]:
        passage = without_tokens(self._asked)
        gaps: Dict[str, Dict[str, Any]] = {}
        for at, (response, name) in enumerate(zip(responses, names), 1):
            rules = self._scored(response)
            own = response.get("ident")
            right = {
                test.value
                for rule in rules
                for test in rule.values
                if (rule.share or _ZERO) > 0 and test.response == own
            }
            labels = list(response.iter("response_label"))
            gap_id = f"gap-{at}"
            passage = passage.replace(f"[{name}]", token(gap_id), 1)
            if self._kind == "fill_in_multiple_blanks_question":
                # There, every variant that is listed is right.
                accepted = [
                    Accepted(
                        _plain(self._texts.of(one)),
                        ONE,
                        self._feedback(response, str(one.get("ident"))),
                    )
                    for one in labels
                ]
                gaps[gap_id] = self._texts.bodies.short(accepted)
                continue
            options = [
                Option(
                    self._texts.of(one) or "?",
                    ONE if one.get("ident") in right else _ZERO,
                    self._feedback(response, str(one.get("ident"))),
                )
                for one in labels
            ]
            gaps[gap_id] = self._texts.bodies.choosing(options, single=True)
        return self._texts.bodies.gaps(with_gaps(self._texts.markdown(passage)), gaps, {})

    def _typed(self, responses: Sequence[Element]) -> Dict[str, Any]:
        self._tell_whole()
        if len(responses) == 1:
            return self._entry(responses[0])
        passage = self._asked
        gaps: Dict[str, Dict[str, Any]] = {}
        for at, response in enumerate(responses, 1):
            gap_id = f"gap-{at}"
            mark = token(f"r-{response.get('ident') or ''}")
            passage = passage.replace(mark, token(gap_id), 1)
            gaps[gap_id] = {k: v for k, v in self._entry(response).items() if k != "scale"}
        return self._texts.bodies.gaps(with_gaps(self._texts.markdown(passage)), gaps, {})

    def _entry(self, response: Element) -> Dict[str, Any]:
        rules = [rule for rule in self._scored(response) if (rule.share or _ZERO) > 0]
        best = max((rule.share or _ZERO for rule in rules), default=_ZERO)
        if not rules or not best:
            raise Unsuited("It has no key: no answer is said to be right.")
        keys = [self._number(rule, response, best) for rule in rules]
        hows = {test.how for rule in rules for test in rule.values}
        fib = next(iter(response.iter("render_fib")), None)
        numeric = hows & {"vargte", "varlte", "vargt", "varlt"} or (
            fib is not None and (fib.get("fibtype") or "") in ("Decimal", "Integer")
        )
        numeric = numeric or self._kind == "numerical_question" or response.tag == "response_num"
        if numeric:
            return self._texts.bodies.number([key for key in keys if key is not None])
        accepted = [
            Accepted(
                f"*{test.value}*" if test.how in ("varsubset", "varsubstring") else test.value,
                near((rule.share or _ZERO) / best),
                self._feedback(response, test.value),
                wildcards=test.how != "varequal",
            )
            for rule in rules
            for test in rule.values
            if test.response == response.get("ident")
        ]
        case = all(test.case for rule in rules for test in rule.values)
        return self._texts.bodies.short(accepted, case)

    def _number(self, rule: Rule, response: Element, best: Fraction) -> Optional[Key]:
        share = near((rule.share or _ZERO) / best)
        tests = [test for test in rule.values if test.response == response.get("ident")]
        values = {test.how: number_of(test.value) for test in tests}
        low, high = (
            values.get("vargte", values.get("vargt")),
            values.get("varlte", values.get("varlt")),
        )
        said = self._feedback(response, tests[0].value) if tests else ""
        if low is not None and high is not None:
            return Key((low + high) / 2, abs(high - low) / 2, share, said)
        exact = values.get("varequal")
        return None if exact is None else Key(exact, _ZERO, share, said)


def _bounded(share: Optional[Fraction]) -> Fraction:
    return max(-ONE, min(ONE, share or _ZERO))


def _plain(markdown: str) -> str:
    return re.sub(r"\\([\\`*_\[\]<>$|~])", r"\1", markdown)
