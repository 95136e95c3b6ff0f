"""The text of a lesson: its documents in each language, joined, with their pictures."""

from __future__ import annotations

import posixpath
import re
from pathlib import PurePosixPath
from typing import Any, Dict, List, Mapping, NamedTuple, Sequence, Set
from urllib.parse import unquote

from content.authoring.composed import Content, Outcomes
from content.authoring.grouping import Group, Placed
from content.authoring.scan import DOCUMENT, PICTURE, TASKS, VIDEO
from content.authoring.units import parts_of
from content.documents.document import MAX_DOCUMENT, parse_document
from content.errors import ContentError
from content.importing.block_writer import escape

_SHOWN = re.compile(r"!\[((?:[^\]\\]|\\.)*)\]\(\s*(<[^>\n]*>|[^)\s]+)[^)\n]*\)")
_HEADING = re.compile(r"\A#{1,6}[ \t]+(.+?)[ \t]*\n+")
_POSTER = re.compile(r"(poster|постер|обложка|мұқаба)\Z", re.IGNORECASE)
_CUT = MAX_DOCUMENT * 9 // 10


class Document(NamedTuple):
    """One imported document of a lesson."""

    placed: Placed
    language: str
    title: str
    markdown: str
    narration: str


class LessonText:
    """Gathers the documents and pictures of a group; ``files`` and ``texts`` are the outcome."""

    def __init__(self, group: Group, outcomes: Outcomes, main: str) -> None:
        self._group = group
        self._outcomes = outcomes
        self._loose = {one.found.path.casefold(): one for one in group.of(PICTURE)}
        self._used: Set[str] = set()
        self.files: Dict[str, Content] = {}
        self.documents = [
            self._document(placed, values, main)
            for placed in group.of(DOCUMENT, TASKS)
            for values in parts_of(group, placed, outcomes, "documents")
        ]

    def _document(self, placed: Placed, values: Mapping[str, Any], main: str) -> Document:
        path = placed.found.path
        folder = self._outcomes.folder(path)
        for name in values["pictures"]:
            self.files[name] = folder / name
        markdown = _SHOWN.sub(
            lambda found: self._shown(found, path, values["pictures"]), values["markdown"]
        )
        language = placed.named.language or values["language"] or main
        return Document(placed, language, values["title"], markdown, values["narration"])

    def _shown(self, found: re.Match[str], path: str, known: Sequence[str]) -> str:
        """A picture in a text by the path that it has in the lesson."""
        written = unquote(found[2].strip("<>"))
        if written in known:
            return found[0]
        if "://" in written:
            self._outcomes.leave_out(path, "A picture on the network; put it beside.", written[:80])
            return f"[{found[1]}](<{written}>)" if found[1] else ""
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(path), written))
        beside = self._loose.get(wanted.casefold())
        new = self._picture(beside) if beside else ""
        if not new:
            self._outcomes.leave_out(path, f"The picture {written[:80]!r} is not there.", "picture")
            return found[1]
        return f"![{found[1]}](<{new}>)"

    def _picture(self, placed: Placed) -> str:
        """Bring a loose picture into the lesson; its path there, or nothing."""
        path = placed.found.path
        self._used.add(path)
        name = self._outcomes.of(path).get("file")
        if not name:
            return ""
        self.files[f"pictures/{name}"] = self._outcomes.folder(path) / name
        return f"pictures/{name}"

    def poster(self) -> str:
        """The picture that its name makes the video's poster: its ending, or nothing."""
        stems = {one.named.stem.casefold() for one in self._group.of(VIDEO)}
        for placed in self._loose.values():
            stem = placed.named.stem.casefold()
            name = self._outcomes.of(placed.found.path).get("file", "")
            fits = _POSTER.match(stem) or stem in stems
            if fits and placed.found.path not in self._used and name.endswith((".png", ".jpg")):
                self._used.add(placed.found.path)
                target = f"poster{PurePosixPath(name).suffix}"
                self.files[target] = self._outcomes.folder(placed.found.path) / name
                return target
        return ""

    def gallery(self) -> str:
        """Pictures that no text shows, as Markdown, in order of their names."""
        rest = [one for one in self._group.of(PICTURE) if one.found.path not in self._used]
        shown = [(one, self._picture(one)) for one in rest]
        return "".join(f"![{escape(one.named.stem)}](<{new}>)\n\n" for one, new in shown if new)

    def texts(self, titles: Mapping[str, str], main: str) -> Dict[str, str]:
        """The whole text in each language; the lesson's title is not said twice."""
        texts: Dict[str, str] = {}
        for language in {document.language for document in self.documents}:
            parts = [one for one in self.documents if one.language == language]
            texts[language] = "\n\n".join(
                _untitled(one.markdown, titles.get(language, "") if at == 0 else "").strip("\n")
                for at, one in enumerate(parts)
            )
        gallery = self.gallery()
        if gallery:
            for language in list(texts) or [main]:
                texts[language] = f"{texts.get(language, '')}\n\n{gallery}".strip("\n")
        return {language: text + "\n" for language, text in texts.items() if text.strip()}

    def narration(self) -> Dict[str, str]:
        """What is to be spoken, by language."""
        spoken: Dict[str, List[str]] = {}
        for document in self.documents:
            if document.narration.strip():
                spoken.setdefault(document.language, []).append(document.narration)
        return {language: "\n\n".join(parts) + "\n" for language, parts in spoken.items()}


def _untitled(markdown: str, title: str) -> str:
    found = _HEADING.match(markdown)
    same = found is not None and re.sub(r"\\(.)", r"\1", found[1]).casefold() == title.casefold()
    return markdown[found.end() :] if found is not None and same else markdown


def in_parts(text: str) -> List[str]:
    """A text that is too long for a lesson, cut at headings or between paragraphs."""
    if _fits(text):
        return [text]
    parts: List[str] = []
    here = ""
    for piece in re.split(r"\n(?=#{1,3} )", text):
        for block in [piece] if len(piece) <= _CUT else piece.split("\n\n"):
            glue = "\n" if block is piece else "\n\n"
            if here and len(here) + len(block) > _CUT:
                parts.append(here)
                here = ""
            here = f"{here}{glue}{block}" if here else block
    return [*parts, here] if here else parts


def _fits(text: str) -> bool:
    try:
        parse_document(text)
    except ContentError:
        return len(text) <= _CUT
    return True
