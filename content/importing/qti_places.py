"""Interactions of QTI on a picture, as places to mark."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Dict, List, Sequence, Tuple
from xml.etree.ElementTree import Element

from content.importing.bodies import Unsuited
from content.importing.moodle_places import circle, picture_of, place_body, shape_of
from content.importing.naming import identifier
from content.importing.qti_interactions import Found, Reader
from content.importing.qti_scoring import Key
from content.importing.qti_tree import first
from content.importing.shares import number_of

_HERE = {"kk": "дұрыс жері", "ru": "нужное место", "en": "the right place"}
Size = Tuple[int, int]


def _picture(reader: Reader, interaction: Element) -> Tuple[str, Size]:
    image = first(interaction, "img")
    address = image.get("src") or "" if image is not None else ""
    data = reader.data(address)
    return picture_of(data, lambda _: reader.find(address))


def _shape(shape: str, coords: str, size: Size) -> Dict[str, Any]:
    numbers: List[Fraction] = []
    for one in coords.split(","):
        plain = one.strip()
        number = number_of(plain.rstrip("%"))
        if number is None:
            raise Unsuited(f"The area {coords[:40]!r} is none.")
        side = size[len(numbers) % 2]
        numbers.append(number * side / 100 if plain.endswith("%") else number)
    if shape == "circle" and len(numbers) == 3:
        return circle(numbers[0], numbers[1], numbers[2], size)
    if shape == "rect" and len(numbers) == 4:
        return shape_of("rectangle", numbers, size)
    if shape == "poly" and len(numbers) >= 6:
        return shape_of("polygon", numbers[: len(numbers) // 2 * 2], size)
    if shape == "default":
        width, height = (Fraction(side) for side in size)
        return shape_of("rectangle", [Fraction(0), Fraction(0), width, height], size)
    raise Unsuited(f"An area of the shape {shape[:20]!r} is none of ours.")


def _one_place(
    reader: Reader, interaction: Element, shapes: Sequence[Tuple[str, str, str]]
) -> Found:
    """The item of one right place; ``shapes`` are shape, coordinates and words."""
    if len(shapes) != 1:
        raise Unsuited("Several places are right, and none has a name of its own.")
    path, size = _picture(reader, interaction)
    shape, coords, words = shapes[0]
    said = words or _HERE.get(reader.bodies.language, _HERE["en"])
    area = {"id": "a", "text": reader.bodies.text(said), **_shape(shape, coords, size)}
    body = place_body(path, size, [area])
    return Found(body, reader.markdown(interaction.find("prompt")))


def hotspot(reader: Reader, interaction: Element, key: Key) -> Found:
    """The interaction hotspotInteraction with one right spot."""
    right = [
        (one.get("shape") or "", one.get("coords") or "", "")
        for one in interaction.iter("hotspotChoice")
        if key.share(one.get("identifier") or "") > 0
    ]
    if not right:
        raise Unsuited("It has no key: no place is said to be right.")
    return _one_place(reader, interaction, right)


def select_point(reader: Reader, interaction: Element, key: Key) -> Found:
    """The interaction selectPointInteraction with one area that is worth points."""
    if not key.areas:
        raise Unsuited("It has no area around the right place.")
    right = [(area.shape, area.coords, "") for area in key.areas if area.worth > 0]
    return _one_place(reader, interaction, right)


def graphic_gap_match(reader: Reader, interaction: Element, key: Key) -> Found:
    """graphicGapMatchInteraction: words that belong to one place each."""
    path, size = _picture(reader, interaction)
    words = {}
    for name in ("gapText", "gapImg"):
        for one in interaction.iter(name):
            image = first(one, "img")
            alt = image.get("alt") or "" if image is not None else ""
            said = one.get("objectLabel") or alt if name == "gapImg" else reader.markdown(one)
            words[one.get("identifier") or ""] = said
    spots = {one.get("identifier") or "": one for one in interaction.iter("associableHotspot")}
    values = key.correct or tuple(value for value, worth in key.worth.items() if worth > 0)
    areas: List[Dict[str, Any]] = []
    taken: set[str] = set()
    used: List[str] = []
    for value in values:
        word, _, spot = value.partition(" ")
        if word not in words or spot not in spots or word in used:
            raise Unsuited("A word belongs to several places, or to none that is there.")
        if not words[word]:
            raise Unsuited("Pictures are to be put on the picture, not words.")
        used.append(word)
        element = spots[spot]
        shape = _shape(element.get("shape") or "", element.get("coords") or "", size)
        area_id = identifier(words[word], taken, "area")
        areas.append({"id": area_id, "text": reader.bodies.text(words[word]), **shape})
    if not areas:
        raise Unsuited("It has no key: no place is said to be right.")
    body = place_body(path, size, areas)
    lost = ["words that belong nowhere"] if len(used) < len(words) else []
    if not key.mapped:
        body["partial"] = False
    return Found(body, reader.markdown(interaction.find("prompt")), lost)
