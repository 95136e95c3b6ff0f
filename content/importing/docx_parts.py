"""Parts of a Word document beside its text: styles, numbering, notes, pictures."""

from __future__ import annotations

import re
from typing import Any, Dict, Optional, Tuple

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_HEADING = re.compile(r"heading (\d)\Z")
_MAX_INHERITED = 20


class Parts:
    """Looks things up in an opened ``docx.Document``."""

    def __init__(self, opened: Any) -> None:
        self._part = opened.part
        self._styles: Dict[str, Any] = {
            str(style.get(f"{WORD}styleId")): style
            for style in opened.styles.element.iter(f"{WORD}style")
        }
        self._numbering = self._root("numbering")
        self._notes = {"footnote": self._root("footnotes"), "endnote": self._root("endnotes")}
        self._formats: Dict[Tuple[str, int], str] = {}

    def _root(self, ending: str) -> Optional[Any]:
        """The XML of the part of that kind, or None."""
        part = next(self._related(ending), None)
        return None if part is None else _parsed(part)

    def _related(self, ending: str) -> Any:
        for relation in self._part.rels.values():
            if not relation.is_external and relation.reltype.endswith(f"/{ending}"):
                yield relation.target_part

    def heading_level(self, style: Optional[str]) -> int:
        """1 to 6 for the style of a heading, 0 for any other."""
        for _ in range(_MAX_INHERITED):
            found = self._styles.get(style or "")
            if found is None:
                return 0
            name = _value(found.find(f"{WORD}name")).lower()
            heading = _HEADING.match(name)
            if name == "title":
                return 1
            if heading:
                return min(int(heading[1]), 6) or 1
            outline = found.find(f"{WORD}pPr/{WORD}outlineLvl")
            if outline is not None and _value(outline).isdigit() and int(_value(outline)) < 9:
                return min(int(_value(outline)) + 1, 6)
            style = _value(found.find(f"{WORD}basedOn"))
        return 0

    def style_name(self, style: Optional[str]) -> str:
        """What a style is called, in small letters."""
        found = self._styles.get(style or "")
        return "" if found is None else _value(found.find(f"{WORD}name")).lower()

    def style_numbering(self, style: Optional[str]) -> Optional[Any]:
        """The ``w:numPr`` that a paragraph has by its style."""
        for _ in range(_MAX_INHERITED):
            found = self._styles.get(style or "")
            if found is None:
                return None
            numbering = found.find(f"{WORD}pPr/{WORD}numPr")
            if numbering is not None:
                return numbering
            style = _value(found.find(f"{WORD}basedOn"))
        return None

    def number_format(self, number_id: str, level: int) -> str:
        """How a list's level is marked: "bullet", "decimal", "none" and so on."""
        key = (number_id, level)
        if key not in self._formats:
            self._formats[key] = self._found_format(number_id, level)
        return self._formats[key]

    def _found_format(self, number_id: str, level: int) -> str:
        root = self._numbering
        if root is None:
            return "bullet"
        for number in root.iter(f"{WORD}num"):
            if number.get(f"{WORD}numId") == number_id:
                abstract_id = _value(number.find(f"{WORD}abstractNumId"))
                break
        else:
            return "none"
        for abstract in root.iter(f"{WORD}abstractNum"):
            if abstract.get(f"{WORD}abstractNumId") == abstract_id:
                for one in abstract.iter(f"{WORD}lvl"):
                    if one.get(f"{WORD}ilvl") == str(level):
                        return _value(one.find(f"{WORD}numFmt")) or "decimal"
        return "bullet"

    def note(self, kind: str, note_id: str) -> Optional[Any]:
        """The element of a "footnote" or "endnote"."""
        root = self._notes[kind]
        for note in () if root is None else root.iter(f"{WORD}{kind}"):
            if note.get(f"{WORD}id") == note_id:
                return note
        return None

    def picture(self, relation_id: str) -> Optional[bytes]:
        """The bytes of a picture in the package; None where it lies elsewhere, or nowhere."""
        relation = self._part.rels.get(relation_id)
        if relation is None or relation.is_external:
            return None
        return bytes(relation.target_part.blob)

    def link(self, relation_id: str) -> str:
        """Where a link to the outside leads, or nothing."""
        relation = self._part.rels.get(relation_id)
        return relation.target_ref if relation is not None and relation.is_external else ""

    def has_words_in_headers(self) -> bool:
        """Whether a page's header or footer says anything but numbers."""
        roots = [_parsed(part) for kind in ("header", "footer") for part in self._related(kind)]
        return any(
            re.search(r"[^\W\d_]", text.text or "")
            for root in roots
            for text in root.iter(f"{WORD}t")
        )

    def has_comments(self) -> bool:
        """Whether anybody commented on the text."""
        root = self._root("comments")
        return root is not None and next(root.iter(f"{WORD}t"), None) is not None


def _parsed(part: Any) -> Any:
    from docx.oxml import parse_xml

    element = getattr(part, "element", None)
    return parse_xml(part.blob) if element is None else element


def _value(element: Optional[Any]) -> str:
    return "" if element is None else str(element.get(f"{WORD}val") or "")
