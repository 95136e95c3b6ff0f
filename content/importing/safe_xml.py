"""XML from strangers as a tree: no entities, no outside files, bounded in depth and size."""

from __future__ import annotations

import re
from html.entities import html5
from typing import Any, Dict, List
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from content.importing.errors import ImportFailure
from content.importing.limits import MAX_TEXT_BYTES, MAX_XML_DEPTH, MAX_XML_ELEMENTS
from content.importing.text_decoding import decode_text

_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_OWN = (b"lt", b"gt", b"amp", b"quot", b"apos")
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class _BoundedBuilder(TreeBuilder):
    """A builder that stops at what no honest file has."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._count = 0

    def start(self, tag: Any, attrs: Dict[Any, Any]) -> Any:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_XML_DEPTH or self._count > MAX_XML_ELEMENTS:
            raise _TooLarge
        return super().start(tag, attrs)

    def end(self, tag: Any) -> Any:
        self._depth -= 1
        return super().end(tag)


class _TooLarge(Exception):  # noqa: N818 - never seen outside
    pass


def parse_xml(data: bytes, name: str) -> Element:
    """The root of a document; names keep their namespaces.

    Raises ImportFailure for what is no XML, too large or too deep, or declares entities.
    """
    if len(data) > MAX_TEXT_BYTES:
        raise ImportFailure(f"{name} is larger than {MAX_TEXT_BYTES >> 20} MiB of XML; split it.")
    try:
        return _parsed(data, name)
    except ParseError as problem:
        # Many programmes write entities of HTML, and control characters, which XML does not know.
        plain = _in_utf8(data, name)
        mended = _FORBIDDEN.sub(b" ", _ENTITY.sub(_as_number, plain)).lstrip(b" \t\r\n")
        if mended == data or b"\0" in data:
            raise _failure(name, problem) from None
    try:
        return _parsed(mended, name)
    except ParseError as problem:
        raise _failure(name, problem) from None


def _in_utf8(data: bytes, name: str) -> bytes:
    """The document in UTF-8 where it is in another encoding than it says, or says none."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text, _ = decode_text(data, name)
        return re.sub(r"\A\s*<\?xml[^>]{0,200}\?>", "", text).encode("utf-8")
    return data


def _failure(name: str, problem: ParseError) -> ImportFailure:
    line, column = problem.position
    return ImportFailure(f"{name} is broken XML at line {line}, column {column}; export it again.")


def _parsed(data: bytes, name: str) -> Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import XMLParser

    parser = XMLParser(target=_BoundedBuilder())
    try:
        parser.feed(data)
        root = parser.close()
    except _TooLarge:
        raise ImportFailure(f"{name} has too many or too deeply nested parts; split it.") from None
    except DefusedXmlException:
        raise ImportFailure(
            f"{name} declares entities of its own, which may hide anything; export it again."
        ) from None
    except (ValueError, LookupError):
        raise ImportFailure(f"{name} names an unknown encoding; save it as UTF-8.") from None
    if not isinstance(root, Element):
        raise ImportFailure(f"{name} is empty.")
    return root


def _as_number(found: re.Match[bytes]) -> bytes:
    if found[1] in _OWN:
        return found[0]
    letters = html5.get(f"{found[1].decode('ascii')};")
    return "".join(f"&#{ord(letter)};" for letter in letters).encode() if letters else found[0]


def without_namespaces(root: Element) -> Element:
    """The same tree with local names only, of elements and of attributes."""
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rsplit("}", 1)[-1]
        for key in [key for key in element.attrib if "}" in key]:
            element.attrib.setdefault(key.rsplit("}", 1)[-1], element.attrib.pop(key))
    return root


def text_of(element: object, path: str = "") -> str:
    """All words within the element at ``path``, stripped; empty where there is none."""
    found = element.find(path) if isinstance(element, Element) and path else element
    return "".join(found.itertext()).strip() if isinstance(found, Element) else ""


def children(element: Element, *names: str) -> List[Element]:
    """The children that have one of the names."""
    return [child for child in element if child.tag in names]
