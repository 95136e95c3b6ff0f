"""Zip packages: QTI items and tests, Common Cartridges, or just files together."""

from __future__ import annotations

from fractions import Fraction
from pathlib import PurePosixPath
from typing import Dict, List, Mapping, Optional, Tuple
from xml.etree.ElementTree import Element

from content.errors import ContentError
from content.importing.archive import Archive
from content.importing.errors import ImportFailure
from content.importing.imscc import read_cartridge
from content.importing.limits import MAX_PICTURE_BYTES, MAX_TEXT_BYTES
from content.importing.manifest_tree import Manifest, Resource, manifest_path, read_manifest
from content.importing.moodle_text import data_of_uri
from content.importing.outcome import Imported, Unread, together
from content.importing.qti_interactions import Reader
from content.importing.qti_item import add_item
from content.importing.qti_tree import ITEM, TEST, language_of, parse_qti
from content.importing.registry import importer_of, reader
from content.importing.safe_xml import text_of
from content.importing.shares import number_of
from content.importing.task_maker import TaskMaker

_NESTED = ("package", "imscc", "")
_QUIET = (".xsd", ".css", ".js", ".dtd", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp")


def read(data: bytes, name: str) -> Imported:
    """All that a package holds; raises ImportFailure when nothing in it can be imported."""
    archive = Archive(data, name)
    path = manifest_path(archive)
    if path is None:
        items = _documents(archive, Manifest())
        loose = _loose(archive, tuple(items))
        parts = [_qti(archive, Manifest())] if items else []
        return _some(archive, together([*parts, loose]))
    manifest = read_manifest(archive, path)
    return read_cartridge(archive, manifest) if manifest.is_cartridge else _qti(archive, manifest)


def _loose(archive: Archive, without: Tuple[str, ...]) -> Imported:
    """Files that somebody zipped: each by its own importer, archives within aside."""
    parts: List[Imported] = []
    for path in archive.paths:
        if path in without:
            continue
        try:
            data = archive.read(path)
            importer = importer_of(data, path)
            if importer not in _NESTED:
                parts.append(reader(importer)(data, path))
            elif not path.lower().endswith(_QUIET):
                why = "It is of no kind that can be imported from within an archive."
                parts.append(Imported(unread=(Unread(archive.name, path, why),)))
        except ContentError as problem:
            parts.append(Imported(unread=(Unread(archive.name, path, str(problem)),)))
    return together(parts)


def _some(archive: Archive, found: Imported) -> Imported:
    if not (found.tasks or found.documents or found.subtitles or found.unread):
        raise ImportFailure(f"{archive.name} holds nothing that can be imported.")
    return found


class _Package:
    """A QTI package under way: items by their path, each read once."""

    def __init__(self, archive: Archive, maker: TaskMaker) -> None:
        self.archive = archive
        self.maker = maker
        self.roots: Dict[str, Element] = {}
        self.taken: Dict[str, bool] = {}
        self._pictures: Dict[str, Optional[str]] = {}

    def root(self, path: str) -> Optional[Element]:
        """A document of QTI; None, and a line, where it cannot be read."""
        if path not in self.roots:
            try:
                data = self.archive.read(path, MAX_TEXT_BYTES)
                self.roots[path] = parse_qti(data, path)
            except ContentError as problem:
                self.maker.unread(path, str(problem), self.archive.name)
                return None
        return self.roots[path]

    def bytes_of(self, address: str, beside: str) -> bytes:
        """The bytes that an address in a file means; empty where there are none."""
        inside = data_of_uri(address)
        path = None if inside or not address else self.archive.find(address, beside)
        if path is None:
            return inside
        try:
            return self.archive.read(path, MAX_PICTURE_BYTES)
        except ContentError:
            return b""

    def picture(self, address: str, beside: str) -> Optional[str]:
        """The path to show a picture by."""
        known = self.archive.find(address, beside) or address
        if known not in self._pictures:
            data = self.bytes_of(address, beside)
            self._pictures[known] = self.maker.picture(data, address[:80]) if data else None
        return self._pictures[known]

    def add(self, path: str, points: Optional[Fraction] = None) -> None:
        """Take in the item at a path, once."""
        root = self.root(path)
        if root is None or root.tag != ITEM or path in self.taken:
            return
        self.taken[path] = True

        def find(address: str) -> Optional[str]:
            return self.picture(address, path)

        def data(address: str) -> bytes:
            return self.bytes_of(address, path)

        tools = Reader(self.maker.bodies, find, data)
        add_item(
            self.maker, root, tools, self.archive.name, points, self._stimulus(root, path, tools)
        )

    def _stimulus(self, root: Element, path: str, tools: Reader) -> str:
        said = []
        for reference in root.iter("assessmentStimulusRef"):
            found = self.archive.find(reference.get("href") or "", path)
            document = self.root(found) if found else None
            body = document.find("stimulusBody") if document is not None else None
            if body is not None:
                said.append(tools.markdown(body))
        return "\n\n".join(said)


def _qti(archive: Archive, manifest: Manifest) -> Imported:
    paths = _documents(archive, manifest)
    stem = PurePosixPath(archive.name).stem
    package = _Package(archive, TaskMaker(archive.name, manifest.title or stem, "en"))
    roots = [(path, package.root(path)) for path in paths]
    first = next((root for _, root in roots if root is not None and root.tag == ITEM), None)
    language = language_of(first) if first is not None else "en"
    package.maker = TaskMaker(archive.name, manifest.title or stem, language)
    for path, root in roots:
        if root is not None and root.tag == TEST:
            title = root.get("title") or root.get("identifier") or path
            package.maker.begin(f"{title} ({path})", title)
            _sections(package, root, path)
    if any(path not in package.taken for path, root in roots if root is not None):
        package.maker.begin(manifest.title or stem)
    for path, root in roots:
        if root is None:
            package.root(path)
        package.add(path)
    found = package.maker.imported()
    if not (found.tasks or found.unread):
        raise ImportFailure(f"{archive.name} holds no questions.")
    return found


def _documents(archive: Archive, manifest: Manifest) -> List[str]:
    """Items and tests as the manifest lists them; all XML where it lists none."""
    listed = [one.file for one in manifest.resources.values() if _asks(one) and one.file]
    if listed:
        return list(
            dict.fromkeys(path for path in listed if path.lower().endswith((".xml", ".qti")))
        )
    found = []
    for path in archive.paths:
        if path.lower().endswith(".xml") and not path.lower().endswith("imsmanifest.xml"):
            try:
                data = archive.read(path, MAX_TEXT_BYTES)
            except ContentError:
                continue
            if importer_of(data, path) == "qti":
                found.append(path)
    return found


def _asks(resource: Resource) -> bool:
    kind = resource.type
    return "imsqti" in kind and not any(
        mark in kind for mark in ("template", "stimulus", "outcome")
    )


def _sections(package: _Package, root: Element, path: str) -> None:
    for reference in root.iter():
        if reference.tag == "assessmentItemRef":
            found = package.archive.find(reference.get("href") or "", path)
            if found is None:
                where = reference.get("href") or reference.get("identifier") or "?"
                package.maker.unread(
                    where, "The file of the item is missing.", package.archive.name
                )
                continue
            package.add(found, _weight(reference, package.root(found)))
        elif reference.tag == "assessmentSectionRef":
            found = package.archive.find(reference.get("href") or "", path)
            section = package.root(found) if found else None
            if section is not None and section is not root and found:
                _sections_of(package, section, found)


def _sections_of(package: _Package, section: Element, path: str) -> None:
    """A section in a file of its own, whose own references to sections are not followed."""
    for reference in section.iter("assessmentItemRef"):
        found = package.archive.find(reference.get("href") or "", path)
        if found is not None:
            package.add(found, _weight(reference, package.root(found)))


def _weight(reference: Element, root: Optional[Element]) -> Optional[Fraction]:
    """The points that a test's weight makes of an item's; None for the item's own."""
    weights: Mapping[str, Optional[Fraction]] = {
        one.get("identifier") or "": number_of(one.get("value"))
        for one in reference.findall("weight")
    }
    weight = next((one for one in weights.values() if one is not None and one > 0), None)
    if weight is None or root is None:
        return None
    most = next(
        (
            number_of(text_of(one, "defaultValue"))
            for one in root.findall("outcomeDeclaration")
            if one.get("identifier") == "MAXSCORE"
        ),
        None,
    )
    return weight * (most or 1)
