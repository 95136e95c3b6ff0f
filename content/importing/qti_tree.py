"""QTI 2.1, 2.2 and 3.0 (1EdTech) in one dialect: the element names of 2.x without namespaces."""

from __future__ import annotations

import re
from typing import List, Optional
from xml.etree.ElementTree import Element

from content.importing.errors import ImportFailure
from content.importing.languages import language_of_text, stated_language
from content.importing.safe_xml import parse_xml, without_namespaces

ITEM, TEST = "assessmentItem", "assessmentTest"
_HYPHEN = re.compile(r"-([a-z0-9])")
_PICTURE = re.compile(r"\.(png|jpe?g|gif|bmp|webp)\Z", re.IGNORECASE)


def parse_qti(data: bytes, name: str) -> Element:
    """The root of an item, a test or a stimulus; raises ImportFailure for other documents."""
    root = without_namespaces(parse_xml(data, name))
    for element in root.iter():
        if element.tag.startswith("qti-"):
            element.tag = camel(element.tag[4:])
            for key in [key for key in element.attrib if "-" in key and key[:5] != "data-"]:
                element.attrib.setdefault(camel(key), element.attrib.pop(key))
        _object_as_picture(element)
    if root.tag not in (ITEM, TEST, "assessmentStimulus", "assessmentSection"):
        raise ImportFailure(f"{name} is no QTI document: its root is {str(root.tag)[:40]!r}.")
    return root


def camel(name: str) -> str:
    """``response-identifier`` as 2.x spells it: ``responseIdentifier``."""
    return _HYPHEN.sub(lambda found: found[1].upper(), name)


def _object_as_picture(element: Element) -> None:
    """An ``object`` that is a picture becomes an ``img``, which keeps its words as ``alt``."""
    if element.tag != "object":
        return
    address = element.get("data") or ""
    if str(element.get("type")).startswith("image/") or _PICTURE.search(address):
        element.tag = "img"
        element.set("src", address)
        element.set("alt", " ".join("".join(element.itertext()).split()))


def language_of(root: Element) -> str:
    """The language that an item states, else the one its words are in."""
    stated = stated_language(root.get("lang") or "")
    return stated or language_of_text(" ".join(words_of(root))) or "en"


def words_of(root: Element) -> List[str]:
    """The words of the body, without keys and rules."""
    body = root.find("itemBody")
    return [] if body is None else [text for text in body.itertext() if text.strip()]


def first(element: Element, name: str) -> Optional[Element]:
    """The first element of that name within, at any depth."""
    return next(element.iter(name), None)
