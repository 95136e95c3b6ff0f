"""A task with variants, read once, and the instance of it that one pupil gets at one attempt."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from content.canonical import to_canonical
from content.fields import LANGUAGE, Fields
from content.variants.errors import NoValueError, VariantError
from content.variants.insertion import Drawn, Env, compiled, has_insertion
from content.variants.parameters import Scope
from content.variants.stream import Stream, seed_of

MAX_ITEMS = 200
_OWN = ("parameter", "derived", "where", "shuffle", "bank")
"""What is of variants alone, and not part of an instance."""
_SHUFFLED = ("choice", "option")
"""Lists within an item whose order is free; that of ``part`` is the key, so it is told apart."""

Make = Callable[[Env], Any]


@dataclass(frozen=True)
class Instance:
    """What one pupil is asked: plain ``fields`` of a task, and the ``mark`` of what was drawn.

    Two instances with one ``mark`` were drawn alike; 8 hex digits, empty for a task that is the
    same for everybody.
    """

    fields: Mapping[str, Any]
    mark: str


class _Item:
    """One question: its scope and what makes its fields."""

    def __init__(self, fields: Fields, above: Scope) -> None:
        self.id = fields.identifier("id")
        self.bank = fields.identifier("bank") if fields.has("bank") else ""
        self.shuffle = fields.flag("shuffle")
        self.stimulus = fields.values.get("stimulus")
        self.points = fields.values.get("points", 1)
        self.scope = Scope(fields, above)
        self._make = _maker(_plain(fields.values), "", self.scope, fields.place)

    def make(self, env: Env) -> Dict[str, Any]:
        """The fields with these values; NoValueError when a pupil could make nothing of them."""
        made: Dict[str, Any] = self._make(env)
        if self.scope.names:
            _refuse_senseless(made)
        return made

    def instance(self, stream: Stream, above: Env) -> Tuple[Dict[str, Any], Dict[str, Drawn]]:
        made, env = self.scope.draw(stream, above, self.make)
        if self.shuffle:
            made = _shuffled(made, stream)
        return made, {name: env[name] for name in self.scope.names}


class Template:
    """A whole task as its author wrote it.

    Raises the fields' error for whatever no pupil could be given.
    """

    def __init__(self, fields: Fields) -> None:
        self._scope = Scope(fields)
        self._shuffle = fields.flag("shuffle")
        self.items = [_Item(one, self._scope) for one in fields.children("item", limit=MAX_ITEMS)]
        self._banks = {
            one.identifier("id"): one.integer("draw", 1, MAX_ITEMS)
            for one in fields.children("bank", False, MAX_ITEMS)
        }
        self._check_banks(fields)
        rest = {name: value for name, value in fields.values.items() if name != "item"}
        self._make = _maker(_plain(rest), "", self._scope, fields.place)

    def _check_banks(self, fields: Fields) -> None:
        for item in self.items:
            if item.bank and item.bank not in self._banks:
                raise fields.fail("bank", f"{item.bank!r} of {item.id!r} is not there; add it")
        for bank, draw in self._banks.items():
            points = [item.points for item in self.items if item.bank == bank]
            if len(points) < draw:
                raise fields.fail("bank", f"{bank!r} has {len(points)} questions to draw {draw}")
            if len(set(map(str, map(float, filter(_is_number, points))))) > 1:
                raise fields.fail(
                    "bank", f"{bank!r} has questions of different points; make them equal"
                )

    def draw_task(self, stream: Stream) -> Tuple[Dict[str, Any], Env]:
        """The task's own fields without its questions, and the values they were made of."""
        return self._scope.draw(stream, {}, self._make)

    def strictness(self, stream: Stream, count: int) -> Dict[str, int]:
        """How many of ``count`` draws fit, by question ("" for the task) with parameters."""
        fits = {}
        if self._scope.names:
            fits[""] = self._scope.tries(stream, {}, self._make, count)
        if fits.get("", 1):
            _, above = self.draw_task(stream)
            for item in self.items:
                if item.scope.names:
                    fits[item.id] = item.scope.tries(stream, above, item.make, count)
        return fits

    def instance(self, task_key: str, person: str, attempt: int, whole: bool = False) -> Instance:
        """What one pupil gets; raises VariantError when no numbers fit the conditions.

        ``whole`` leaves nothing in the banks: for who looks the task through.
        """
        seed = seed_of(task_key, person, attempt)
        made, above = self.draw_task(Stream(seed, "task"))
        drawn: List[Any] = [{name: above[name] for name in self._scope.names}]
        items = []
        for item in self.items if whole else self._chosen(seed):
            fields, values = item.instance(Stream(seed, "item " + item.id), above)
            drawn.append([item.id, values])
            items.append((item, fields))
        made["item"] = self._ordered(items, seed)
        return Instance(made, _mark(drawn))

    def _chosen(self, seed: bytes) -> Sequence[_Item]:
        """The questions of this pupil, in the order of the source."""
        left_out = set()
        for bank, draw in self._banks.items():
            ids = [item.id for item in self.items if item.bank == bank]
            chosen = Stream(seed, "bank " + bank).some_of(ids, draw)
            left_out |= set(ids) - set(chosen)
        return [item for item in self.items if item.id not in left_out]

    def _ordered(self, items: List[Tuple[_Item, Dict[str, Any]]], seed: bytes) -> List[Any]:
        """The questions shuffled, if so; those with a common text stay together."""
        if not self._shuffle:
            return [fields for _, fields in items]
        blocks: List[List[Any]] = []
        last: Optional[object] = None
        for item, fields in items:
            if blocks and item.stimulus is not None and item.stimulus == last:
                blocks[-1].append(fields)
            else:
                blocks.append([fields])
            last = item.stimulus
        return [one for block in Stream(seed, "order").shuffled(blocks) for one in block]


def _refuse_senseless(item: Mapping[str, Any]) -> None:
    """Choices must differ, and the right ones be as many as their kind asks for."""
    choices = item.get("choice")
    if not isinstance(choices, list) or not all(isinstance(one, dict) for one in choices):
        return
    said = [str(one.get("text")) for one in choices]
    if len(set(said)) != len(said):
        raise NoValueError("Two choices say the same.")
    right = sum(one.get("correct") is True for one in choices)
    if right == 0 or (right > 1 and item.get("kind") == "choice"):
        raise NoValueError(f"It has {right} right choices.")


def has_variants(values: Mapping[str, Any]) -> bool:
    """Whether a task is not the same for everybody. Quick: most tasks are."""
    if any(name in values for name in _OWN):
        return True
    items = values.get("item")
    if not isinstance(items, list):
        return False
    return any(isinstance(one, dict) and _varies(one) for one in items)


def has_numbers(values: Mapping[str, Any]) -> bool:
    """Whether a task has parameters or what is made of them, not only another order."""
    numbers = ("parameter", "derived", "where")
    items = [one for one in values.get("item", ()) if isinstance(one, dict)]
    named = any(name in one for one in (values, *items) for name in numbers)
    return named or _has_any_insertion(values)


def _varies(item: Mapping[str, Any]) -> bool:
    return any(name in item for name in _OWN) or _has_any_insertion(item)


def _has_any_insertion(value: Any) -> bool:
    if isinstance(value, str):
        return has_insertion(value)
    inside = value.values() if isinstance(value, dict) else value
    return isinstance(value, (dict, list)) and any(_has_any_insertion(one) for one in inside)


def _plain(values: Mapping[str, Any]) -> Dict[str, Any]:
    return {name: value for name, value in values.items() if name not in _OWN}


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _maker(value: Any, language: str, scope: Scope, place: str) -> Make:
    """What makes a value's instance; a value without insertions is shared, not copied."""
    if isinstance(value, str) and has_insertion(value):
        try:
            return compiled(value, language, scope.numbers, scope.words)
        except VariantError as problem:
            raise VariantError(f"{place}: {problem}") from problem
    if not _has_any_insertion(value):
        return _always(value)
    if isinstance(value, list):
        parts = [_maker(one, language, scope, place) for one in value]
        return lambda env: [make(env) for make in parts]
    said = all(LANGUAGE.match(str(name)) and isinstance(one, str) for name, one in value.items())
    makers = {
        name: _maker(one, name if said else language, scope, f"{place}: {name}")
        for name, one in value.items()
    }
    return lambda env: {name: make(env) for name, make in makers.items()}


def _always(value: Any) -> Make:
    return lambda _: value


def _shuffled(item: Dict[str, Any], stream: Stream) -> Dict[str, Any]:
    """The item with its free lists in another order; what is ``fixed`` keeps its place."""
    made = dict(item)
    for name in _SHUFFLED:
        if isinstance(made.get(name), list):
            made[name] = _mixed(made[name], stream)
    return made


def _mixed(entries: List[Any], stream: Stream) -> List[Any]:
    free = [at for at, one in enumerate(entries) if not _is_fixed(one)]
    mixed = list(entries)
    for at, other in zip(free, stream.shuffled(free)):
        mixed[at] = entries[other]
    return mixed


def _is_fixed(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.get("fixed") is True


def _mark(drawn: Sequence[Any]) -> str:
    return hashlib.sha256(to_canonical(_json(drawn))).hexdigest()[:8]


def _json(value: Any) -> Any:
    """Drawn values for JSON: fractions as text."""
    if isinstance(value, dict):
        return {name: _json(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(one) for one in value]
    return value if isinstance(value, (int, str)) else str(value)
