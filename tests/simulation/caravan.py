"""Sticks on their way between the machines of a world, and what befalls them."""

from __future__ import annotations

import hashlib
from random import Random
from typing import Callable, Dict, FrozenSet, List, Optional, Sequence, Set

from sync.errors import LinkError, StickError
from sync.sticks.correspondence import WrittenLetter
from sync.sticks.layout import ReplyName
from sync.sticks.merging import merge
from tests.simulation.events import Events
from tests.simulation.host import Host
from tests.simulation.letters import Visit, Visited
from tests.simulation.machine import Laptop
from tests.simulation.oracle import Oracle
from tests.simulation.stick import Copied, Stick
from tests.support.power import PowerCut

BAG_BYTES = 1 << 30


class Caravan:
    """All sticks and bags. ``copied`` says what own letters hold, whatever became of them.

    What lies on a stick in a letter to oneself can come back while some laptop has its keys: the
    oracle asks for it then, as for what is on a disk.
    """

    def __init__(
        self,
        events: Events,
        oracle: Oracle,
        laptops: List[Laptop],
        hosts: List[Host],
        hear: Callable[[Laptop], None],
    ) -> None:
        self._events = events
        self._oracle = oracle
        self._laptops = laptops
        self._hosts = hosts
        self._hear = hear
        self.sticks: List[Stick] = []
        self.bags: Dict[str, Stick] = {}
        self.copied: Dict[str, Copied] = {}
        self.images: Dict[str, Dict[str, bytes]] = {}
        oracle.carried = self.returning

    def add(self) -> Stick:
        stick = Stick(f"stick-{len(self.sticks)}")
        self.sticks.append(stick)
        return stick

    # What is on them.

    def facts(self) -> Set[bytes]:
        """The facts in letters to oneself that lie somewhere, whoever can read them."""
        names = {name for one in self._all() for name in one.own_letters()}
        return set().union(*(self.copied[name].facts for name in names if name in self.copied))

    def returning(self) -> Set[bytes]:
        """The facts that can come back: their letter lies somewhere, and a laptop has its keys."""
        names = {name for one in self._all() for name in one.own_letters()} & set(self.copied)
        if not names:
            return set()
        keys = {device for laptop in self._laptops for device in laptop.devices()}
        return set().union(
            *(self.copied[name].facts for name in names if self.copied[name].device in keys)
        )

    def _all(self) -> Sequence[Stick]:
        return (*self.sticks, *self.bags.values())

    def concerns(self, stick: Stick, laptop: Laptop) -> bool:
        """Tell whether a letter that a laptop wrote to itself lies on a stick."""
        there = {self.copied[name].device for name in stick.own_letters() if name in self.copied}
        return bool(there) and not there.isdisjoint(laptop.devices())

    def _judge(self, before: Set[bytes], *changed: Stick) -> None:
        """Let the oracle judge what does not lie here any more, where something changed."""
        for stick in changed:
            stick.changed()
        self._oracle.wiped(frozenset(before - self.facts()), self._laptops, self._hosts)

    # Visits.

    def visit_laptop(
        self, stick: Stick, laptop: Laptop, pulled: Optional[Random] = None
    ) -> Visited:
        """Plug a stick into a laptop; ``pulled``: somebody takes it out at any moment."""
        before = self.facts()
        mailbox = stick.mailbox(laptop.server)
        visit = Visit(laptop, mailbox, self._left)
        if pulled is not None:
            stick.volume.fail_at(stick.volume.steps + pulled.randrange(60))
        try:
            visit.run()
        except StickError as error:
            self._events.note("stick pulled out of", laptop.name, error.code)
        except PowerCut:
            laptop.reboot()
            raise
        finally:
            if pulled is not None:
                stick.volume.pull(pulled)
            self._hear(laptop)
            self._oracle.imaged(frozenset(visit.done.recovered))
            self._judge(before, stick)
        done = visit.done
        came = sum(len(one.records) for one in done.outcomes)
        self._events.note("stick at", laptop.name, stick.name, came, laptop.journal.received_seq)
        if done.recovered:
            self._events.note("recovered", laptop.name, len(done.recovered))
        if done.branches:
            self._events.note("branched by letter", laptop.name, done.carried)
        return done

    def _left(self, written: WrittenLetter, facts: FrozenSet[bytes]) -> None:
        if written.own_name:
            self.copied[written.own_name] = Copied(written.device, facts)

    def visit_host(
        self, stick: Stick, host: Host, pulled: Optional[Random] = None, dies: bool = False
    ) -> None:
        """Plug a stick into a server; with ``dies`` the server goes off in between."""
        if not host.up:
            return
        before = self.facts()
        if pulled is not None:
            stick.volume.fail_at(stick.volume.steps + pulled.randrange(80))
        try:
            done = host.visit(stick.volume, dies)
            self._events.note("stick at", host.name, stick.name, done.letters, done.replies)
        except PowerCut:
            host.restart()
            self._events.note("server off in a visit", host.name)
        finally:
            if pulled is not None:
                stick.volume.pull(pulled)
                self._events.note("stick pulled out of", host.name)
            self._judge(before, stick)

    def empty_bags(self, stick: Stick) -> None:
        """Let all who carry others' letters meet a stick."""
        for laptop in self._laptops:
            if laptop.name in self.bags:
                self.merge(stick, laptop)

    def merge(self, stick: Stick, laptop: Laptop) -> None:
        """Let a teacher's laptop take along what lies on a stick, and leave what it carries."""
        before = self.facts()
        bag = self._bag(laptop)
        here, there = bag.mailbox(laptop.server), stick.mailbox(laptop.server)
        stick_id = hashlib.sha256(stick.name.encode()).hexdigest()[:32]
        merged = merge(here, there, BAG_BYTES, stick_id)
        self._events.note("merged", laptop.name, stick.name, merged.taken, merged.given)
        self._judge(before, stick, bag)

    def _bag(self, laptop: Laptop) -> Stick:
        if laptop.name not in self.bags:
            self.bags[laptop.name] = Stick(f"bag of {laptop.name}", is_bag=True)
        return self.bags[laptop.name]

    def post(self, laptop: Laptop, carried: Callable[[], bool]) -> None:
        """Send what a bag holds over a link, as far as it holds, and put the replies into it."""
        mailbox = self._bag(laptop).mailbox(laptop.server)
        for name in list(mailbox.up_letters()):
            if name in mailbox.answered():
                continue
            try:
                posted = laptop.host.post(mailbox.up_bytes(name), not carried())
            except LinkError as error:
                self._events.note("posting failed", laptop.name, error.code)
                return
            mailbox.put_down(ReplyName(name.box, name.letter, posted.number), posted.letter)
            self._events.note("posted", laptop.name)

    # What befalls them.

    def lose(self, stick: Stick) -> None:
        """Lose a stick and find an empty one in its place."""
        before = self.facts()
        stick.become({})
        self._judge(before)
        self._events.note("stick lost", stick.name)

    def copy(self, stick: Stick, to: Stick) -> None:
        """Copy a stick's folder over another's."""
        before = self.facts()
        to.become(stick.files())
        self._judge(before)
        self._events.note("stick copied", stick.name, to.name)

    def take_image(self, stick: Stick) -> None:
        self.images[stick.name] = stick.files()

    def put_back(self, stick: Stick) -> None:
        """Copy back what was on a stick long ago."""
        before = self.facts()
        stick.become(self.images.get(stick.name, {}))
        self._judge(before)
        self._events.note("stick put back", stick.name)

    def flip(self, stick: Stick, chance: Random) -> None:
        """Let a worn stick forget a bit of one of its letters."""
        before = self.facts()
        letters = [path for path, data in stick.files().items() if data and "/mail/" in f"/{path}"]
        if letters:
            path = chance.choice(letters)
            stick.volume.flip(path, chance.randrange(len(stick.files()[path])))
            self._events.note("stick worn", stick.name)
        self._judge(before, stick)
