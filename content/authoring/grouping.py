"""Which files make a lesson: those of a folder, of a number, of a name; decided from names alone.

A folder with files is a lesson. In the folder above all, and where a folder holds several videos,
files with one number, or one name, are a lesson.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Sequence, Set, Tuple

from content.authoring.names import Named, named, natural, numbered, readable
from content.authoring.scan import (
    AUDIO,
    DOCUMENT,
    PICTURE,
    SUBTITLES,
    TASKS,
    VIDEO,
    Found,
)
from content.importing.languages import language_of_name

_LEADS = (VIDEO, DOCUMENT, AUDIO)
"""Kinds that make a lesson on their own."""


@dataclass(frozen=True)
class Placed:
    """A file and what its name says."""

    found: Found
    named: Named


@dataclass(frozen=True)
class Group:
    """The files of a lesson in order of their names; ``title`` is what names call it, or "".

    ``unit`` is the part of a course to which the lesson keeps, of files that hold a whole course.
    """

    title: str
    files: Tuple[Placed, ...]
    unit: Optional[str] = None

    def of(self, *kinds: str) -> Tuple[Placed, ...]:
        """Those of some kinds."""
        return tuple(one for one in self.files if one.found.kind in kinds)


_Key = Tuple[Optional[int], str]


def grouped(found: Sequence[Found]) -> Tuple[Group, ...]:
    """The lessons in the order in which people would count them."""
    folders: Dict[Tuple[str, ...], List[Placed]] = {}
    for one in sorted(found, key=lambda file: natural(file.path)):
        placed = Placed(one, named(one.path))
        folders.setdefault(placed.named.folder, []).append(placed)
    groups: List[Group] = []
    for folder in sorted(folders, key=lambda parts: [natural(part) for part in parts]):
        files = folders[folder]
        split = _split(files, is_root=not folder)
        if split:
            groups.extend(split)
        else:
            title = numbered(language_of_name(folder[-1])[0])[1] if folder else _own_title(files)
            groups.append(Group(title or (readable(folder[-1]) if folder else ""), tuple(files)))
    return tuple(_settled(groups))


def _own_title(files: Sequence[Placed]) -> str:
    leads = [one for kind in _LEADS for one in files if one.found.kind == kind]
    return leads[0].named.stem if leads else ""


def _split(files: Sequence[Placed], is_root: bool) -> List[Group]:
    """The lessons of one folder, or none if it is a lesson as a whole."""
    videos = {_key(one) for one in files if one.found.kind == VIDEO}
    leads = {_key(one) for one in files if one.found.kind in _LEADS}
    numbers = {number for number, _ in leads if number is not None}
    several = len(videos) > 1
    if is_root:
        several = several or len(numbers) > 1 or (not videos and len(leads) > 1)
    if not several:
        return []
    groups: Dict[_Key, List[Placed]] = {}
    for one in files:
        groups.setdefault(_belongs(one, videos or leads, leads), []).append(one)
    ordered = sorted(groups.items(), key=lambda item: _order(item[0]))
    return [Group(_title(members), tuple(members)) for _, members in ordered]


def _key(placed: Placed) -> _Key:
    number = placed.named.number
    return (number, "") if number is not None else (None, placed.named.stem.casefold())


def _belongs(placed: Placed, mains: Set[_Key], leads: Set[_Key]) -> _Key:
    """The lesson of a file: its own number or name, else that whose name it begins with."""
    own = _key(placed)
    if own in mains or own[0] is not None:
        return own
    begun = [key for key in mains | leads if key[1] and key != own and _begins(own[1], key[1])]
    return max(begun, key=lambda key: len(key[1])) if begun else own


def _begins(name: str, with_what: str) -> bool:
    return name.startswith(with_what) and not name[len(with_what) : len(with_what) + 1].isalnum()


def _order(key: _Key) -> Tuple[bool, int, object]:
    return key[0] is None, key[0] or 0, natural(key[1])


def _title(files: Sequence[Placed]) -> str:
    for kind in (VIDEO, DOCUMENT, AUDIO, TASKS, PICTURE, SUBTITLES):
        for one in files:
            if one.found.kind == kind and one.named.stem:
                return one.named.stem
    return ""


def _settled(groups: Sequence[Group]) -> List[Group]:
    """Groups that cannot be a lesson go to the only one there is, or stay to be named."""
    whole = [one for one in groups if one.of(*_LEADS, TASKS, PICTURE)]
    loose = [one for one in groups if one not in whole]
    if len(whole) != 1:
        return list(groups)
    files = [*whole[0].files, *(file for one in loose for file in one.files)]
    return [Group(whole[0].title, tuple(files))]
