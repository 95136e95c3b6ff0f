"""A laptop that shows one source folder to its author and is thrown away afterwards."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from client.laptop.laptop import Laptop
from client.laptop.packs.library import PACKS_FOLDER, Library
from client.laptop.people import membership as memberships
from client.laptop.people.membership import Membership
from client.laptop.people.people import STUDENT, Person
from client.laptop.storage.opening import open_database
from client.messages import Message
from client.preview.folder_state import FolderState, state_of

if TYPE_CHECKING:
    from client.laptop.road import Road

PUPIL = "pupil"
_KEPT_LOOKS = 2
"""A video of the look before may still be playing."""


class Previewing:
    """Shows a source, and what is saved in it, on a laptop without a school or a link.

    ``folder`` is emptied and used for the laptop; ``name`` is what the one pupil is called.
    """

    def __init__(self, source: Path, folder: Path, name: str) -> None:
        self._source = source
        self._seen: FolderState = {}
        self._look = 0
        self._packs = folder / PACKS_FOLDER
        self.problem: Optional[Message] = None
        self.detail = ""
        memberships.save(folder, _without_school(name))
        self._database, _ = open_database(folder)
        self._library = Library(folder, self._database)
        self.laptop = Laptop.open(folder, reach=_no_road)

    @property
    def pupil(self) -> Person:
        """Whose eyes it is seen with."""
        return self.laptop.person(PUPIL)

    def refresh(self) -> bool:
        """Show what was saved since the last time; whether there was anything.

        A source that cannot be read leaves the last look as it is, sets ``problem`` to what is to
        be said and ``detail`` to the reason.
        """
        state = state_of(self._source)
        if state == self._seen:
            return False
        self._seen = state
        self._show()
        return True

    def close(self) -> None:
        """Let go of the files."""
        self.laptop.close()
        self._database.close()

    def _show(self) -> None:
        from content.building.loose import lay_out
        from content.building.source import read_source
        from content.errors import ContentError
        from content.pack import Pack

        look = self._look + 1
        try:
            source = read_source(self._source)
            folder = self._packs / source.table.id / str(look)
            lay_out(source, folder, look)
            self._library.show(Pack.open(folder).of(source.table.id, look))
        except ContentError as error:
            self.detail = str(error)
            self.problem = Message("preview.problem", {"folder": self._source.name})
            return
        self._look = look
        self.problem, self.detail = None, ""
        self._forget(source.table.id)

    def _forget(self, pack: str) -> None:
        """Delete looks that nobody sees any more."""
        for folder in self._packs.glob("*/*"):
            is_recent = folder.parent.name == pack and int(folder.name) > self._look - _KEPT_LOOKS
            if not is_recent:
                shutil.rmtree(str(folder), ignore_errors=True)


def _without_school(name: str) -> Membership:
    from sync.identity import Identity

    own = Identity.generate()
    nobody = Identity.generate().public.to_bytes()
    pupil = Person(PUPIL, name, STUDENT, "")
    # An address, or it would be a laptop to which sticks are the road.
    return Membership(own.to_bytes(), own.public.to_bytes(), "preview", nobody, "", (pupil,))


def _no_road(_: str) -> Road:
    from sync.errors import LinkError

    raise LinkError("link-unreachable", "a preview has no school")
