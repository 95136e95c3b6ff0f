"""A month of a school by a seed: who works when, and what goes wrong."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Dict, Iterator, List, Optional, TextIO, Tuple

from tests.simulation import habits
from tests.simulation.checks import Agreement
from tests.simulation.events import DAY_MS, HOUR_MS, MINUTE_MS, Act, Events
from tests.simulation.host import Host
from tests.simulation.machine import Laptop
from tests.simulation.network import ARRIVES, FATES
from tests.simulation.seeding import seeded_secrets
from tests.simulation.stick import Stick
from tests.simulation.world import World
from tests.support.clock import IN_2003_MS, IN_2031_MS, YEAR_MS
from tests.support.power import PowerCut

SCHOOL_DAYS = 5
TEACHERS = 2
RELAYS_A_DAY = 4


@dataclass(frozen=True)
class Plan:
    """How large a school is, how long it is watched, and how much goes wrong.

    The chances are: that an exchange meets another fate than arriving, that the power fails during
    a sync, and for each laptop and day that its clock is turned, that an image of it is taken, that
    one is written over it or over others, and that its disk is short; for each server and day that
    it comes back from its backup, and that it is off for hours; for each visit of a stick that it
    is pulled out, and for each stick and day that it wears, is lost, is copied over another one or
    has an old copy put back.
    """

    classes: int = 12
    pupils: int = 300
    laptops: int = 80
    days: int = 30
    attempts: int = 8
    bad_exchange: float = 0.12
    power_cut: float = 0.02
    clock_turned: float = 0.05
    imaged: float = 0.05
    set_back: float = 0.02
    cloned: float = 0.01
    disk_short: float = 0.02
    server_restored: float = 0.08
    server_down: float = 0.2
    sticks: int = 12
    pulled: float = 0.1
    stick_harmed: float = 0.03


SMALL = Plan(
    classes=2, pupils=24, laptops=10, days=4, attempts=4, set_back=0.05, cloned=0.05, sticks=3
)

UNLUCKY = Plan(
    classes=1,
    pupils=6,
    laptops=5,
    days=3,
    attempts=1,
    bad_exchange=0.3,
    power_cut=0.1,
    clock_turned=0.2,
    imaged=0.3,
    set_back=0.3,
    cloned=0.3,
    disk_short=0.2,
    server_restored=0.3,
    server_down=0.2,
    sticks=2,
    pulled=0.3,
    stick_harmed=0.15,
)
"""Few machines, and something befalls each of them every day."""


@dataclass(frozen=True)
class Report:
    """What a run was, what went wrong in it on purpose, and whether all agree in the end."""

    seed: int
    plan: Plan
    agreement: Agreement
    counts: Dict[str, int]
    exchanges: int
    rounds: int
    destroyed: int
    fingerprint: str
    wall_s: float

    @property
    def agrees(self) -> bool:
        return not self.agreement.problems


def run(plan: Plan, seed: int, folder: Path, trace: Optional[TextIO] = None) -> Report:
    """Simulate a month; the same plan and seed give the same events."""
    started_s = time.monotonic()
    with seeded_secrets(seed):
        events = Events(trace=trace)
        world = World(folder, events)
        try:
            month = Month(world, plan, Random(f"month {seed}"))
            month.calm = True
            month.open_school()
            month.calm = False
            month.plan_days()
            events.run_until(events.time_ms + plan.days * DAY_MS)
            month.calm = True
            events.run_until(events.time_ms + DAY_MS)
            rounds = world.settle()
            agreement = world.check()
        finally:
            world.close()
    events.note("end", agreement.fingerprint)
    return Report(
        seed,
        plan,
        agreement,
        dict(events.counts),
        world.exchanges,
        rounds,
        len(world.oracle.destroyed),
        events.fingerprint,
        time.monotonic() - started_s,
    )


@dataclass
class Month:
    """Draws what happens, and puts it into the queue of events."""

    world: World
    plan: Plan
    random: Random
    calm: bool = False
    pupils_of: Dict[str, Tuple[str, ...]] = field(default_factory=dict)
    hermits: List[Laptop] = field(default_factory=list)

    def open_school(self) -> None:
        """Enrol everybody: a teachers' laptop for each class, home laptops, the rest in class."""
        plan = self.plan
        school, region = self.world.add_host("school"), self.world.add_host("region")
        self.world.join(school, region)
        per_class = plan.pupils // plan.classes
        homes = max(1, plan.laptops // 8)
        in_class = max(1, (plan.laptops - plan.classes - homes) // plan.classes)
        for at in range(plan.classes):
            name = f"{7 + at // 4}{'АБВГ'[at % 4]}"
            pupils = tuple(f"{name} оқушы {number}" for number in range(per_class))
            self.pupils_of[name] = pupils
            teachers = [f"{name} мұғалім {number}" for number in range(TEACHERS)]
            self.world.add_laptop(f"{name}-teachers", school, name, (), teachers)
            for place in range(in_class):
                group = pupils[place::in_class]
                self.world.add_laptop(f"{name}-{place}", school, name, group, ())
        self._relay(school)
        self._open_homes(school, region)
        self._relay(school)
        for host in self.world.hosts:
            self.world.back_up(host)
        # Some laptops lie where no network is the whole month, one with a clock that stands still.
        self.hermits = self.world.laptops[2 :: max(8, plan.laptops // 3)]
        self.world.hermits = self.hermits
        for _ in range(plan.sticks):
            self.world.caravan.add()

    def _open_homes(self, school: Host, region: Host) -> None:
        names = list(self.pupils_of)
        at = 0
        while len(self.world.laptops) < self.plan.laptops:
            name = names[at % len(names)]
            pupil = self.pupils_of[name][at // len(names) % len(self.pupils_of[name])]
            teacher = [f"{name} мұғалім 0"] if at % 4 == 3 else []
            pupils = [] if teacher else [pupil]
            self.world.add_laptop(f"home-{at}", region, name, pupils, teacher, school.id)
            at += 1

    def plan_days(self) -> None:
        """Ask for every morning; each morning plans its own day."""
        start_ms = self.world.events.time_ms
        for day in range(self.plan.days):
            self.world.events.at(start_ms + day * DAY_MS, lambda day=day: self._plan_day(day))

    def _plan_day(self, day: int) -> None:
        for laptop in self.world.laptops:
            self._plan_laptop(laptop, day)
        for host in self.world.hosts:
            self._plan_host(host)
        for stick in self.world.caravan.sticks:
            self._plan_stick(stick)

    def _plan_laptop(self, laptop: Laptop, day: int) -> None:
        at_home = laptop.name.startswith("home")
        if day % 7 < SCHOOL_DAYS or at_home:
            for _ in range(1 if at_home else 3):
                self._today(lambda: self._work(laptop, day))
        if laptop not in self.hermits:
            for _ in range(2 if at_home else 4):
                self._today(lambda: self._sync(laptop))
        self._perhaps(self.plan.clock_turned, lambda: self._turn_clock(laptop))
        self._perhaps(self.plan.imaged, lambda: self.world.take_image(laptop))
        self._perhaps(self.plan.set_back, lambda: self._set_back(laptop))
        self._perhaps(self.plan.cloned, lambda: self._clone(laptop))
        self._perhaps(self.plan.disk_short, lambda: self._compact(laptop))

    def _plan_host(self, host: Host) -> None:
        if host in self.world.relays():
            for _ in range(RELAYS_A_DAY):
                self._today(lambda: self._relay(host))
        self._perhaps(0.5, lambda: self.world.back_up(host))
        self._perhaps(self.plan.server_restored, lambda: self.world.restore(host))
        self._perhaps(self.plan.server_down, lambda: self._outage(host))

    def _plan_stick(self, stick: Stick) -> None:
        """A stick lies in a drawer for days, or goes round a few laptops and to a server."""
        caravan, harmed = self.world.caravan, self.plan.stick_harmed
        if self.random.random() < 0.7:
            most = min(len(self.world.laptops), 8)
            tour = self.random.sample(self.world.laptops, self.random.randrange(1, most + 1))
            for laptop in [*tour, *self.hermits]:
                self._today(lambda laptop=laptop: self._plug_in(stick, laptop))
            self._today(lambda: self._bring(stick))
        self._perhaps(0.3, lambda: caravan.take_image(stick))
        self._perhaps(harmed, lambda: caravan.flip(stick, self.random))
        self._perhaps(harmed, lambda: caravan.lose(stick))
        self._perhaps(harmed, lambda: caravan.put_back(stick))
        self._perhaps(harmed, lambda: caravan.copy(stick, self.random.choice(caravan.sticks)))

    def _plug_in(self, stick: Stick, laptop: Laptop) -> None:
        caravan = self.world.caravan
        with self._perhaps_cut(laptop, 150):
            caravan.visit_laptop(stick, laptop, self._pulled())
        if self.world.teachers(laptop) and self.random.random() < 0.5:
            caravan.merge(stick, laptop)
            if laptop not in self.hermits:
                caravan.post(laptop, lambda: self._fate() == ARRIVES)

    def _bring(self, stick: Stick) -> None:
        host = self.random.choice(self.world.hosts[:1] * 3 + self.world.hosts)
        dies = self.random.random() < self.plan.power_cut
        self.world.caravan.visit_host(stick, host, self._pulled(), dies)

    def _pulled(self) -> Optional[Random]:
        """Draw whether a stick is pulled out in the middle."""
        return self.random if self.random.random() < self.plan.pulled and not self.calm else None

    def _today(self, act: Act) -> None:
        self.world.events.after(8 * HOUR_MS + self.random.randrange(10 * HOUR_MS), act)

    def _perhaps(self, chance: float, act: Act) -> None:
        if self.random.random() < chance:
            self._today(act)

    def _work(self, laptop: Laptop, day: int) -> None:
        with self._perhaps_cut(laptop, 60):
            self._sit_down(laptop, day)

    @contextlib.contextmanager
    def _perhaps_cut(self, laptop: Laptop, statements: int) -> Iterator[None]:
        """Let the power fail somewhere in a block, now and then."""
        if self.random.random() < self.plan.power_cut:
            laptop.power_cut_after(self.random.randrange(statements))
        try:
            yield
        except PowerCut:
            self.world.cut(laptop)
        laptop.spare()

    def _sit_down(self, laptop: Laptop, day: int) -> None:
        pupils = self.world.pupils(laptop)
        if pupils:
            pupil = self.random.choice(pupils)
            lesson = max(0, day - self.random.choice([0, 0, 0, 1, 2]))
            for kind, body in habits.session(self.random, lesson, self.plan.attempts):
                self.world.write(laptop, pupil.id, kind, body)
        for teacher in self.world.teachers(laptop):
            self._teach(laptop, teacher.id, teacher.class_name, day)

    def _teach(self, laptop: Laptop, teacher: str, class_name: str, day: int) -> None:
        random = self.random
        written = []
        for work in self.world.works(laptop)[:20]:
            if random.random() < 0.5:
                written.append(habits.mark(random, work))
            if random.random() < 0.1:
                written.append(habits.feedback(random, work))
        for question in self.world.questions(laptop)[:5]:
            written.append(habits.reply(random, question))
        if random.random() < 0.2:
            with self.world.hosts[0].store.transaction() as transaction:
                people = transaction.people_of_class(class_name)
            written.append(
                habits.assignment(random, day, [p for p in people if p.role == "student"])
            )
        if random.random() < 0.1:
            written.append(habits.class_plan(day, class_name))
        for kind, body in written:
            self.world.write(laptop, teacher, kind, body)

    def _sync(self, laptop: Laptop) -> None:
        with self._perhaps_cut(laptop, 100):
            self.world.sync(laptop, self.world.road(laptop, self._fate, self._late))

    def _relay(self, host: Host) -> None:
        self.world.relay(host, self._fate, self._late)

    def _fate(self) -> str:
        if self.calm or self.random.random() >= self.plan.bad_exchange:
            return ARRIVES
        return self.random.choice(FATES[1:])

    def _late(self, act: Act) -> None:
        longest_ms = self.random.choice([5 * MINUTE_MS, 8 * HOUR_MS, 3 * DAY_MS])
        self.world.events.after(self.random.randrange(longest_ms), act)

    def _turn_clock(self, laptop: Laptop) -> None:
        now_ms = self.world.events.now_ms()
        minutes_ms = now_ms + self.random.randrange(-30, 30) * MINUTE_MS
        shown = [None, IN_2003_MS, IN_2031_MS, now_ms - YEAR_MS, now_ms + 2 * DAY_MS, minutes_ms]
        self.world.turn_clock(laptop, self.random.choice(shown))

    def _set_back(self, laptop: Laptop) -> None:
        if laptop.name in self.world.images:
            self.world.write_image(self.world.images[laptop.name], laptop)

    def _clone(self, laptop: Laptop) -> None:
        """Somebody sets a few laptops up anew from one disk image."""
        image = self.world.take_image(laptop)
        for other in self.random.sample(self.world.laptops, self.random.randrange(1, 4)):
            if other is not laptop:
                self.world.write_image(image, other)

    def _compact(self, laptop: Laptop) -> None:
        now_ms = self.world.events.now_ms()
        self.world.compact(laptop, now_ms - self.random.choice([0, DAY_MS, 7 * DAY_MS]))

    def _outage(self, host: Host) -> None:
        host.up = False
        self.world.events.note("server off", host.name)
        self.world.events.after(self.random.randrange(20 * HOUR_MS), lambda: self._return(host))

    def _return(self, host: Host) -> None:
        host.up = True
        self.world.events.note("server on", host.name)
