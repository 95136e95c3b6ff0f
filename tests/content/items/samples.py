"""A small question of every kind, as its fields stand in a task's file."""

from __future__ import annotations

from typing import Any, Dict


def said(kk: str, ru: str, en: str) -> Dict[str, str]:
    """A text in the three languages."""
    return {"kk": kk, "ru": ru, "en": en}


CAPITAL = [{"text": said("Астана", "Астана", "Astana")}]
YES_NO = [
    {"id": "yes", "text": said("иә", "да", "yes"), "correct": True},
    {
        "id": "no",
        "text": said("жоқ", "нет", "no"),
        "feedback": said("Ойлан.", "Подумай.", "Think."),
    },
]

SAMPLES: Dict[str, Dict[str, Any]] = {
    "choice": {"choice": YES_NO},
    "choices": {"choice": [*YES_NO, {"id": "both", "text": said("екі", "оба", "both")}]},
    "number": {"answer": "72", "tolerance": "0.5", "units": ["км/ч", "км/сағ", "km/h"]},
    "short": {"accept": CAPITAL},
    "text": {"rubric": said("Анық.", "Ясно.", "Clear.")},
    "file": {"accept": ["photo"]},
    "order": {
        "part": [
            {"id": "one", "text": said("бір", "один", "one")},
            {"id": "two", "text": said("екі", "два", "two")},
            {"id": "three", "text": said("үш", "три", "three")},
            {"id": "four", "text": said("төрт", "четыре", "four")},
        ]
    },
    "match": {
        "row": [
            {"id": "ru", "text": said("Ресей", "Россия", "Russia"), "match": "moscow"},
            {"id": "kz", "text": said("Қазақстан", "Казахстан", "Kazakhstan"), "match": "astana"},
        ],
        "option": [
            {"id": "astana", "text": said("Астана", "Астана", "Astana")},
            {"id": "moscow", "text": said("Мәскеу", "Москва", "Moscow")},
            {"id": "almaty", "text": said("Алматы", "Алматы", "Almaty")},
        ],
    },
    "gaps": {
        "passage": said(
            "Астана – {{what}}, {{year}} жылдан, {{sure}}.",
            "Астана – {{what}} с {{year}} года, {{sure}}.",
            "{{sure}}: since {{year}}, Astana is the {{what}}.",
        ),
        "gap": [
            {
                "id": "what",
                "kind": "short",
                "accept": [{"text": said("астана", "столица", "capital")}],
            },
            {"id": "year", "kind": "number", "answer": "1997", "weight": 2},
            {"id": "sure", "kind": "choice", "choice": YES_NO},
        ],
    },
    "place": {
        "picture": "pictures/map.png",
        "size": [800, 400],
        "area": [
            {
                "id": "c",
                "text": said("шар", "круг", "circle"),
                "shape": "circle",
                "points": [500, 500, 100],
            },
            {
                "id": "r",
                "text": said("төртбұрыш", "квадрат", "square"),
                "shape": "rectangle",
                "points": [0, 0, 100, 200],
            },
            {
                "id": "p",
                "text": said("үшбұрыш", "треугольник", "triangle"),
                "shape": "polygon",
                "points": [800, 0, 1000, 0, 1000, 400],
            },
        ],
    },
    "table": {
        "corner": {"ru": "x"},
        "columns": [said("бір", "один", "one"), said("екі", "два", "two")],
        "row": [
            {
                "head": {"ru": "y"},
                "cells": [{"ru": "5"}, {"id": "b1", "kind": "number", "answer": "10"}],
            },
            {
                "head": {"ru": "z"},
                "cells": [
                    {"id": "a2", "kind": "short", "accept": [{"text": "да"}]},
                    {"id": "b2", "kind": "choice", "choice": YES_NO},
                ],
            },
        ],
    },
}
