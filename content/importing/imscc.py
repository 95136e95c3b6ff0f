"""Common Cartridge 1.0 to 1.3 (1EdTech), as a course of lessons with their tasks."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Callable, Dict, List, Mapping, Optional, Tuple
from urllib.parse import unquote

from content.errors import ContentError
from content.importing.archive import Archive
from content.importing.errors import ImportFailure
from content.importing.html import Find, Page, page_of_html, page_of_text, without_tags
from content.importing.languages import language_of_text
from content.importing.limits import MAX_PICTURE_BYTES, MAX_TEXT_BYTES
from content.importing.manifest_tree import Leaf, Manifest, manifest_path, read_manifest
from content.importing.moodle_text import data_of_uri
from content.importing.outcome import Imported, ImportedDocument, Unread, together
from content.importing.pictures import PictureError, Pictures
from content.importing.qti12 import read_assessment
from content.importing.registry import importer_of, reader
from content.importing.safe_xml import parse_xml, text_of, without_namespaces
from content.importing.task_maker import Question, TaskMaker
from content.importing.text_decoding import decode_text

_FILE_BASE = re.compile(
    r"\$(?:IMS-CC-FILEBASE|IMS_CC_FILEBASE|CANVAS_COURSE_REFERENCE)\$/?(?:\.\./)?"
)
_PAGE = (".html", ".htm", ".xhtml")
_PICTURE = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".svg", ".css", ".js", ".ico")
_INNER = ("docx", "pptx", "pdf", "markdown", "gift", "srt", "webvtt")
_TITLE = re.compile(r"<title[^>]{0,99}>(.{0,999}?)</title>", re.IGNORECASE | re.DOTALL)


def read(data: bytes, name: str) -> Imported:
    """A cartridge's pages, discussions, links, tests and files.

    Raises ImportFailure for an archive that is none, or holds nothing that can be imported.
    """
    archive = Archive(data, name)
    path = manifest_path(archive)
    if path is None:
        raise ImportFailure(f"{name} has no imsmanifest.xml: it is no Common Cartridge.")
    return read_cartridge(archive, read_manifest(archive, path))


def read_cartridge(archive: Archive, manifest: Manifest) -> Imported:
    """The same for an archive that is open already."""
    cartridge = _Cartridge(archive)
    parts = [cartridge.part(leaf) for leaf in manifest.leaves]
    for resource in manifest.unlisted():
        parts.append(cartridge.part(Leaf((), "", resource), is_listed=False))
    found = together(parts)
    if not (found.documents or found.tasks or found.unread):
        raise ImportFailure(f"{archive.name} holds nothing that can be imported.")
    return found


class _Cartridge:
    """A cartridge under way; each resource is read once."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._taken: Dict[str, bool] = {}

    def part(self, leaf: Leaf, is_listed: bool = True) -> Imported:
        """What one resource gives."""
        resource = leaf.resource
        if resource.id in self._taken:
            return Imported()
        self._taken[resource.id] = True
        place = leaf.title or resource.file or resource.id
        try:
            return self._read(leaf, is_listed)
        except ContentError as problem:
            return self._unread(place, str(problem))

    def _unread(self, place: str, why: str) -> Imported:
        return Imported(unread=(Unread(self._archive.name, place, why),))

    def _read(self, leaf: Leaf, is_listed: bool) -> Imported:
        kind, path = leaf.resource.type, leaf.resource.file
        place = leaf.title or path or leaf.resource.id
        if not path:
            return self._unread(place, "Its file is not in the cartridge.")
        if "imsqti" in kind:
            return self._questions(leaf, path)
        for mark, make in _MAKERS.items():
            if mark in kind:
                return make(self, leaf, path)
        if "lti" in kind:
            return self._unread(place, "It is a tool on the internet, not a lesson.")
        if path.lower().endswith(_PAGE):
            return self._page(leaf, path)
        return self._file(leaf, path, is_listed, place)

    def _questions(self, leaf: Leaf, path: str) -> Imported:
        data = self._archive.read(path, MAX_TEXT_BYTES)

        def find_for(maker: TaskMaker) -> Find:
            return self._find(maker.pictures, path, maker.unread)

        return read_assessment(data, path, "/".join(_plain(leaf.folder)), find_for)

    def _find(self, pictures: Pictures, beside: str, tell: Callable[[str, str], None]) -> Find:
        def find(address: str) -> Optional[str]:
            data = data_of_uri(address) or self._bytes(address, beside)
            if not data:
                return None
            try:
                return pictures.add(data)
            except PictureError as problem:
                tell(address[:80], str(problem))
                return None

        return find

    def _bytes(self, address: str, beside: str) -> bytes:
        plain = unquote(address.split("?", 1)[0])
        rest = _FILE_BASE.sub("", plain)
        for one in (plain, f"web_resources/{rest}", rest):
            path = self._archive.find(one, beside)
            if path is not None:
                return self._archive.read(path, MAX_PICTURE_BYTES)
        return b""

    def _page(self, leaf: Leaf, path: str) -> Imported:
        text, damage = decode_text(self._archive.read(path, MAX_TEXT_BYTES), path)
        titled = _TITLE.search(text)
        title = (
            leaf.title or (without_tags(titled[1]) if titled else "") or PurePosixPath(path).stem
        )
        return self._document(leaf, path, title, text, [damage] if damage else [])

    def _document(
        self, leaf: Leaf, path: str, title: str, html: str, told: List[str], plain: bool = False
    ) -> Imported:
        pictures = Pictures()
        unread: List[Unread] = []

        def tell(place: str, why: str) -> None:
            unread.append(Unread(self._archive.name, f"{path}: {place}", why))

        page = page_of_text(html) if plain else page_of_html(html, self._find(pictures, path, tell))
        for one in [*told, *(f"Not taken over: {lost}." for lost in page.lost)]:
            unread.append(Unread(self._archive.name, path, one))
        if not page.blocks:
            unread.append(Unread(self._archive.name, path, "The page is empty."))
            return Imported(unread=tuple(unread))
        name = "/".join([*_plain(leaf.folder), title.replace("/", "-")])
        language = language_of_text(without_tags(html))
        markdown = f"{page.markdown}\n"
        made = ImportedDocument(name, title, language, markdown, pictures.files)
        return Imported(documents=(made,), unread=tuple(unread))

    def _xml(self, path: str) -> Tuple[str, str, str]:
        """Title, text and its type of a discussion or an assignment."""
        root = without_namespaces(parse_xml(self._archive.read(path, MAX_TEXT_BYTES), path))
        text = root.find("text")
        kind = (text.get("texttype") or "text/html") if text is not None else "text/html"
        return text_of(root, "title"), text_of(root, "text"), kind

    def _discussion(self, leaf: Leaf, path: str) -> Imported:
        title, text, kind = self._xml(path)
        return self._document(leaf, path, title or leaf.title, text, [], plain="plain" in kind)

    def _assignment(self, leaf: Leaf, path: str) -> Imported:
        title, text, _ = self._xml(path)
        name = title or leaf.title or path
        language = language_of_text(without_tags(text)) or "en"
        maker = TaskMaker(path, name, language, "/".join(_plain(leaf.folder)))
        page: Page = page_of_html(text, self._find(maker.pictures, path, maker.unread))
        maker.add(Question(name, page.markdown, maker.bodies.essay(), lost=page.lost), path)
        return maker.imported()

    def _link(self, leaf: Leaf, path: str) -> Imported:
        root = without_namespaces(parse_xml(self._archive.read(path, MAX_TEXT_BYTES), path))
        address = root.find("url")
        title = text_of(root, "title") or leaf.title or path
        href = (address.get("href") or "") if address is not None else ""
        if not href.startswith(("http://", "https://")):
            return self._unread(title, "It is a link without an address.")
        words = title.replace("<", "&lt;")
        return self._document(
            leaf, path, title, f'<p><a href="{_quoted(href)}">{words}</a></p>', []
        )

    def _file(self, leaf: Leaf, path: str, is_listed: bool, place: str) -> Imported:
        lower = path.lower()
        if lower.endswith(_PICTURE) and not is_listed:
            return Imported()
        data = b"" if lower.endswith((".mp4", ".mov", ".mp3", ".zip")) else self._archive.read(path)
        importer = importer_of(data, path)
        if importer not in _INNER:
            if not is_listed and "associatedcontent" in leaf.resource.type:
                return self._unread(path, "It holds settings of the system that wrote it.")
            return self._unread(
                place, "It is a file of a kind that is not taken out of a cartridge."
            )
        found = reader(importer)(data, path)
        folder = "/".join([*_plain(leaf.folder)])
        documents = tuple(
            ImportedDocument(
                f"{folder}/{one.name}" if folder else one.name,
                leaf.title or one.title,
                one.language,
                one.markdown,
                one.pictures,
                one.narration,
            )
            for one in found.documents
        )
        return Imported(documents, found.tasks, found.subtitles, found.unread)


_MAKERS: Mapping[str, Callable[[_Cartridge, Leaf, str], Imported]] = {
    "imsdt": _Cartridge._discussion,
    "imswl": _Cartridge._link,
    "assignment": _Cartridge._assignment,
}
"""A mark in a resource's type to what reads it."""


def _plain(folder: Tuple[str, ...]) -> List[str]:
    """Titles of modules as parts of a name: the topmost only, which is the lesson."""
    return [part.replace("/", "-") for part in folder[:1]]


def _quoted(address: str) -> str:
    return address.replace("&", "&amp;").replace('"', "%22").replace("<", "%3C")
