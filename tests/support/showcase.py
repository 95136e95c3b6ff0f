"""A laptop with as much on it as a real one: for looking at the screens, and for trying them."""

from __future__ import annotations

import datetime

from client.laptop.account import ReceiptNote, SyncAccount, SyncStatus
from client.laptop.errors import Fault
from client.laptop.packs.lessons import LessonCard, Progress
from client.laptop.people.people import STUDENT, TEACHER, Person
from client.laptop.problems import failure
from client.laptop.schoolwork.class_work import ClassWork, StudentRow, TaskColumn
from client.laptop.schoolwork.works import Mark, Station, Work, WorkId
from client.messages import Message
from client.messages.moment import Moment
from tests.support.laptop import AIGERIM, HOUR_MS, NURLAN
from tests.support.lesson_pack import PackLaptop
from tests.support.pack_source import PACK, TASK_TITLES
from tests.support.showcase_link import ShownLink, shown_happening
from tests.support.showcase_sticks import ShownSticks, shown_offers
from tests.support.showcase_videos import ShownVideos

MINUTE_MS = 60_000

PEOPLE = (
    AIGERIM,
    Person("p-arman", "Арман Қасымов", STUDENT, "7 «А»", "ball"),
    Person("p-dana", "Дана Серікқызы", STUDENT, "7 «А»", "tulip"),
    Person("p-erasyl", "Ерасыл Бекұлы", STUDENT, "7 «А»", "horse"),
    Person("p-kamila", "Камила Оспан", STUDENT, "7 «А»", "note"),
    NURLAN,
    Person("p-saule-m", "Сәуле Мұрат", STUDENT, "7 «А»", "moon"),
    Person("p-timur", "Тимур Ахметов", STUDENT, "7 «А»", "mountain"),
    Person("p-saule", "Гүлнар Ғабитқызы Жүнісова", TEACHER, "7 «А»", "sun"),
)
TEACHER_GULNAR = PEOPLE[-1]

BOOKS = (
    (
        PACK,
        "algebra",
        7,
        {
            "kk": "Алгебра 7: сызықтық теңдеулер",
            "ru": "Алгебра 7: линейные уравнения",
            "en": "Algebra 7: linear equations",
        },
        (
            ("meaning", "Теңдеу деген не?", "Что такое уравнение?", "What is an equation?"),
            (
                "solving",
                "Сызықтық теңдеулерді шешу",
                "Решение линейных уравнений",
                "Solving linear equations",
            ),
            ("problems", "Мәтінді есептер", "Текстовые задачи", "Word problems"),
        ),
    ),
    (
        "physics-7-motion",
        "physics",
        7,
        {
            "kk": "Физика 7: қозғалыс және күш",
            "ru": "Физика 7: движение и сила",
            "en": "Physics 7: motion and force",
        },
        (
            ("speed", "Жылдамдық", "Скорость", "Speed"),
            (
                "newton",
                "Ньютонның бірінші заңы және инерция",
                "Первый закон Ньютона и инерция",
                "Newton's first law and inertia",
            ),
            ("friction", "Үйкеліс күші", "Сила трения", "Friction"),
        ),
    ),
    (
        "biology-7-cell",
        "biology",
        7,
        {"kk": "Биология 7: жасуша", "ru": "Биология 7: клетка", "en": "Biology 7: the cell"},
        (
            ("cell", "Жасуша құрылысы", "Строение клетки", "How a cell is built"),
            ("plant", "Өсімдік жасушасы", "Растительная клетка", "The plant cell"),
        ),
    ),
)
TASKS = {"meaning": ("check",), "solving": ("practice", "explain"), "problems": ("caravan",)}
SUMMARY = {
    "kk": "Мысалдармен, суреттермен және қысқа бейнемен.",
    "ru": "С примерами, рисунками и коротким видео.",
    "en": "With examples, pictures and a short video.",
}


def noon_ms() -> int:
    """Today at 14:05 by the machine's clock, so that pictures do not depend on the hour."""
    today = datetime.datetime.now().replace(hour=14, minute=5, second=0, microsecond=0)
    return int(today.timestamp() * 1000)


def book_lessons(book, version=1):
    """The lessons of one book of BOOKS."""
    pack, subject, grade, title, lessons = book
    for place, (lesson, kk, ru, en) in enumerate(lessons, 1):
        tasks = TASKS.get(lesson, ("check",))
        titles = {"kk": kk, "ru": ru, "en": en}
        yield LessonCard(
            pack=pack,
            version=version,
            lesson=lesson,
            title=titles,
            summary=SUMMARY,
            subject=subject,
            grade=grade,
            minutes=15 + 5 * (place % 3),
            has_video=lesson != "plant",
            video_ready=not (subject == "physics" and place == 3),
            task_ids=tasks,
            pack_title=title,
            place=place,
        )


def many_lessons(count):
    """So many lessons in packs of twenty-five."""
    plain = [card for book in BOOKS for card in book_lessons(book)]
    for number in range(count):
        card, pack = plain[number % len(plain)], number // 25
        title = {lang: f"{text} {pack + 1}" for lang, text in card.pack_title.items()}
        yield LessonCard(
            **{
                **vars(card),
                "pack": f"pack-{pack:02d}",
                "lesson": f"lesson-{number}",
                "pack_title": title,
                "place": number % 25 + 1,
            }
        )


class Showcase(PackLaptop):
    """Class 7 «А»: eight students, a teacher, three packs, works at all stations.

    ``lesson_count`` above 0 gives so many lessons instead; ``fresh`` is a laptop before enrolment.
    """

    def __init__(self, folder, lesson_count=0, fresh=False, film=None):
        super().__init__(folder, film=film)
        now = self._now = noon_ms()
        self._link = ShownLink(now)
        self.fresh = fresh
        self._sticks.joined = lambda: setattr(self, "fresh", False)
        self.wrong_codes = True
        self._cards = tuple(many_lessons(lesson_count)) if lesson_count else self._plain()
        self._videos = ShownVideos(self._cards)
        self._sticks = ShownSticks(shown_offers(self._cards))
        self._progress = {
            (AIGERIM.id, PACK, "meaning"): Progress(92.0, True, now - 30 * HOUR_MS),
            (AIGERIM.id, PACK, "solving"): Progress(70.0, False, now - 20 * HOUR_MS),
            (AIGERIM.id, "physics-7-motion", "speed"): Progress(80.0, True, now - 50 * HOUR_MS),
        }
        self._drafts = {(AIGERIM.id, PACK, "solving", "practice"): {"root": "5"}}
        comment = "Тамаша шешім! 3-қадамда таңбаға назар аудар."
        mark = Mark(8.0, 10.0, comment, TEACHER_GULNAR.name, now - 3 * HOUR_MS)
        self._works = [
            self.handed(AIGERIM, 1, "physics-7-motion", "speed", "check", 50, Station.MARKED, mark),
            self.handed(AIGERIM, 2, PACK, "meaning", "check", 26, Station.SCHOOL),
            self.handed(AIGERIM, 3, PACK, "solving", "explain", 2, Station.SENT),
            self.handed(AIGERIM, 4, "biology-7-cell", "cell", "check", 0.1, Station.SAVED),
            self.handed(NURLAN, 5, PACK, "meaning", "check", 25, Station.SCHOOL),
        ]
        self._answers = {work.id: {} for work in self._works}

    @staticmethod
    def _plain():
        return tuple(card for book in BOOKS for card in book_lessons(book))

    def handed(self, person, seq, pack, lesson, task, hours_ago, station, mark=None):
        """A work of a person."""
        at = self._now - int(hours_ago * HOUR_MS)
        waiting = 5.0 if task == "explain" else 2.0
        return Work(
            id=WorkId("laptop-1", seq),
            person=person.id,
            pack=pack,
            version=1,
            lesson=lesson,
            task=task,
            title=TASK_TITLES[task],
            handed_in_ms=at,
            station=station,
            received_ms=at + 5 * MINUTE_MS if station >= Station.SCHOOL else None,
            points=None if task == "explain" else 7.0,
            of=10.0,
            waiting=waiting,
            mark=mark,
        )

    def now_ms(self):
        return self._now

    @property
    def enrolled(self):
        return not self.fresh

    @property
    def school(self):
        return "" if self.fresh else "Ақсу ауылының орта мектебі"

    def enrol(self, address, code, laptop_name=""):
        if self.wrong_codes:
            raise failure("enrolment-code-unknown", Fault.YOUR_DATA)
        self.fresh = False

    def people(self):
        return () if self.fresh else PEOPLE

    def lessons(self):
        return () if self.fresh else self._cards

    def task_titles(self):
        titles = TASK_TITLES
        return {
            (card.pack, card.lesson, task): titles[task]
            for card in self._cards
            for task in card.task_ids
        }

    def class_work(self, teacher):
        """Made up, so that every kind of cell is there."""
        columns = tuple(
            TaskColumn(PACK, lesson, task, TASK_TITLES[task])
            for lesson, tasks in TASKS.items()
            for task in tasks
        )
        rows = []
        for at, student in enumerate(person for person in PEOPLE if person.role == STUDENT):
            works = {}
            for place, column in enumerate(columns[: (at * 7) % 5]):
                points = float(4 + (at + 2 * place) % 7)
                mark = Mark(points, 10.0, "", TEACHER_GULNAR.name, self._now - HOUR_MS)
                works[column.key] = self.handed(
                    student,
                    100 + 10 * at + place,
                    *column.key,
                    6 + 19 * place + 5 * at,
                    Station.SCHOOL if (at + place) % 3 == 2 else Station.MARKED,
                    None if (at + place) % 3 == 2 else mark,
                )
            last = max((work.handed_in_ms for work in works.values()), default=None)
            rows.append(StudentRow(student, works, last))
        unmarked = [work for row in rows for work in row.works.values() if work.mark is None]
        for work in unmarked:
            if work.id not in self._answers:
                self._works.append(work)
                self._answers[work.id] = {}
        unmarked.sort(key=lambda work: work.handed_in_ms)
        said = Message("class.laptop.set-back", {"name": "ACER-3", "n": 4})
        return ClassWork("7 «А»", columns, tuple(rows), tuple(unmarked), (said,))

    def happening(self, next_try_s=None):
        return shown_happening(self.link, self._now, next_try_s)

    def status(self):
        if self.fresh:
            return SyncStatus(0, None, None, Message("status.never"))
        waiting = sum(
            work.station < Station.SCHOOL for work in self._works if work.person == AIGERIM.id
        )
        received = self._now - 26 * HOUR_MS
        if not waiting:
            said = Message("status.received", {"time": Moment(received)})
            return SyncStatus(0, received, self._now, said)
        message = Message("status.waiting", {"n": waiting})
        return SyncStatus(waiting, received, self._now - HOUR_MS, message)

    def carry(self, progress=None, cancel=None):
        return SyncAccount(Message("status.received", {"time": Moment(self._now)}))

    def note_next_try(self, wait_s):
        pass

    def exchange(self, progress=None, cancel=None):
        return SyncAccount(
            Message("status.received", {"time": Moment(self._now)}),
            requests=1,
            sent_bytes=1412,
            received_bytes=431,
            records_sent=2,
            records_received=1,
            receipt=ReceiptNote(4, self._now),
        )
