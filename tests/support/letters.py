"""A laptop's side of a visit by stick, as short as it can be: letters lie in a dictionary."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Set, Tuple

from sync.record import Record
from sync.sticks.correspondence import (
    Applied,
    WrittenLetter,
    apply_reply,
    note_left,
    own_devices,
    spent_letters,
    standing_letter,
    unknown_letters,
    write_letter,
)
from sync.sticks.letter import Letter, LetterKind
from sync.sticks.own_copy import Recovered, recover
from tests.support.model_post import answer_letter
from tests.support.model_server import ModelServer
from tests.support.sync_device import Device


@dataclass
class Pocket:
    """What lies on a stick: files of letters by device and name, and replies by device."""

    up: Dict[Tuple[str, str], bytes] = field(default_factory=dict)
    own: Dict[Tuple[str, str], bytes] = field(default_factory=dict)
    down: List[Tuple[str, Letter]] = field(default_factory=list)


@dataclass
class Correspondent:
    """A device that writes letters to a server."""

    device: Device
    server: ModelServer

    def write(self, catalogues: Mapping[str, int] = {}, **more: Any) -> WrittenLetter:
        """Write a letter and hand it to somebody."""
        parties = self.device.parties(self.server)
        written = write_letter(parties, catalogues, self.device.clock, **more)
        note_left(parties, written)
        return written

    def apply(self, reply: Letter) -> Applied:
        return apply_reply(self.device.parties(self.server), reply, self.device.clock)

    def recover(self, own: bytes) -> Recovered:
        letter = Letter.from_bytes(own, LetterKind.OWN)
        return recover(self.device.parties(self.server), letter, self.device.clock)

    def correspond(self) -> Applied:
        """Write a letter, carry it to the server, and bring the reply back."""
        return self.apply(answer_letter(self.server, self.write().up))

    def visit(self, stick: Pocket) -> Tuple[Record, ...]:
        """Take from a stick what is ours, and leave what the server should hear."""
        clock = self.device.clock
        back: List[Record] = []
        spent: List[str] = []
        boxes = own_devices(self.device.parties(self.server), clock)
        owns = [name for box, name in stick.own if box in boxes]
        for name in unknown_letters(self.device.parties(self.server), owns):
            data = next(data for (_, one), data in stick.own.items() if one == name)
            recovered = self.recover(data)
            back += recovered.records
            spent += [name] if recovered.spent else []
        for box, reply in list(stick.down):
            if box in boxes and self.apply(reply).ours:
                stick.down.remove((box, reply))
        parties = self.device.parties(self.server)
        boxes = own_devices(parties, clock)
        if not standing_letter(parties, {}, clock, [name for _, name in stick.up]):
            written = self.write()
            stick.up[written.device, written.up_name] = written.up
            if written.own:
                stick.own[written.device, written.own_name] = written.own
        names = [name for box, name in (*stick.up, *stick.own) if box in boxes]
        spent += spent_letters(parties, names, clock)
        for files in (stick.up, stick.own):
            for key in [key for key in files if key[1] in spent]:
                del files[key]
        return tuple(back)


def visit_server(server: ModelServer, stick: Pocket) -> None:
    """Let a server take a stick's letters and leave its replies."""
    for (box, name), data in list(stick.up.items()):
        stick.down.append((box, answer_letter(server, data)))
        del stick.up[box, name]


def spent(one: Correspondent, *names: str) -> Set[str]:
    """Return which of these files nobody needs any more."""
    parties = one.device.parties(one.server)
    return set(spent_letters(parties, names, one.device.clock))
