"""The whole road offscreen, station by station; what each station saw goes into the account."""

from __future__ import annotations

import contextlib
from typing import Any, Callable, Dict, Iterator, List, Optional

from build.demo import pupil, teacher
from build.demo.account import Account, Value
from build.demo.hands import PIN, Hands
from build.demo.inspection import inspect_packs, inspect_receipt
from build.demo.scene import STUDENT, TEACHER, Scene
from build.demo.stations import RoadEndedError, Stations
from build.demo.tools import Server
from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import Work
from tests.bench.counting_proxy import CountingProxy
from tests.support.byte_search import Search, Secret

LESSON = "solving"


class Walk:
    """One walk along the road; ``between`` is called after each station that was passed."""

    def __init__(
        self,
        scene: Scene,
        account: Account,
        language: str,
        between: Optional[Callable[[str, Server], None]] = None,
    ) -> None:
        self._scene, self._account, self._language = scene, account, language
        self._between = between
        self._station = Stations(account, self._failing, self._passed)
        self._server: Optional[Server] = None
        self._work: Optional[Work] = None
        self._comment = ""

    def go(self) -> bool:
        """Walk to the end or to the station that cannot be passed; tell whether it was the end."""
        with contextlib.suppress(RoadEndedError):
            with self._station("pack built and signed") as facts:
                facts.update(self._scene.build_pack())
            with self._station("server started") as facts:
                self._scene.open_school()
                self._server = self._scene.start_server()
                facts["listens at"] = self._server.address
                facts["its database, bytes"] = self._scene.database_bytes()
            with self._scene.counted(self._server) as proxy:
                self._pupil_first(proxy)
                self._teacher(proxy)
                self._pupil_again(proxy)
                self._thief()
        if self._server is not None:
            self._server.stop()
        return self._account.complete

    def _failing(self) -> Dict[str, Value]:
        return {"server is running": self._server is not None and self._server.running}

    def _passed(self, name: str) -> None:
        if self._between is not None and self._server is not None:
            self._between(name, self._server)

    @contextlib.contextmanager
    def _laptop(self, data: Any) -> Iterator[Hands]:
        laptop = Laptop.open(data)
        try:
            with Hands(laptop, self._language, self._scene.pictures) as hands:
                yield hands
        finally:
            laptop.close()

    @property
    def _handed_in(self) -> Work:
        if self._work is None:
            raise RuntimeError("nothing was handed in")
        return self._work

    def _work_now(self, hands: Hands) -> Work:
        """The work as this laptop knows it now."""
        laptop: Laptop = hands.app.laptop
        works = laptop.works(self._handed_in.person)
        return next(one for one in works if one.id == self._handed_in.id)

    def _pupil_first(self, proxy: CountingProxy) -> None:
        with self._laptop(self._scene.pupil_data) as hands:
            self._join(hands, proxy, "student", STUDENT)
            self._receive_pack(hands, proxy)
            card = next(one for one in hands.app.laptop.lessons() if one.lesson == LESSON)
            pictures: List[str] = []
            with self._station("video plays", pictures) as facts:
                pictures.append(hands.place_picture("today"))
                seen, taken = pupil.watch(hands, card.pack, LESSON)
                facts.update(seen)
                pictures.append(taken)
            pictures = ["task.png"]
            proxy.unplug()
            with self._station("task done with the line cut", pictures) as facts:
                answers = pupil.answer(hands, card.pack, LESSON, card.task_ids[0])
                facts["answers given"] = len(answers)
                work = self._work = pupil.hand_in(hands)
                facts["handed in as record"] = work.id.seq
                facts["scored at once"] = f"{work.points:g} of {work.of:g}"
                facts["left for the teacher, points"] = work.waiting
                hands.until_tried()
                facts["what the pupil reads"] = hands.say(hands.app.laptop.status().sentence)
                facts["where it is"] = self._work_now(hands).station.name.lower()
                pictures.append(hands.picture("handed-in"))
            proxy.plug()
            self._send_work(hands, proxy)

    def _join(self, hands: Hands, proxy: CountingProxy, role: str, name: str) -> None:
        pictures: List[str] = []
        with self._station(f"{role}'s laptop enrolled", pictures) as facts:
            pictures.append(hands.picture(f"{role}-enrol"))
            code = self._scene.code_for(role, name)
            before = proxy.count
            pupil.join(hands, proxy.address, code)
            facts["code"] = code
            facts["school"] = hands.app.laptop.school
            facts.update(_cost(proxy, before))
            pictures.append(pupil.sit_down(hands, f"{role}-who", locks=True))

    def _receive_pack(self, hands: Hands, proxy: CountingProxy) -> None:
        pictures: List[str] = []
        with self._station("lessons arrived", pictures) as facts:
            account = hands.sync()
            _demand(account)
            lessons = hands.app.laptop.lessons()
            facts["lessons"] = len(lessons)
            facts["videos here"] = sum(card.video_ready for card in lessons)
            facts.update(_cost(proxy, None))
            if not lessons or not all(card.video_ready for card in lessons):
                raise RuntimeError("not all lessons and videos arrived")
            facts.update(inspect_packs(self._scene.pupil_data))
            pictures.append(hands.place_picture("lessons"))

    def _send_work(self, hands: Hands, proxy: CountingProxy) -> None:
        pictures: List[str] = []
        with self._station("work received by the school", pictures) as facts:
            before = proxy.count
            account = hands.sync()
            _demand(account)
            work = self._work_now(hands)
            facts.update(_cost(proxy, before))
            facts["receipt covers record"] = account.receipt.seq if account.receipt else None
            facts["receipt verified with the school's key"] = inspect_receipt(
                self._scene.pupil_data, work.id.seq
            )
            facts["what the pupil reads"] = hands.say(account.sentence)
            facts["where it is"] = work.station.name.lower()
            if account.receipt is None or account.receipt.seq < work.id.seq:
                raise RuntimeError("no receipt covers the work")
            pictures.append(hands.picture("sent"))

    def _teacher(self, proxy: CountingProxy) -> None:
        with self._laptop(self._scene.teacher_data) as hands:
            self._join(hands, proxy, "teacher", TEACHER)
            self._receive_class(hands)
            pictures: List[str] = []
            with self._station("teacher gives a mark", pictures) as facts:
                pictures.append(teacher.give_mark(hands, self._handed_in.id))
                before = proxy.count
                account = hands.sync()
                _demand(account)
                facts.update(_cost(proxy, before))
                facts["what the teacher reads"] = hands.say(account.sentence)

    def _receive_class(self, hands: Hands) -> None:
        pictures: List[str] = []
        with self._station("work reached the teacher", pictures) as facts:
            _demand(hands.sync())
            person = hands.app.person
            table = hands.app.laptop.class_work(person.id)
            facts["works that wait for a mark"] = len(table.unmarked)
            if not any(work.id == self._handed_in.id for work in table.unmarked):
                raise RuntimeError("the pupil's work is not there")
            pictures.append(hands.place_picture("class_work"))

    def _pupil_again(self, proxy: CountingProxy) -> None:
        with self._laptop(self._scene.pupil_data) as hands:
            pictures: List[str] = []
            with self._station("mark reached the pupil", pictures) as facts:
                hands.sit_down_again()
                before = proxy.count
                _demand(hands.sync())
                mark = self._work_now(hands).mark
                facts.update(_cost(proxy, before))
                if mark is None:
                    raise RuntimeError("there is no mark")
                facts["mark"] = f"{mark.points:g} of {mark.of:g}"
                facts["comment"] = mark.comment
                facts["by"] = mark.teacher_name
                self._comment = mark.comment
                pictures.append(hands.place_picture("results"))
            with self._station("nothing new") as facts:
                before = proxy.count
                _demand(hands.sync())
                facts.update(_cost(proxy, before))

    def _thief(self) -> None:
        """Search what the pupil's laptop has on its disk now that nobody sits there."""
        with self._station("a thief who searches every byte of the laptop") as facts:
            hidden = (STUDENT, STUDENT.split()[-1], pupil.LONG_ANSWER[self._language], PIN)
            search = Search(
                Secret("what is locked", text) for text in (*hidden, self._comment) if text
            )
            found = search.folder(self._scene.pupil_data)
            facts["forms of the name, the answer, the comment and the PIN"] = search.needles
            facts["bytes searched, unpacked ones too"] = search.searched_bytes
            facts["found"] = len(found)
            if found:
                raise RuntimeError(f"{found[0].what} in {found[0].place}")


def _demand(account: Any) -> None:
    """Go on only when the exchange went through and nothing was set aside."""
    for problem in (account.problem, *account.set_aside):
        if problem is not None:
            raise RuntimeError(f"{problem.code}: {problem.subject} {problem.detail}".strip())


def _cost(proxy: CountingProxy, before: Any) -> Dict[str, Value]:
    """What went over the wire since ``before``, or since enrolment, as the proxy counted it."""
    now = proxy.count
    if before is None:
        return {
            "requests so far": now.requests,
            "bytes up so far": now.up_bytes,
            "bytes down so far": now.down_bytes,
        }
    return {
        "requests": now.requests - before.requests,
        "bytes up": now.up_bytes - before.up_bytes,
        "bytes down": now.down_bytes - before.down_bytes,
    }
