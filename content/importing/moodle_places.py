"""Moodle's markers and words on a picture, as places to mark."""

from __future__ import annotations

import io
import re
from fractions import Fraction
from typing import Any, Dict, List, Sequence, Tuple
from xml.etree.ElementTree import Element

from content.importing.bodies import Bodies, Unsuited
from content.importing.moodle_text import Keep, decoded, marked
from content.importing.naming import identifier
from content.importing.safe_xml import text_of
from content.importing.shares import number_of
from content.picture_size import size_in_stream

WHOLE = 1000
_ZONE = (80, 40)
"""Width and height in pixels of a zone for a word, which Moodle fits to the longest word."""

Body = Tuple[Dict[str, Any], List[str]]


def thousandths(numbers: Sequence[Fraction], size: Tuple[int, int]) -> List[float]:
    """Pixels x, y, x, y, … as thousandths of a picture's width and height, within it."""
    found = []
    for at, number in enumerate(numbers):
        share = number * WHOLE / size[at % 2]
        found.append(round(float(min(Fraction(WHOLE), max(Fraction(0), share))), 1))
    return found


def place_body(
    picture: str, size: Tuple[int, int], areas: Sequence[Dict[str, Any]]
) -> Dict[str, Any]:
    """Fields of the kind "place"."""
    return {"kind": "place", "picture": picture, "size": list(size), "area": list(areas)}


def circle(x: Fraction, y: Fraction, radius: Fraction, size: Tuple[int, int]) -> Dict[str, Any]:
    """Shape and points of a circle given in pixels."""
    points = thousandths([x, y], size)
    reach = round(float(min(Fraction(WHOLE), radius * WHOLE / size[0])), 1)
    return {"shape": "circle", "points": [*points, reach]}


def shape_of(name: str, numbers: Sequence[Fraction], size: Tuple[int, int]) -> Dict[str, Any]:
    """Shape and points of a rectangle (two corners) or a polygon given in pixels."""
    points = thousandths(numbers, size)
    return {"shape": "rectangle" if name.startswith("rect") else "polygon", "points": points}


def picture_of(data: bytes, keep: Keep) -> Tuple[str, Tuple[int, int]]:
    """The path and the size of a picture's bytes; raises Unsuited."""
    size = size_in_stream(io.BytesIO(data)) if data else None
    path = keep(data) if data and size else None
    if path is None or size is None or 0 in size:
        raise Unsuited("The picture to mark on is not there or cannot be drawn.")
    return path, size


def _background(question: Element, keep: Keep) -> Tuple[str, Tuple[int, int]]:
    file = question.find("file")
    return picture_of(decoded(file) if file is not None else b"", keep)


def _words(question: Element, keep: Keep) -> Tuple[Dict[str, str], List[str]]:
    words, lost = {}, []
    for drag in question.findall("drag"):
        said, more = marked(drag, keep)
        lost += more
        words[text_of(drag, "no")] = said
        if drag.find("file") is not None and not said:
            raise Unsuited("Pictures are to be dragged, not words.")
    return words, lost


def marked_places(bodies: Bodies, question: Element, keep: Keep) -> Body:
    """Markers on areas (ddmarker)."""
    picture, size = _background(question, keep)
    words, lost = _words(question, keep)
    areas: List[Dict[str, Any]] = []
    taken: set[str] = set()
    used: List[str] = []
    for drop in question.findall("drop"):
        choice = text_of(drop, "choice")
        if choice not in words or choice in used:
            raise Unsuited("A marker belongs to several areas, or to none that is there.")
        used.append(choice)
        shape = _shape(text_of(drop, "shape").lower(), text_of(drop, "coords"), size)
        area_id = identifier(words[choice], taken, "area")
        areas.append({"id": area_id, "text": bodies.text(words[choice] or "?"), **shape})
    if len(used) < len(words):
        lost.append("markers that belong nowhere")
    return place_body(picture, size, areas), lost


def _shape(name: str, written: str, size: Tuple[int, int]) -> Dict[str, Any]:
    numbers = [number_of(one) for one in re.split(r"[,;\s]+", written.strip()) if one]
    known = [one for one in numbers if one is not None]
    if len(known) != len(numbers):
        raise Unsuited(f"The area {written[:40]!r} is none.")
    if name == "circle" and len(known) == 3:
        return circle(known[0], known[1], known[2], size)
    if name == "rectangle" and len(known) == 4:
        left, top, width, height = known
        return shape_of("rectangle", [left, top, left + width, top + height], size)
    if name == "polygon" and len(known) >= 6:
        return shape_of("polygon", known, size)
    raise Unsuited(f"The area {written[:40]!r} is none.")


def dropped_words(bodies: Bodies, question: Element, keep: Keep) -> Body:
    """Words dropped into zones (ddimageortext); how large a zone is, Moodle does not write."""
    picture, size = _background(question, keep)
    words, lost = _words(question, keep)
    areas: List[Dict[str, Any]] = []
    taken: set[str] = set()
    used: List[str] = []
    for drop in question.findall("drop"):
        choice = text_of(drop, "choice")
        left, top = number_of(text_of(drop, "xleft")), number_of(text_of(drop, "ytop"))
        if choice not in words or choice in used or left is None or top is None:
            raise Unsuited("A word belongs to several zones, or to none that is there.")
        used.append(choice)
        corners = [left, top, left + _ZONE[0], top + _ZONE[1]]
        area_id = identifier(words[choice], taken, "area")
        shape = shape_of("rectangle", corners, size)
        areas.append({"id": area_id, "text": bodies.text(words[choice] or "?"), **shape})
    if len(used) < len(words):
        lost.append("words that belong nowhere")
    lost.append("how large the zones are; they are 80 by 40 pixels now")
    return place_body(picture, size, areas), lost
