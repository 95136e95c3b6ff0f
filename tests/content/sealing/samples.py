"""Sealed tests of ours, with a key that can be looked for."""

from __future__ import annotations

import json
from typing import Any, Dict, List

SECRETS = (
    "31415926", "geheimnis", "die-loesung", "тайная-подсказка", "нәтиже-құпия", "rubrik-wort",
    "пароль-таблицы", "zelle-antwort",
)  # fmt: skip
"""Words of the key: none of them may be anywhere on a disk before it is opened."""
ASKED = "Сұрақ-мәтіні"


def text(said: str) -> Dict[str, str]:
    return {"kk": said, "ru": said}


def items() -> List[Dict[str, Any]]:
    choice = [
        {"id": "a", "text": text("A")},
        {"id": "b", "text": text("B"), "correct": True, "feedback": text("тайная-подсказка")},
    ]
    return [
        {"id": "n", "kind": "number", "answer": "31415926", "tolerance": "1"},
        {"id": "s", "kind": "short", "accept": [{"text": "geheimnis"}]},
        {"id": "c", "kind": "choice", "choice": choice, "solution": text("die-loesung")},
        {"id": "cs", "kind": "choices", "choice": choice},
        {"id": "t", "kind": "text", "rubric": text("rubrik-wort")},
        {"id": "f", "kind": "file", "rubric": text("нәтиже-құпия")},
        {"id": "o", "kind": "order", "part": [{"id": x, "text": text(x)} for x in "zyxwv"]},
        {
            "id": "m",
            "kind": "match",
            "option": [{"id": "p", "text": text("P")}, {"id": "q", "text": text("Q")}],
            "row": [{"id": "r", "text": text("R"), "match": "q", "feedback": text("geheimnis")}],
        },
        {
            "id": "g",
            "kind": "gaps",
            "passage": text("x {{one}} y"),
            "gap": [{"id": "one", "kind": "short", "accept": [{"text": "пароль-таблицы"}]}],
        },
        {
            "id": "pl",
            "kind": "place",
            "picture": "pictures/map.png",
            "size": [100, 100],
            "area": [{"id": "z", "text": text("Z"), "shape": "circle", "points": [777, 123, 45]}],
        },
        {
            "id": "tb",
            "kind": "table",
            "columns": [text("C")],
            "row": [
                {"cells": [{"id": "k", "kind": "short", "accept": [{"text": "zelle-antwort"}]}]}
            ],
        },
    ]


def sealed_task(how: str) -> Dict[str, Any]:
    """A task of every kind, sealed."""
    return {
        "title": text("БЖБ"),
        "assessment": "unit",
        "sealed": how,
        "item": [{"prompt": text(ASKED), **one} for one in items()],
    }


def as_toml(value: Any) -> str:
    """A task as TOML: strings and lists are those of JSON, tables are inline."""

    def inline(one: Any) -> str:
        if isinstance(one, dict):
            return "{" + ", ".join(f"{name} = {inline(two)}" for name, two in one.items()) + "}"
        if isinstance(one, list):
            return "[" + ", ".join(map(inline, one)) + "]"
        return json.dumps(one, ensure_ascii=False)

    return "\n".join(f"{name} = {inline(one)}" for name, one in value.items()) + "\n"
