"""What a response is worth in QTI: its key, its mapping, and which of them the item's rules use.

The standard's own response processing templates and rules that do the same are read exactly; of
other rules only the key is taken, and that is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Dict, List, Mapping, Optional, Set, Tuple
from xml.etree.ElementTree import Element

from content.importing.shares import number_of

_ZERO, _ONE = Fraction(0), Fraction(1)
_PLAIN = {
    "responseProcessing", "responseCondition", "responseIf", "responseElse", "responseElseIf",
    "match", "variable", "correct", "setOutcomeValue", "baseValue", "sum", "mapResponse",
    "mapResponsePoint", "isNull", "not", "and", "or", "equal", "stringMatch", "multiple", "ordered",
    "exitResponse", "responseProcessingFragment", "product", "divide", "null",
}  # fmt: skip
_OWN_RULES = "its own rules of scoring; a right answer earns all points here"
_NO_RULES = "that it was not scored there; a right answer earns all points here"


@dataclass(frozen=True)
class AreaWorth:
    """A shape of an area mapping, as the standard writes it, and what it is worth."""

    shape: str
    coords: str
    worth: Fraction


@dataclass
class Key:
    """What answers to one response are worth.

    ``correct`` are the values of the key; ``worth`` is what each value earns where ``mapped``.
    """

    id: str
    cardinality: str = "single"
    base: str = "identifier"
    correct: Tuple[str, ...] = ()
    worth: Dict[str, Fraction] = field(default_factory=dict)
    areas: Tuple[AreaWorth, ...] = ()
    default: Fraction = _ZERO
    upper: Optional[Fraction] = None
    case: bool = True
    mapped: bool = False
    points: Optional[Fraction] = None
    tolerance: Optional[Tuple[str, Fraction]] = None
    lost: List[str] = field(default_factory=list)

    @property
    def single(self) -> bool:
        """Whether only one value is answered."""
        return self.cardinality == "single"

    @property
    def most(self) -> Fraction:
        """The most that an answer earns."""
        if not self.mapped:
            return self.points or _ONE
        values = [*self.worth.values(), *(area.worth for area in self.areas)]
        earned = [value for value in values if value > 0]
        best = (max(earned) if self.single else sum(earned, _ZERO)) if earned else _ZERO
        return best if self.upper is None or self.upper <= 0 else min(best, self.upper)

    def share(self, value: str) -> Fraction:
        """What choosing ``value`` adds, as a share of the points."""
        if not self.mapped:
            right = value in self.correct
            each = Fraction(1, max(1, len(self.correct)))
            if self.single:
                return _ONE if right else _ZERO
            return each if right else -each
        most = self.most
        worth = self.worth.get(value, self.default)
        return max(-_ONE, min(_ONE, worth / most)) if most else _ZERO

    @property
    def even(self) -> bool:
        """Whether every value of the key is worth the same."""
        return not self.mapped or len({self.worth.get(one) for one in self.correct}) <= 1


def keys_of(root: Element) -> Mapping[str, Key]:
    """Every response's key by its identifier."""
    rules = root.find("responseProcessing")
    keys: Dict[str, Key] = {}
    for declaration in root.findall("responseDeclaration"):
        key = _key(declaration)
        keys[key.id] = key
    template = _template(rules)
    mapped, matched = _used(rules, ("mapResponse", "mapResponsePoint")), _matched(rules)
    own = rules is not None and not template and _is_own(rules)
    worth = _set_values(rules)
    for key in keys.values():
        has_map = bool(key.worth or key.areas)
        key.mapped = has_map and ("map_response" in template or key.id in mapped)
        if not template and not own and key.id not in mapped | matched and has_map:
            key.mapped = not key.correct
        if rules is None or (not template and not len(rules)):
            key.mapped = has_map and not key.correct
            key.lost.append(_NO_RULES)
        elif own or (not template and key.id not in mapped | matched):
            key.lost.append(_OWN_RULES)
        if len(keys) == 1 and worth and not key.mapped:
            key.points = max(worth)
        key.tolerance = _tolerance(rules, key.id)
    return keys


def _key(declaration: Element) -> Key:
    correct = declaration.find("correctResponse")
    mapping, areas = declaration.find("mapping"), declaration.find("areaMapping")
    key = Key(
        id=declaration.get("identifier") or "RESPONSE",
        cardinality=declaration.get("cardinality") or "single",
        base=declaration.get("baseType") or "identifier",
        correct=tuple(_value(one) for one in correct.iter("value")) if correct is not None else (),
    )
    for source in (mapping, areas):
        if source is not None:
            key.default = number_of(source.get("defaultValue") or "0") or _ZERO
            key.upper = number_of(source.get("upperBound"))
    if mapping is not None:
        entries = mapping.findall("mapEntry")
        for entry in entries:
            worth = number_of(entry.get("mappedValue") or "0") or _ZERO
            key.worth[" ".join((entry.get("mapKey") or "").split())] = worth
        key.case = any(entry.get("caseSensitive") != "false" for entry in entries)
        if key.base in ("float", "integer", "string"):
            key.default = _ZERO
    if areas is not None:
        key.areas = tuple(
            AreaWorth(
                one.get("shape") or "",
                one.get("coords") or "",
                number_of(one.get("mappedValue") or "0") or _ZERO,
            )
            for one in areas.findall("areaMapEntry")
        )
    return key


def _value(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _template(rules: Optional[Element]) -> str:
    if rules is None:
        return ""
    for address in (rules.get("template"), rules.get("templateLocation")):
        found = re.search(r"(match_correct|map_response_point|map_response)", address or "", re.I)
        if found:
            return found[1].lower()
        if address and re.search(r"CC2_match", address):
            return "match_correct"
    return ""


def _used(rules: Optional[Element], names: Tuple[str, ...]) -> Set[str]:
    if rules is None:
        return set()
    return {element.get("identifier") or "" for name in names for element in rules.iter(name)}


def _matched(rules: Optional[Element]) -> Set[str]:
    return _used(rules, ("correct",))


def _is_own(rules: Element) -> bool:
    """Whether the rules do anything but compare with the key and take the mapping."""
    names = {element.tag for element in rules.iter() if isinstance(element.tag, str)}
    if names - _PLAIN:
        return True
    compared = [one for one in rules.iter("match") if one.find("baseValue") is not None]
    responses = {one.get("identifier") for pair in compared for one in pair.iter("variable")}
    return bool(responses) and not (_matched(rules) or _used(rules, ("mapResponse",)))


def _set_values(rules: Optional[Element]) -> List[Fraction]:
    """Numbers that rules give for the score, without those that are computed."""
    found: List[Fraction] = []
    for element in rules.iter("setOutcomeValue") if rules is not None else ():
        value = element.find("baseValue")
        if "SCORE" in (element.get("identifier") or "").upper() and value is not None:
            number = number_of(_value(value))
            if number is not None and number > 0:
                found.append(number)
    return found


def _tolerance(rules: Optional[Element], response: str) -> Optional[Tuple[str, Fraction]]:
    """The mode ("absolute" or "relative") and width by which numbers are compared."""
    for element in rules.iter("equal") if rules is not None else ():
        mode = element.get("toleranceMode") or "exact"
        width = number_of((element.get("tolerance") or "").split(" ")[0])
        names = {one.get("identifier") for one in element.iter("variable")}
        if mode != "exact" and width is not None and response in names:
            return mode, abs(width)
    return None
