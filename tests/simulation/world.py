"""A school with its machines, and everything that can befall them; nothing here is by chance."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from sync.errors import LinkError, RefusedError
from sync.exchanges.healing import Healed
from sync.kinds import MARK, QUESTION, SUBMISSION
from sync.people import Person
from sync.record import Record
from tests.simulation.caravan import Caravan
from tests.simulation.checks import Agreement, check
from tests.simulation.events import Act, Events
from tests.simulation.host import Host
from tests.simulation.machine import Image, Laptop
from tests.simulation.network import ARRIVES, Road
from tests.simulation.oracle import Oracle
from tests.support.power import PowerCut

QUIET_ROUNDS = 2
MAX_ROUNDS = 30


class World:
    """Machines in ``folder``, and an oracle that sees all that is saved on them.

    ``hermits`` are laptops that no network reaches: while there are sticks, only those come by.
    """

    def __init__(self, folder: Path, events: Events) -> None:
        self.folder = folder
        self.events = events
        self.oracle = Oracle()
        self.laptops: List[Laptop] = []
        self.hosts: List[Host] = []
        self.above: Dict[str, Host] = {}
        self.images: Dict[str, Image] = {}
        self.backups: Dict[str, Path] = {}
        self.caravan = Caravan(events, self.oracle, self.laptops, self.hosts, self.hear)
        self.hermits: List[Laptop] = []
        self.exchanges = 0
        self.failed = ""

    def close(self) -> None:
        for laptop in self.laptops:
            laptop.reboot()
        for host in self.hosts:
            host.close()

    def add_host(self, name: str) -> Host:
        host = Host(name, self.folder / name, self.events)
        self.hosts.append(host)
        return host

    def join(self, below: Host, above: Host) -> None:
        """Put a server below another one."""
        below.join(above)
        self.above[below.name] = above

    def relays(self) -> List[Host]:
        return [host for host in self.hosts if host.name in self.above]

    def add_laptop(
        self,
        name: str,
        host: Host,
        class_name: str,
        students: Sequence[str],
        teachers: Sequence[str],
        school: str = "",
    ) -> Laptop:
        """Enrol a laptop for people of a class, of the server itself or of the one below it."""
        laptop = Laptop(name, self.folder / f"{name}.db", self.events)
        laptop.enrol(host.code(class_name, students, teachers, school), host)
        self.laptops.append(laptop)
        return laptop

    # What people do.

    def write(self, laptop: Laptop, person: str, kind: str, body: Mapping[str, Any]) -> None:
        """Save something; where the power fails before that, nobody was told that it is saved."""
        record = laptop.write(person, kind, body)
        self.oracle.saved(record)
        self.events.note("saved", laptop.name, kind, record.device, record.seq, record.time)

    def hear(self, laptop: Laptop) -> None:
        """Learn what the programme wrote by itself: that must arrive as what people write."""
        for record in laptop.said_of_clocks():
            self.oracle.saved(record)
            self.events.note("saved", laptop.name, record.kind, record.device, record.seq)

    def cut(self, laptop: Laptop) -> None:
        """Let a laptop start again after its power failed."""
        laptop.reboot()
        self.hear(laptop)
        self.events.note("power cut", laptop.name)

    def works(self, laptop: Laptop, kind: str = SUBMISSION) -> Tuple[Record, ...]:
        """What came to a teacher's laptop and was not yet marked or answered there."""
        done = {
            (one.body["device"], one.body["seq"])
            for one in laptop.journal.of_kind(MARK if kind == SUBMISSION else "answer")
        }
        came = laptop.inbox.of_kind(kind)
        return tuple(one for one in came if (one.device, one.seq) not in done)

    # What the road does.

    def road(self, laptop: Laptop, fate: Callable[[], str], post: Callable[[Act], None]) -> Road:
        def take_late(answer: bytes) -> bool:
            taken = laptop.take_late(answer)
            self.hear(laptop)
            return taken

        return Road(self.events, laptop.name, laptop.host.exchange, fate, post, take_late)

    def sync(self, laptop: Laptop, road: Road) -> Optional[Healed]:
        """Let a laptop sync as far as its road and its power go; None where they gave up."""
        healed = None
        try:
            healed = laptop.sync(road)
        except (LinkError, RefusedError) as error:
            self.events.note("sync failed", laptop.name, error.code)
            self.failed = error.code
        finally:
            self.exchanges += road.requests
        self.hear(laptop)
        if healed is not None:
            came = sum(len(one.records) for one in healed.outcomes)
            self.events.note("synced", laptop.name, came, laptop.journal.received_seq)
            if healed.branches:
                self.events.note("branched", laptop.name, healed.branches, healed.carried)
        return healed

    def relay(self, below: Host, fate: Callable[[], str], post: Callable[[Act], None]) -> bool:
        """Let a server speak with the one above it; tell whether anything moved."""
        if not below.up:
            return False
        road = Road(self.events, below.name, self.above[below.name].relay, fate, post)
        try:
            done = below.relay_over(road)
        except (LinkError, RefusedError) as error:
            self.failed = error.code
            self.events.note("relay failed", below.name, error.code)
            return True
        except PowerCut:
            below.restart()
            self.events.note("power cut", below.name)
            return True
        finally:
            self.exchanges += road.requests
        self.events.note("relayed", below.name, done.sent, done.received, done.restored)
        return bool(done.sent or done.received or done.restored or not done.in_step)

    # What befalls machines.

    def take_image(self, laptop: Laptop) -> Image:
        image = laptop.image(self.folder / f"{laptop.name}.image")
        self.images[laptop.name] = image
        self.events.note("imaged", laptop.name)
        return image

    def write_image(self, image: Image, laptop: Laptop) -> None:
        """Have a disk image written over a laptop, its own or another's."""
        gone = laptop.become(image)
        self.oracle.imaged(image.facts)
        # With the keys, what lies on sticks for them may have gone.
        lost = self.oracle.wiped(gone | self.caravan.facts(), self.laptops, self.hosts)
        self.events.note("image written", laptop.name, len(gone), lost)

    def back_up(self, host: Host) -> None:
        path = self.folder / f"{host.name}.backup"
        host.back_up(path)
        self.backups[host.name] = path
        self.events.note("backed up", host.name)

    def restore(self, host: Host) -> None:
        host.restore(self.backups[host.name])
        lost = self.oracle.server_went_back(self.hosts)
        self.events.note("restored", host.name, lost)

    def compact(self, laptop: Laptop, received_before_ms: int) -> None:
        """Make room on a laptop's disk."""
        gone = laptop.compact(received_before_ms)
        lost = self.oracle.wiped(gone, self.laptops, self.hosts)
        self.events.note("compacted", laptop.name, len(gone), lost)

    def turn_clock(self, laptop: Laptop, shown_ms: Optional[int]) -> None:
        """Let a laptop's clock show something else than the true time; None puts it right."""
        error_ms = 0 if shown_ms is None else shown_ms - self.events.now_ms()
        laptop.clock.error_ms = error_ms
        self.events.note("clock turned", laptop.name, error_ms)

    # The end.

    def settle(self) -> int:
        """Let everybody speak on good roads until nothing moves; return how many rounds it took."""
        for host in self.hosts:
            host.up = True
        quiet = 0
        for rounds in range(1, MAX_ROUNDS + 1):
            moved = sum(self._moved(laptop) for laptop in self.laptops)
            moved += self._carried(everywhere=rounds == 1)
            for below in self.relays():
                moved += self.relay(below, lambda: ARRIVES, self._nothing_is_late)
            quiet = 0 if moved else quiet + 1
            if quiet == QUIET_ROUNDS:
                return rounds
            self.events.time_ms += 1000
        raise AssertionError(f"they exchange without end {self.failed}")

    def _carried(self, everywhere: bool) -> int:
        """Let sticks come by: all of them where they hold copies, or one where no other road is."""
        moved = 0
        caravan = self.caravan
        if everywhere and caravan.sticks:
            caravan.empty_bags(caravan.sticks[0])
        for stick in caravan.sticks if everywhere else caravan.sticks[:1]:
            at = [one for one in self.laptops if everywhere and caravan.concerns(stick, one)]
            for laptop in dict.fromkeys([*at, *self.hermits]):
                moved += caravan.visit_laptop(stick, laptop).moved
            for host in self.hosts:
                caravan.visit_host(stick, host)
            moved += sum(caravan.visit_laptop(stick, one).moved for one in self.hermits)
        return moved

    def _moved(self, laptop: Laptop) -> bool:
        if laptop in self.hermits and self.caravan.sticks:
            return False
        healed = self.sync(laptop, self.road(laptop, lambda: ARRIVES, self._nothing_is_late))
        assert healed is not None, f"{laptop.name} cannot sync on a good road: {self.failed}"
        last = healed.outcomes[-1]
        assert last.problem is None, f"{laptop.name}: {last.problem}"
        return any(one.moved or one.records or one.covered for one in healed.outcomes)

    @staticmethod
    def _nothing_is_late(act: Act) -> None:
        raise AssertionError("a good road delays nothing")

    def check(self) -> Agreement:
        return check(self.oracle, self.laptops, self.hosts, self.hosts[-1])

    def pupils(self, laptop: Laptop) -> List[Person]:
        return [one for one in laptop.people if one.role == "student"]

    def teachers(self, laptop: Laptop) -> List[Person]:
        return [one for one in laptop.people if one.role == "teacher"]

    def questions(self, laptop: Laptop) -> Tuple[Record, ...]:
        return self.works(laptop, QUESTION)
