"""A laptop in memory with the seam and nothing else: for screens whose pack a test makes up."""

from __future__ import annotations

import dataclasses
import time

from client.laptop.account import SyncAccount, SyncStatus
from client.laptop.errors import Fault
from client.laptop.laptop import Laptop
from client.laptop.packs.lessons import LessonCard, Progress
from client.laptop.problems import failure
from client.laptop.schoolwork.class_work import ClassWork, StudentRow, TaskColumn, WorkDetail
from client.laptop.schoolwork.works import Mark, Station, Work, WorkId
from client.messages import Message
from client.messages.moment import Moment
from client.sitting import ASK
from tests.support.laptop import AIGERIM, HOUR_MS, NURLAN, TEACHER_SAULE
from tests.support.memory_vaults import MemoryVaults
from tests.support.nearby import TurnableNearby
from tests.support.pack_source import LESSONS, PACK, PACK_TITLE, TASK_TITLES
from tests.support.showcase_sticks import ShownSticks


class VideosInMemory:
    """Which rendition of videos people chose; nothing comes."""

    rendition = "240p"

    def choose_rendition(self, rendition):
        self.rendition = rendition


class OtherLaptop:
    """Stands for what a person typed elsewhere."""

    def __init__(self, offered):
        self.offered = offered

    def look(self, key):
        return self.offered

    def tell(self, key):
        return False

    def tell_all(self, person):
        return 0


class NobodyVisits:
    """Everybody stays."""

    def coming(self):
        raise AssertionError("nobody visits here")

    def is_visitor(self, person):
        return False

    def see_off(self, person):
        return False


class MemoryLaptop(Laptop):
    def __init__(self, folder):
        now = int(time.time() * 1000)
        self._attempts = {}
        self._videos = VideosInMemory()
        self._sticks = ShownSticks()
        self.nearby = TurnableNearby()
        self._drafts = {}
        self._preferences = {ASK: "no"}
        self.vaults = MemoryVaults(folder)
        self._progress = {(AIGERIM.id, PACK, "meaning"): Progress(61.5, True, now)}
        self._answers = {}
        self._works = [
            self._work(
                AIGERIM,
                1,
                "meaning",
                "check",
                now - 50 * HOUR_MS,
                Station.MARKED,
                4.0,
                6.0,
                2.0,
                Mark(
                    5.0,
                    6.0,
                    "Жақсы! Екінші сұрақтағы таңбаға назар аудар.",
                    TEACHER_SAULE.name,
                    now - 20 * HOUR_MS,
                ),
            ),
            self._work(
                AIGERIM, 2, "solving", "practice", now - 26 * HOUR_MS, Station.SCHOOL, 7.0, 8.0, 0.0
            ),
            self._work(
                AIGERIM, 3, "solving", "explain", now - 2 * HOUR_MS, Station.SENT, None, 5.0, 5.0
            ),
            self._work(
                AIGERIM, 4, "problems", "caravan", now - 60_000, Station.SAVED, 3.0, 6.0, 2.0
            ),
            self._work(
                NURLAN, 5, "meaning", "check", now - 25 * HOUR_MS, Station.SCHOOL, 2.0, 6.0, 2.0
            ),
        ]

    def _work(self, person, seq, lesson, task, at, station, points, of, waiting, mark=None):
        received = at + 5 * 60_000 if station >= Station.SCHOOL else None
        return Work(
            WorkId("laptop-1", seq),
            person.id,
            PACK,
            1,
            lesson,
            task,
            TASK_TITLES[task],
            at,
            station,
            received,
            points,
            of,
            waiting,
            mark,
        )

    def close(self):
        pass

    @property
    def sticks(self):
        return self._sticks

    def now_ms(self):
        return int(time.time() * 1000)

    @property
    def enrolled(self):
        return True

    @property
    def school(self):
        return "Қарағаш орта мектебі"

    school_address = ""

    @property
    def visits(self):
        return NobodyVisits()

    def enrol(self, address, code, laptop_name=""):
        raise failure("enrolment-code-mistyped", Fault.YOUR_DATA)

    def notices(self):
        return ()

    def preference(self, name, default=""):
        return self._preferences.get(name, default)

    def set_preference(self, name, value):
        self._preferences[name] = value

    def people(self):
        return (AIGERIM, NURLAN, TEACHER_SAULE)

    def person(self, person_id):
        for person in self.people():
            if person.id == person_id:
                return person
        raise failure("no-such-person", Fault.YOUR_DATA)

    def lessons(self):
        return tuple(
            LessonCard(
                PACK,
                1,
                lesson,
                title,
                summary,
                "algebra",
                7,
                20,
                True,
                place != 3,
                tasks,
                PACK_TITLE,
                place,
            )
            for place, (lesson, title, summary, tasks) in enumerate(LESSONS, 1)
        )

    def pack(self, pack_id):
        raise failure("pack-missing", Fault.THEIR_DATA, subject=pack_id)

    def draft(self, person, pack, lesson, task):
        return dict(self._drafts.get((person, pack, lesson, task), {}))

    def drafts(self, person):
        return frozenset(key[1:] for key in self._drafts if key[0] == person)

    other_drafts = ()
    """What the double of another laptop offers."""

    @property
    def travelling(self):
        return OtherLaptop(self.other_drafts)

    def task_titles(self):
        return {
            (PACK, lesson, task): TASK_TITLES[task]
            for lesson, _, _, tasks in LESSONS
            for task in tasks
        }

    def attempt(self, person, pack, lesson, task):
        done = [work.attempt for work in self._works if (work.person, work.task) == (person, task)]
        begun = self._attempts.get((person, pack, lesson, task))
        return begun or max(done, default=0) + 1

    def task(self, person, pack, lesson, task, attempt):
        return self.pack(pack).task(lesson, task, person, attempt)

    def save_draft(self, person, pack, lesson, task, answers, attempt=None):
        key = (person, pack, lesson, task)
        self._attempts[key] = attempt or self.attempt(*key)
        self._drafts[key] = dict(answers)

    def hand_in(self, person, pack, lesson, task, answers, language, attempt=None):
        attempt = attempt or self.attempt(person, pack, lesson, task)
        self._attempts.pop((person, pack, lesson, task), None)
        self._drafts.pop((person, pack, lesson, task), None)
        work = self._work(
            self.person(person),
            len(self._works) + 1,
            lesson,
            task,
            self.now_ms(),
            Station.SAVED,
            3.0,
            6.0,
            2.0,
        )
        work = dataclasses.replace(work, attempt=attempt)
        self._answers[work.id] = dict(answers)
        self._works.append(work)
        return work

    def works(self, person):
        return tuple(
            sorted((w for w in self._works if w.person == person), key=lambda w: -w.handed_in_ms)
        )

    def save_progress(self, person, pack, lesson, position_s, seen):
        self._progress[(person, pack, lesson)] = Progress(position_s, seen, self.now_ms())

    def progress(self, person):
        return {key[1:]: value for key, value in self._progress.items() if key[0] == person}

    def class_work(self, teacher):
        rows = []
        for student in (AIGERIM, NURLAN):
            works = self.works(student.id)
            latest = {}
            for work in works:
                latest.setdefault((work.pack, work.lesson, work.task), work)
            rows.append(StudentRow(student, latest, works[0].handed_in_ms if works else None))
        columns = tuple(
            TaskColumn(PACK, lesson, task, TASK_TITLES[task])
            for lesson, _, _, tasks in LESSONS
            for task in tasks
        )
        unmarked = sorted(
            (w for row in rows for w in row.works.values() if w.mark is None),
            key=lambda w: w.handed_in_ms,
        )
        return ClassWork("7 «А»", columns, tuple(rows), tuple(unmarked))

    def work_detail(self, work):
        found = next(one for one in self._works if one.id == work)
        return WorkDetail(
            found, self.person(found.person), "kk", self._answers.get(work, {}), None, None, ()
        )

    def give_mark(self, teacher, work, points, comment, descriptors=None):
        place = next(i for i, one in enumerate(self._works) if one.id == work)
        found = self._works[place]
        name = self.person(teacher).name
        mark = Mark(points, found.of, comment, name, self.now_ms(), descriptors or {})
        self._works[place] = dataclasses.replace(found, mark=mark, station=Station.MARKED)

    def status(self):
        now = self.now_ms()
        return SyncStatus(2, now - 24 * HOUR_MS, now - HOUR_MS, Message("status.waiting", {"n": 2}))

    def sync(self, progress=None, cancel=None):
        return SyncAccount(
            Message("status.received", {"time": Moment(self.now_ms())}),
            requests=1,
            sent_bytes=912,
            received_bytes=431,
            records_sent=2,
        )
