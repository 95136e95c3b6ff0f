"""The manifest of a content package (IMS CP 1.1 and 1.2, as QTI and Common Cartridge use it)."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Mapping, Optional, Tuple
from xml.etree.ElementTree import Element

from content.importing.archive import Archive
from content.importing.limits import MAX_TEXT_BYTES
from content.importing.safe_xml import parse_xml, text_of, without_namespaces

MANIFEST = "imsmanifest.xml"


@dataclass(frozen=True)
class Resource:
    """One resource: its type, its main file and all of its files, by their paths in the archive."""

    id: str
    type: str
    file: str
    files: Tuple[str, ...]


@dataclass(frozen=True)
class Leaf:
    """A resource in the order of the course; ``folder`` are the titles above it."""

    folder: Tuple[str, ...]
    title: str
    resource: Resource


@dataclass
class Manifest:
    """What a package says about itself."""

    title: str = ""
    is_cartridge: bool = False
    resources: Mapping[str, Resource] = field(default_factory=dict)
    leaves: List[Leaf] = field(default_factory=list)

    def unlisted(self) -> Iterator[Resource]:
        """Resources that the course's order does not name."""
        listed = {leaf.resource.id for leaf in self.leaves}
        return (one for one in self.resources.values() if one.id not in listed)


def manifest_path(archive: Archive) -> Optional[str]:
    """The manifest at the top, or in the only folder there; None where there is none."""
    found = [path for path in archive.paths if posixpath.basename(path).lower() == MANIFEST]
    return min(found, key=lambda path: path.count("/")) if found else None


def read_manifest(archive: Archive, path: str) -> Manifest:
    """The manifest at ``path``; raises ImportFailure when it cannot be read."""
    root = without_namespaces(
        parse_xml(archive.read(path, MAX_TEXT_BYTES), f"{archive.name}: {path}")
    )
    manifest = Manifest(resources=_resources(archive, root, path))
    kinds = [resource.type for resource in manifest.resources.values()]
    schema = text_of(root, "metadata/schema").lower()
    manifest.is_cartridge = "cartridge" in schema or any(
        "imscc" in kind or "imsqti_xmlv1p" in kind for kind in kinds
    )
    manifest.title = _title(root)
    for organization in root.iter("organization"):
        manifest.title = manifest.title or text_of(organization, "title")
        for item in organization.findall("item"):
            _collect(item, (), manifest)
    return manifest


def _title(root: Element) -> str:
    for path in ("general/title/string", "general/title/langstring"):
        found = root.find(f".//{path}")
        if found is not None and text_of(found):
            return " ".join(text_of(found).split())
    return ""


def _resources(archive: Archive, root: Element, path: str) -> Dict[str, Resource]:
    found: Dict[str, Resource] = {}
    for element in root.iter("resource"):
        base = element.get("base") or ""
        names = [element.get("href"), *(file.get("href") for file in element.findall("file"))]
        files = [archive.find(posixpath.join(base, name), path) for name in names if name]
        known = tuple(dict.fromkeys(file for file in files if file))
        identifier = element.get("identifier") or f"resource-{len(found)}"
        kind = (element.get("type") or "").lower()
        found[identifier] = Resource(identifier, kind, known[0] if known else "", known)
    return found


def _collect(item: Element, folder: Tuple[str, ...], manifest: Manifest) -> None:
    title = " ".join(text_of(item, "title").split())
    resource = manifest.resources.get(item.get("identifierref") or "")
    if resource is not None:
        manifest.leaves.append(Leaf(folder, title, resource))
    inner = (*folder, title) if title else folder
    for child in item.findall("item"):
        _collect(child, inner, manifest)
