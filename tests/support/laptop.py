"""Laptops for tests and screens: filled with people, lessons and work, without a server."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import List, Optional

from client.laptop.laptop import Laptop
from client.laptop.packs import lesson_index
from client.laptop.people import membership as memberships
from client.laptop.people.membership import Membership
from client.laptop.people.people import STUDENT, TEACHER, Person
from client.laptop.schoolwork.works import Work
from content.building.builder import build_pack
from content.installation import Installation
from content.repositories.repository import Repository
from content.trust.keys import PublisherKey
from sync.clock import hybrid_time
from sync.identity import Identity
from sync.journals.receipt import sign_receipt
from sync.kinds import MARK, ROSTER, SUBMISSION
from sync.record import Record
from tests.support.pack_source import (
    PACK,
    RIGHT_ANSWERS,
    write_source,
)

HOUR_MS = 3_600_000
AIGERIM = Person("p-aigerim", "Айгерім Сәрсенқызы", STUDENT, "7 «А»", "saiga")
NURLAN = Person("p-nurlan", "Нұрлан Әбдіғалиев", STUDENT, "7 «А»", "eagle")
DANA = Person("p-dana", "Дана Оспанова", STUDENT, "7 «А»", "kite")
YERLAN = Person("p-yerlan", "Ерлан Қасымов", STUDENT, "7 «А»", "horse")
TEACHER_SAULE = Person("p-saule", "Сәуле Ғабитқызы Жүнісова", TEACHER, "7 «А»", "tulip")


class TurnableClock:
    """A clock one can turn: the machine's own, and so many milliseconds more."""

    def __init__(self, offset_ms: int = 0):
        self.offset_ms = offset_ms

    def now_ms(self) -> int:
        return int(time.time() * 1000) + self.offset_ms


def sample_laptop(folder: Path, film: Optional[Path] = None) -> Laptop:
    """Make a laptop of class 7 «А»: two students, a teacher, three lessons, works at all stations.

    It is a real laptop in ``folder``, only no server was asked: what would have come from one is
    signed with a key of our own. ``film`` is the lessons' video; the last lesson's has not come.
    """
    server, own = Identity.generate(), Identity.generate()
    make_member(folder, (AIGERIM, NURLAN, TEACHER_SAULE), own, server)
    with tempfile.TemporaryDirectory() as aside:
        install(folder, write_source(Path(aside) / "source", film=film, video_bytes=20_000))
    clock = TurnableClock()
    laptop = Laptop.open(folder, clock)
    seen = laptop.lessons()
    laptop.pack(seen[0].pack).lesson("problems").video.path.unlink()
    lesson_index.note_videos(laptop._store.database.connection, PACK, ("meaning", "solving"))
    _fill(laptop, clock, server)
    return laptop


def make_member(folder: Path, people, own: Identity, server: Identity) -> None:
    """Make a folder a laptop of a school, as enrolment would have."""
    folder.mkdir(parents=True, exist_ok=True)
    member = Membership(
        secret=own.to_bytes(),
        device=own.public.to_bytes(),
        address="http://127.0.0.1:9",
        server=server.public.to_bytes(),
        school="Қарағаш орта мектебі",
        people=tuple(people),
    )
    memberships.save(folder, member)


def install(folder: Path, source: Path) -> None:
    """Build a pack and put it among a laptop's packs, as a sync would have."""
    with tempfile.TemporaryDirectory() as aside:
        manifest = build_pack(source, Path(aside), PublisherKey.generate())
        repository = Repository(Path(aside))
        staging = Installation(folder / "packs").begin(manifest)
        staging.put_core(repository.object_path(manifest.core.object).read_bytes())
        for entry in manifest.media:
            shutil.copyfile(repository.object_path(entry.sha256), staging.media_path(entry))
        staging.finish()


def big_laptop(folder: Path, packs: int = 10, lessons: int = 30) -> Laptop:
    """Make a laptop with ``packs`` times ``lessons`` lessons, and some work."""
    server, own = Identity.generate(), Identity.generate()
    make_member(folder, (AIGERIM, NURLAN, TEACHER_SAULE), own, server)
    for number in range(packs):
        _write_big_pack(folder / "packs" / f"pack-{number}" / "1", f"pack-{number}", lessons)
    return Laptop.open(folder)


def _write_big_pack(folder: Path, pack: str, lessons: int) -> None:
    with tempfile.TemporaryDirectory() as aside:
        source = write_source(Path(aside) / "source", pack, lessons=("meaning",), video_bytes=0)
        first = source / "lessons" / "meaning"
        names = [f"lesson-{number}" for number in range(lessons)]
        for name in names:
            shutil.copytree(first, source / "lessons" / name)
        shutil.rmtree(first)
        head = (source / "pack.toml").read_text(encoding="utf-8")
        listed = json.dumps(names)
        (source / "pack.toml").write_text(head.replace('["meaning"]', listed), encoding="utf-8")
        install(folder.parent.parent.parent, source)


def _fill(laptop: Laptop, clock: TurnableClock, server: Identity) -> None:
    store = laptop._store
    first = _hand_in_before(laptop, clock, 50, AIGERIM, "meaning", "check", {"root": "b"})
    _hand_in_before(laptop, clock, 26, AIGERIM, "solving", "practice", RIGHT_ANSWERS)
    _hand_in_before(laptop, clock, 25, NURLAN, "meaning", "check", {"root": "a", "number": "-2,5"})
    received_ms = clock.now_ms()
    journal = store.journal()
    with store.database.transaction():
        receipt = sign_receipt(server, journal.device, journal.head, received_ms + 300_000)
        journal.accept_receipt(receipt, server.public)
    _hand_in_before(laptop, clock, 2, AIGERIM, "solving", "explain", RIGHT_ANSWERS)
    journal.note_sent(journal.head.seq)
    _hand_in_before(laptop, clock, 0.02, AIGERIM, "problems", "caravan", RIGHT_ANSWERS)
    clock.offset_ms = 0
    store.inbox().store(_from_elsewhere(clock.now_ms(), first))
    laptop.save_progress(AIGERIM.id, PACK, "meaning", 61.5, True)
    laptop.save_progress(AIGERIM.id, PACK, "solving", 24.0, False)


def _hand_in_before(laptop, clock, hours, person, lesson, task, answers):
    clock.offset_ms = -int(hours * HOUR_MS)
    return laptop.hand_in(person.id, PACK, lesson, task, answers, "kk")


def _from_elsewhere(now_ms: int, work: Work) -> List[Record]:
    """What the school passed on: classmates, their work, and a mark given on another laptop."""
    other, school = Identity.generate().public.device_id, Identity.generate().public.device_id
    records = []
    for seq, one in enumerate((AIGERIM, NURLAN, DANA, YERLAN), 1):
        body = {
            "person": one.id,
            "name": one.name,
            "role": one.role,
            "class": one.class_name,
            "picture": one.picture,
        }
        records.append(Record(school, seq, hybrid_time(now_ms), "school", ROSTER, body))
    mark = {
        "student": work.person,
        "device": work.id.device,
        "seq": work.id.seq,
        "points": 5,
        "of": 6,
        "comment": "Жақсы! Екінші сұрақтағы таңбаға назар аудар.",
    }
    marked = hybrid_time(now_ms - 20 * HOUR_MS)
    records.append(Record(other, 1, marked, TEACHER_SAULE.id, MARK, mark))
    submission = {
        "pack": PACK,
        "version": 1,
        "lesson": "meaning",
        "task": "check",
        "answers": dict(RIGHT_ANSWERS),
        "points": 4,
        "of": 6,
        "waiting": 2,
        "language": "kk",
    }
    handed_in = hybrid_time(now_ms - 30 * HOUR_MS)
    records.append(Record(other, 2, handed_in, DANA.id, SUBMISSION, submission))
    return records
