"""The full circle with no network: one stick, thirty laptops, the school's server, and back."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

from build.demo import pupil, teacher
from build.demo.account import Account, Value
from build.demo.hands import Hands
from build.demo.inspection import inspect_packs, inspect_receipt
from build.demo.scene import Scene
from build.demo.stations import RoadEndedError, Stations
from build.demo.stick_scene import ServerByCommands, bytes_on, files_on, plugged_in
from client.laptop.schoolwork.works import Station as At
from tests.support.stick_place import FILE_SYSTEMS, stick_at
from tests.support.stick_village import Desk, Homework, Village

PUPILS = 30
HOMEWORK = Homework(
    "algebra-7-linear",
    "solving",
    "practice",
    {"move": "d", "both-sides": "3", "decimals": "6", "fractions": "7"},
    words="find-mistake",
)


class StickWalk:
    """One walk; ``first`` of the pupils and the teacher sit at windows, which are pictured."""

    def __init__(self, scene: Scene, account: Account, language: str, pupils: int = PUPILS) -> None:
        self._scene, self._account, self._language = scene, account, language
        self._pupils = pupils
        self._station = Stations(account)
        self._sticks = [scene.folder / "stick-from-school", scene.folder / "stick-of-class"]
        self._village: Optional[Village] = None

    def go(self) -> bool:
        """Walk to the end or to the station that cannot be passed; tell whether it was the end."""
        with contextlib.suppress(RoadEndedError), contextlib.ExitStack() as stack:
            with self._station("pack built and signed") as facts:
                facts.update(self._scene.build_pack())
            kinds = [stack.enter_context(stick_at(*one)) for one in zip(self._sticks, FILE_SYSTEMS)]
            self._school_writes_a_stick(kinds)
            stack.callback(self._here.close)
            self._teacher_writes_the_class_s()
            self._pupils_learn_and_hand_in()
            self._to_the_server("the class's stick at the server")
            self._teacher_marks()
            self._to_the_server("the marks at the server")
            self._pupils_see_their_marks()
            self._nothing_new()
            self._strangers_find_nothing()
        return self._account.complete

    @property
    def _here(self) -> Village:
        if self._village is None:
            raise RuntimeError("nobody is here yet")
        return self._village

    @property
    def _server(self) -> ServerByCommands:
        server = self._here.server
        assert isinstance(server, ServerByCommands)  # noqa: S101 - it was made below
        return server

    @property
    def _stick(self) -> Path:
        """The stick that goes from laptop to laptop."""
        return self._sticks[1]

    @contextlib.contextmanager
    def _window(self, desk: Desk) -> Iterator[Hands]:
        with Hands(desk.laptop, self._language, self._scene.pictures) as hands:
            yield hands

    def _school_writes_a_stick(self, kinds: List[str]) -> None:
        with self._station("stick written at the school's server") as facts:
            self._scene.open_school()
            server = ServerByCommands(self._scene)
            self._village = Village(self._scene.folder, server, self._pupils, HOMEWORK)
            server.write_stick(self._sticks[0])
            facts["network"] = "none: no server runs, and the laptops know no address"
            facts["the school's stick"], facts["the class's stick"] = kinds
            facts["codes"] = f"one for {self._pupils} laptops, one for the teacher's"
            facts["invitations on the stick"] = server.last["invitations"]
            facts.update(_contents(self._sticks[0]))
            facts["may be taken out"] = server.last["safe"]

    def _teacher_writes_the_class_s(self) -> None:
        desk, pictures = self._here.teacher, []  # type: Desk, List[str]
        with self._station("teacher writes a stick for the class", pictures) as facts, self._window(
            desk
        ) as hands:
            with plugged_in(self._sticks[0]):
                pictures += _join(hands, desk, "teacher")
            facts["lessons on the teacher's laptop"] = len(desk.laptop.lessons())
            with plugged_in(self._stick):
                _look(hands, self._stick)
                pictures += _pack(hands, self._stick)
                # What the laptop carries for others goes along: the invitations.
                facts["letters given along"] = _exchange(hands, self._stick).letters_given
            facts.update(_contents(self._stick))

    def _pupils_learn_and_hand_in(self) -> None:
        village = self._here
        first, others = village.pupils[0], village.pupils[1:]
        self._first_hands_in(first)
        with self._station(f"{len(others)} more laptops: join, learn, hand in") as facts:
            began_s = time.monotonic()
            for desk in others:
                village.join(desk, self._stick)
                village.at(desk, self._stick)
                village.hand_in(desk)
                account = village.at(desk, self._stick)
                if not account.works_left or not account.safe:
                    raise RuntimeError(f"{desk.name}'s work is not on the stick")
            facts["seconds for each"] = round((time.monotonic() - began_s) / len(others), 2)
            facts["lessons on each"] = len(others[-1].laptop.lessons())
            facts.update(_contents(self._stick))

    def _first_hands_in(self, desk: Desk) -> None:
        pictures: List[str] = []
        with plugged_in(self._stick), self._window(desk) as hands:
            with self._station("pupil's laptop joins and learns by stick", pictures) as facts:
                pictures += _join(hands, desk, "pupil")
                facts["school"] = desk.laptop.school
                facts["lessons"] = len(desk.laptop.lessons())
                facts.update(inspect_packs(desk.laptop.store.folder))
                pictures.append(hands.place_picture("lessons"))
            pictures = ["task.png"]
            with self._station("work handed in and left on the stick", pictures) as facts:
                answers = pupil.answer(hands, HOMEWORK.pack, HOMEWORK.lesson, HOMEWORK.task)
                desk.work = pupil.hand_in(hands)
                desk.answer = str(answers[HOMEWORK.words])
                facts["answers given"] = len(answers)
                account = _exchange(hands, self._stick)
                facts["what the pupil reads"] = hands.say(
                    account.sentence.key, **account.sentence.values
                )
                facts["where it is"] = desk.now().station.name.lower()
                facts["may be taken out"] = account.safe
                pictures.append(hands.picture("pupil-left"))

    def _to_the_server(self, name: str) -> None:
        with self._station(name) as facts:
            began_s = time.monotonic()
            self._server.take_stick(self._stick)
            last = self._server.last
            facts["seconds"] = round(time.monotonic() - began_s, 2)
            for fact in ("letters", "laptops", "replies", "problem", "safe"):
                facts[fact] = last[fact]

    def _teacher_marks(self) -> None:
        village, pictures = self._here, []  # type: Village, List[str]
        desk, first = village.teacher, village.pupils[0]
        with self._station("teacher gives marks", pictures) as facts, plugged_in(
            self._stick
        ), self._window(desk) as hands:
            hands.sit_down_again(desk.name)
            account = _exchange(hands, self._stick)
            facts["records that came"] = account.records_received
            pictures.append(hands.place_picture("class_work"))
            waiting = desk.laptop.class_work(desk.person.id).unmarked
            facts["works that wait for a mark"] = len(waiting)
            first.comment = teacher.COMMENT[self._language]
            hands.app.go("review", work=first.now().id)
            pictures.append(teacher.give_mark(hands, first.now().id))
            facts["marks given"] = 1 + village.mark_all()
            account = _exchange(hands, self._stick)
            facts["marks left on the stick"] = account.works_left
            pictures.append(hands.picture("teacher-left"))

    def _pupils_see_their_marks(self) -> None:
        village, pictures = self._here, []  # type: Village, List[str]
        first = village.pupils[0]
        with self._station("every pupil sees receipt, mark and comment", pictures) as facts:
            with plugged_in(self._stick), self._window(first) as hands:
                hands.sit_down_again(first.name)
                _exchange(hands, self._stick)
                pictures.append(hands.picture("pupil-came"))
                pictures.append(hands.place_picture("results"))
            for desk in village.desks[1:]:
                village.at(desk, self._stick)
            seen = [desk.now() for desk in village.pupils]
            marks = [work.mark for work in seen if work.station is At.MARKED]
            facts["marks seen"] = len(marks)
            facts["comments as they were written"] = sum(
                work.mark is not None and work.mark.comment == desk.comment
                for work, desk in zip(seen, village.pupils)
            )
            receipts = [
                inspect_receipt(desk.laptop.store.folder, work.id.seq)
                for work, desk in zip(seen, village.pupils)
            ]
            facts["receipts verified with the school's key"] = sum(receipts)
            counts = {len(marks), facts["comments as they were written"], sum(receipts)}
            if counts != {self._pupils}:
                raise RuntimeError("somebody did not see everything")

    def _nothing_new(self) -> None:
        village = self._here
        with self._station("nothing new") as facts:
            before = bytes_on(self._stick)
            began_s = time.monotonic()
            account = village.at(village.pupils[0], self._stick)
            facts["seconds"] = round(time.monotonic() - began_s, 2)
            facts["nothing came and nothing was left"] = account.is_empty
            facts["bytes more on the stick"] = bytes_on(self._stick) - before
            facts["damaged files"] = self._server.damaged_on(self._stick)

    def _strangers_find_nothing(self) -> None:
        with self._station("a stranger who searches every byte") as facts:
            search = self._here.search()
            found = [find for root in self._sticks for find in search.folder(root)]
            images = [root.with_suffix(".img") for root in self._sticks]
            found += [find for one in images if one.exists() for find in search.image(one)]
            facts["names, answers, comments, keys and ids, in all forms"] = search.needles
            facts["bytes searched, unpacked ones too"] = search.searched_bytes
            facts["images searched with what was deleted"] = sum(one.exists() for one in images)
            facts["found"] = len(found)
            if found:
                raise RuntimeError(f"{found[0].what} in {found[0].place}")


def _contents(root: Path) -> Dict[str, Value]:
    return {"files on the stick": len(files_on(root)), "bytes on the stick": bytes_on(root)}


def _ended(hands: Hands, root: Path) -> Any:
    """What was done with a stick, when it was done."""
    errand = hands.app.porter.errand(root)
    return errand if errand is not None and errand.ended else None


def _look(hands: Hands, root: Path) -> None:
    """Let the programme notice the stick."""
    porter = hands.app.porter
    porter.look()
    hands.until(lambda: any(one.root == root for one in porter.sticks), "the stick was noticed")


def _pack(hands: Hands, root: Path) -> List[str]:
    """Choose the stick on the page for writing, and write it; returns pictures."""
    hands.app.go("packing")
    model = hands.app.model
    hands.until(lambda: bool(model.offers), "the packs were counted")
    hands.press_words(model.sticks[0].stick.name)
    pictures = [hands.picture("teacher-packing")]
    hands.press_words(hands.say(model.button.key, **model.button.values))
    hands.until(lambda: _ended(hands, root), "the stick was written")
    return [*pictures, hands.picture("teacher-packed")]


def _exchange(hands: Hands, root: Path) -> Any:
    """Exchange with a stick by its page's button; returns the account of the visit."""
    hands.app.go("sticks")
    _look(hands, root)
    before = hands.app.porter.ended
    card = next(one for one in hands.app.model.cards if one.root == root)
    hands.press_words(hands.say("stick_page." + card.acts[0]))
    hands.until(lambda: hands.app.porter.ended > before, "the exchange ended")
    return _checked(_ended(hands, root))


def _checked(errand: Any) -> Any:
    account = errand.account
    for problem in (errand.problem, account.problem, *account.set_aside):
        if problem is not None:
            raise RuntimeError(f"{problem.code}: {problem.subject} {problem.detail}".strip())
    return account


def _join(hands: Hands, desk: Desk, who: str) -> List[str]:
    """Type the sixteen digits while a stick is in, and sit down; returns pictures."""
    porter = hands.app.porter
    porter.look()
    hands.until(lambda: hands.app.model.stick is not None, "the stick was noticed")
    hands.fill(hands.fields()[1], desk.code.replace(" ", ""))
    pictures = [hands.picture(f"{who}-joins")]
    hands.press_words(hands.say("enrol.join"))
    hands.until(lambda: porter.ended > 0, "the lessons came")
    _checked(porter.last)
    return [*pictures, pupil.sit_down(hands, f"{who}-who", desk.name)]
