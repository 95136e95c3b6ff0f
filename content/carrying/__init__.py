"""Carrying packs on a stick: which files it takes, in which order, and what may go from it.

Nothing here writes to a stick. A stick's `repository` folder is laid out as a server serves it, and
`content` sees it through `content.carrying.shelf.Shelf`.
"""

from __future__ import annotations

from content.carrying.choices import CHOICES, chosen_media, sizes_bytes
from content.carrying.from_installation import plan_from_installation
from content.carrying.from_repository import plan_from_repository
from content.carrying.plan import CarriedFile, Plan, PlannedPack
from content.carrying.serials import publishers, serials
from content.carrying.superfluous import superfluous

__all__ = [
    "CHOICES",
    "CarriedFile",
    "Plan",
    "PlannedPack",
    "chosen_media",
    "plan_from_installation",
    "plan_from_repository",
    "publishers",
    "serials",
    "sizes_bytes",
    "superfluous",
]
