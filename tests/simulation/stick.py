"""A stick: real letters on a medium in memory, which can be lost, copied and pulled out."""

from __future__ import annotations

from typing import Dict, FrozenSet, NamedTuple, Optional, Set

from sync.identity import PublicIdentity
from sync.sticks.layout import is_name, letter_name, parse_letter_name, school_name
from sync.sticks.mailbox import Mailbox
from tests.support.stick_volume import MemoryVolume


class Copied(NamedTuple):
    """What an own letter holds: records by the device that wrote them, as facts."""

    device: str
    facts: FrozenSet[bytes]


class Stick:
    """One stick, or with ``is_bag`` the bag of a laptop that carries others' letters."""

    def __init__(self, name: str, *, is_bag: bool = False) -> None:
        self.name = name
        self._is_bag = is_bag
        self.volume = MemoryVolume(is_disk=is_bag)
        self._own: Optional[Set[str]] = None

    def mailbox(self, server: PublicIdentity) -> Mailbox:
        """What lies here for a school."""
        return Mailbox(self.volume, school_name(server.id_bytes))

    def files(self) -> Dict[str, bytes]:
        return self.volume.files()

    def become(self, files: Dict[str, bytes]) -> None:
        """Have a folder copied over all that was here."""
        self.volume = MemoryVolume(is_disk=self._is_bag)
        for path, data in files.items():
            self.volume.put(path, data)
        self.changed()

    def changed(self) -> None:
        """Look again at what lies here when next asked."""
        self._own = None

    def own_letters(self) -> Set[str]:
        """Name the letters of laptops to themselves that lie here whole."""
        if self._own is None:
            self._own = self._whole_letters()
        return self._own

    def _whole_letters(self) -> Set[str]:
        found: Set[str] = set()
        for path, data in self.files().items():
            folders, _, name = path.rpartition("/")
            parsed = parse_letter_name(name)
            if folders.endswith("/own") and parsed is not None and is_name(parsed.letter):
                found |= {parsed.letter} & {letter_name(data)}
        return found
