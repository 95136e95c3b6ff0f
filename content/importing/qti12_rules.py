"""The rules by which an item of QTI 1.2 gives points and says something (its resprocessing)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import List, Optional, Tuple
from xml.etree.ElementTree import Element

from content.importing.safe_xml import text_of
from content.importing.shares import number_of

_HUNDRED = Fraction(100)


@dataclass(frozen=True)
class Test:
    """One comparison: ``how`` is the name of its element, ``wanted`` false under a "not"."""

    response: str
    how: str
    value: str
    case: bool
    wanted: bool


@dataclass
class Rule:
    """A condition, the points that it sets or adds (as a share of all), and what it says."""

    tests: List[Test] = field(default_factory=list)
    other: bool = False
    share: Optional[Fraction] = None
    adds: bool = False
    feedback: Tuple[str, ...] = ()

    @property
    def values(self) -> List[Test]:
        """What must have been answered."""
        return [one for one in self.tests if one.wanted]


def rules_of(item: Element) -> List[Rule]:
    """The rules of an item in their order."""
    processing = item.find("resprocessing")
    if processing is None:
        return []
    limits = [number_of(one.get("maxvalue")) for one in processing.iter("decvar")]
    conditions = processing.findall("respcondition")
    known = [one for one in limits if one is not None and one > 0]
    most = known[0] if known else _largest(conditions)
    return [_rule(one, most) for one in conditions]


def _largest(conditions: List[Element]) -> Fraction:
    """The most that the rules can give, where the item does not tell."""
    values = [number_of(text_of(one)) for rule in conditions for one in rule.findall("setvar")]
    return max((one for one in values if one is not None and one > 0), default=_HUNDRED)


def _rule(condition: Element, most: Fraction) -> Rule:
    rule = Rule()
    inside = condition.find("conditionvar")
    if inside is not None:
        _collect(inside, rule, wanted=True)
    for setting in condition.findall("setvar"):
        worth = number_of(text_of(setting))
        if worth is not None:
            rule.share = worth / most
            rule.adds = (setting.get("action") or "Set").lower() != "set"
            if (setting.get("action") or "").lower() == "subtract":
                rule.share = -rule.share
    rule.feedback = tuple(
        one.get("linkrefid") or "" for one in condition.findall("displayfeedback")
    )
    return rule


def _collect(element: Element, rule: Rule, wanted: bool) -> None:
    for child in element:
        if child.tag == "not":
            _collect(child, rule, not wanted)
        elif child.tag in ("and", "or"):
            _collect(child, rule, wanted)
        elif child.tag in ("other", "unanswered"):
            rule.other = True
        elif isinstance(child.tag, str) and child.tag.startswith("var"):
            case = (child.get("case") or "No").lower() == "yes"
            value = " ".join(text_of(child).split())
            rule.tests.append(Test(child.get("respident") or "", child.tag, value, case, wanted))
