"""A single file of QTI 2.1, 2.2 or 3.0; packages of many are read by ``package``."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Optional

from content.importing.errors import ImportFailure
from content.importing.moodle_text import data_of_uri
from content.importing.outcome import Imported
from content.importing.qti_interactions import Reader
from content.importing.qti_item import add_item
from content.importing.qti_tree import ITEM, language_of, parse_qti
from content.importing.task_maker import TaskMaker


def read(data: bytes, name: str) -> Imported:
    """The question of an item's file; its pictures are those that are written into it.

    Raises ImportFailure for a test's file, which only names its items.
    """
    root = parse_qti(data, name)
    if root.tag != ITEM:
        raise ImportFailure(
            f"{name} only names its questions; give the whole package (.zip) instead."
        )
    maker = TaskMaker(name, PurePosixPath(name).stem, language_of(root))

    def find(address: str) -> Optional[str]:
        inside = data_of_uri(address)
        return maker.picture(inside, address[:40]) if inside else None

    add_item(maker, root, Reader(maker.bodies, find, data_of_uri))
    return maker.imported()
