"""Law 1 on a stick: pulled out at any moment of writing and reading, full, worn, torn; kill -9.

A pupil's answer is never lost and counts once, a pack is never shown damaged, no file of anybody
else is touched, and the next visit does what is left.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import Station
from client.laptop.sticks.visit import visit
from content.carrying.checking import signed_files
from sync.errors import LinkError
from sync.sticks.checking import check_stick
from sync.sticks.choice import Choice, write_choice
from sync.sticks.marker import make_stick
from sync.sticks.volume import find_stick
from sync_server.sticks.visiting import Visitor
from tests.road import lives
from tests.road.lives import Life, read_ledger
from tests.support.pack_source import PACK
from tests.support.school import ADDRESS, MemoryRoad, School
from tests.support.stick_volume import MemoryVolume

PULLS = 300
KILLS = 24
FAILURES = ("stick-gone", "stick-gone", "stick-gone", "stick-failed", "stick-full")
STRANGERS = {"Мои фото.jpg": b"\xff\xd8 nobody's business", "autorun.inf": b"[autorun]\r\n"}


def strangers_on(stick):
    """Other people's files that a stick holds."""
    return {name: data for name, data in stick.files().items() if name in STRANGERS}


class Village:
    """A server, a teacher's laptop and two pupils', which only sticks connect."""

    def __init__(self, folder, dice):
        self.folder, self.dice, self.works = folder, dice, Counter()
        self.school = School(folder / "school")
        self.publish(1)
        self.road = MemoryRoad(self.school)
        self.teacher = self._laptop("teacher", teachers=["Сәуле"])
        self.pupils = [self._laptop(f"pupil-{n}", students=[f"Оқушы {n}"]) for n in (1, 2)]
        self.road.weather.away = True
        school = self.school
        self.server = Visitor(school.data, school.store, school.identity, school.clock)
        self.sticks = [self._stick(), self._stick()]
        self.steps = {}

    def publish(self, version):
        self.updated = version > 1
        self.school.publish(
            PACK, version, lessons=("meaning",), video_bytes=30_000 + 1_000 * version
        )

    def _laptop(self, name, **people):
        laptop = Laptop.open(self.folder / name, reach=self.road)
        laptop.enrol(ADDRESS, self.school.code(**people))
        laptop.exchange()
        return laptop

    def _stick(self):
        stick = MemoryVolume()
        for name, data in STRANGERS.items():
            stick.put(name, data)
        write_choice(stick, Choice({f"{self.school.key_id}/{PACK}": "all"}))
        return stick

    def hand_in(self, pupil):
        person, text = pupil.people()[0].id, f"{self.dice.getrandbits(64):x}"
        pupil.hand_in(person, PACK, "meaning", "check", {"why": text}, "kk")
        self.works[text] += 1

    def visits(self):
        """Everybody whom a stick may visit, by name."""
        yield "server", self.server.visit
        for name, laptop in zip(("teacher", "one", "two"), (self.teacher, *self.pupils)):
            yield name, lambda stick, laptop=laptop: visit(laptop, stick)

    def cut_visit(self):
        """Let a stick visit somebody, and pull it out at some moment, or let it fail there.

        Returns whether it came to that before the visit was over.
        """
        stick, (name, meet) = self.dice.choice(self.sticks), self.dice.choice([*self.visits()])
        longest = self.steps.get(name, 400)
        at, code = self.dice.randint(1, longest), self.dice.choice(FAILURES)
        before = stick.steps
        stick.fail_at(before + at, code)
        meet(stick)
        took = stick.steps - before
        self.steps[name] = max(50, 2 * took if at < longest else longest // 2)
        assert strangers_on(stick) == STRANGERS
        stick.pull(self.dice, torn_folders=self.dice.random() < 0.3)
        left = strangers_on(stick)
        for name, data in STRANGERS.items():
            assert left.get(name, data) == data
            if name not in left:
                # A sector of names that tears as we write beside it takes theirs along; they lie
                # in our own folder here, so that touching them by mistake would be seen.
                stick.put(name, data)
        return took >= at

    def wear(self):
        """Let a stick forget a bit of somebody's letter."""
        stick = self.dice.choice(self.sticks)
        letters = [path for path, data in stick.files().items() if "mail/" in path and data]
        if letters:
            path = self.dice.choice(letters)
            stick.flip(path, self.dice.randrange(len(stick.files()[path])))

    def whole_round(self):
        for stick in self.sticks:
            for _, meet in self.visits():
                meet(stick)

    def looks_right(self):
        """What anybody can see at any time."""
        for laptop in (self.teacher, *self.pupils):
            for card in laptop.lessons():
                assert laptop.pack(card.pack).task(card.lesson, card.task_ids[0]).points
                video = laptop.pack(card.pack).lesson(card.lesson).video
                if card.video_ready:
                    assert video.path.stat().st_size >= 30_000
        for stick in self.sticks:
            assert strangers_on(stick) == STRANGERS

    def close(self):
        for laptop in (self.teacher, *self.pupils):
            laptop.close()
        self.school.close()


def test_three_hundred_pulls_lose_nothing_and_the_next_visits_repair(tmp_path):
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    village = Village(tmp_path, dice)
    try:
        pulls = 0
        while pulls < PULLS:
            if dice.random() < 0.25:
                village.hand_in(dice.choice(village.pupils))
            if dice.random() < 0.1:
                village.wear()
            pulls += village.cut_visit()
            if not pulls % 10:
                village.looks_right()
            if pulls >= PULLS // 2 and not village.updated:
                village.publish(2)
        _everything_arrives_once(village)
        _a_quiet_stick_is_whole(village)
    finally:
        village.close()


def _everything_arrives_once(village):
    for _ in range(4):
        village.whole_round()
        village.looks_right()
    at_school = Counter(answers["why"] for _, answers in village.school.submissions())
    assert at_school == village.works
    for pupil in village.pupils:
        works = pupil.works(pupil.people()[0].id)
        assert {work.station for work in works} <= {Station.SCHOOL}
    assert sum(len(pupil.works(pupil.people()[0].id)) for pupil in village.pupils) == len(at_school)
    for laptop in (village.teacher, *village.pupils):
        (card,) = laptop.lessons()
        assert card.video_ready and laptop.library.current() == {PACK: 2}


def _a_quiet_stick_is_whole(village):
    for stick in village.sticks:
        assert check_stick(stick, signed_files).damaged == {}
        assert not [path for path in stick.files() if path.endswith(".new")]
        before = stick.files()
        for _, meet in village.visits():
            assert not getattr(meet(stick), "problem", None)
        changed = {path for path in {*before} ^ {*stick.files()} if not path.startswith("mail/")}
        assert changed == set(), "packs are not written again"


def visiting_pupil(life: Life, root: str, seed: int) -> None:
    """Hand in and visit the stick, over and over, until killed."""
    ledger, dice = lives.Ledger(life.ledger), random.Random(seed)
    laptop = Laptop.open(life.data)
    person = laptop.people()[0].id
    while True:
        text = f"{dice.getrandbits(64):x}"
        ledger.note("handing-in", text)
        laptop.hand_in(person, PACK, "meaning", "check", {"why": text}, "kk")
        ledger.note("handed-in", text)
        for _ in range(3):
            visit(laptop, find_stick(Path(root)))
            ledger.note("visited", text)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9 and a fork server")
def test_kill_9_during_visits_loses_nothing(tmp_path):
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    school = School(tmp_path / "school")
    school.publish(PACK, 1, lessons=("meaning",), video_bytes=200_000)
    drive = tmp_path / "drive"
    drive.mkdir()
    (drive / "Мои документы.txt").write_text("nobody's business", encoding="utf-8")
    stick = make_stick(drive)
    write_choice(stick, Choice({f"{school.key_id}/{PACK}": "all"}))
    server = Visitor(school.data, school.store, school.identity, school.clock)
    assert not server.visit(stick).problem
    life = Life(tmp_path / "pupil", tmp_path / "ledger", ADDRESS, "")
    with contextlib.closing(Laptop.open(life.data, reach=MemoryRoad(school))) as laptop:
        laptop.enrol(ADDRESS, school.code(["Айгерім"]))
        laptop.exchange()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.road.test_stick_pulls", "client.laptop.sticks.letters"])
    for number in range(KILLS):
        process = context.Process(
            target=visiting_pupil, args=(life, str(drive), dice.getrandbits(32)), daemon=True
        )
        process.start()
        _until_it_works(process, life, number)
        time.sleep(dice.uniform(0, 0.2))
        assert process.is_alive(), f"it ended by itself: {process.exitcode}"
        process.kill()
        process.join()
        if dice.random() < 0.4:
            server.visit(stick)
    _killed_and_whole(life, school, stick, server)
    assert (drive / "Мои документы.txt").read_text(encoding="utf-8") == "nobody's business"
    school.close()


def _until_it_works(process, life, number):
    """Wait until the life began to do something: killing what has not begun shows nothing."""
    for _ in range(2_000):
        begun = sum(word == "handing-in" for word, _ in read_ledger(life.ledger))
        if begun > number or not process.is_alive():
            return
        time.sleep(0.005)
    raise AssertionError("it does not begin")


def _killed_and_whole(life, school, stick, server):
    def refuse(address):
        raise LinkError("link-unreachable", address)

    lines = read_ledger(life.ledger)
    promised = {text for word, text in lines if word == "handed-in"}
    begun = {text for word, text in lines if word == "handing-in"}
    assert promised, "nothing was handed in at all"
    with contextlib.closing(Laptop.open(life.data, reach=refuse)) as laptop:
        for _ in range(3):
            assert visit(laptop, stick).problem is None
            assert not server.visit(stick).problem
        account = visit(laptop, stick)
        assert account.problem is None and account.set_aside == ()
        works = laptop.works(laptop.people()[0].id)
        assert {work.station for work in works} == {Station.SCHOOL}
        assert [card.video_ready for card in laptop.lessons()] == [True]
    arrived = Counter(answers["why"] for _, answers in school.submissions())
    assert set(arrived.values()) == {1}, "doubled"
    assert promised <= set(arrived) <= begun
    assert check_stick(stick, signed_files).damaged == {}
