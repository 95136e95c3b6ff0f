"""What syncing costs on the wire: TCP payload both ways, headers included, counted by a proxy.

Kolibri 0.19.5's figures for the same acts were measured once, on loopback.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, List
from urllib.parse import urlsplit

from client.laptop.laptop import Laptop
from content.task import Item, Task
from tests.bench.counting_proxy import CountingProxy
from tests.bench.table import tell
from tests.support.packs import KEY, build_sample
from tests.support.server import School, running_server

PEER = "Kolibri 0.19.5"
COMMENT = "Тамаша шешім! 3-қадамда таңбаға назар аудар."
LONG_ANSWER = (
    "Алдымен жақшаларды ашамыз, содан кейін айнымалысы бар мүшелерді сол жаққа, сандарды оң жаққа "
    "көшіреміз. Көшіргенде таңбасы өзгереді. Соңында екі жағын айнымалының коэффициентіне бөлеміз."
)


def typed_answer(item: Item) -> Any:
    """An answer as long as a pupil's would be."""
    if item.kind == "choice":
        return item.choices[0].id
    if item.kind == "choices":
        return [choice.id for choice in item.choices[:2]]
    return "2,5" if item.kind == "number" else LONG_ANSWER


def answers_to(task: Task) -> Dict[str, Any]:
    """Answers to every item of a task."""
    return {item.id: typed_answer(item) for item in task.items}


class Road:
    """Two laptops and a server with a counting proxy before it."""

    def __init__(self, folder: Path, school: School, proxy: CountingProxy) -> None:
        self.proxy = proxy
        self.rows: List[Dict[str, Any]] = []
        self.pupil = Laptop.open(folder / "pupil")
        self.teacher = Laptop.open(folder / "teacher")
        self._codes = [
            str(school.code(students=["Айгерім Т."]).code),
            str(school.code(teachers=["Гүлнар Сейітқызы"]).code),
        ]

    def count(self, act: str, do: Any, limit_bytes: Any = None, peer: Any = None) -> None:
        """Do something and note what it cost."""
        self.proxy.reset()
        do()
        count = self.proxy.count
        row = {
            "act": act,
            "requests": count.requests,
            "up_bytes": count.up_bytes,
            "down_bytes": count.down_bytes,
            "bytes": count.total_bytes,
            "limit_bytes": limit_bytes,
            PEER + " (measured once)": peer,
        }
        self.rows.append(row)

    def walk(self) -> None:
        """Everything that a pupil's and a teacher's laptop say to a server."""
        pupil, teacher = self.pupil, self.teacher
        self.count("enrol", lambda: pupil.enrol(self.proxy.address, self._codes[0], "laptop"))
        self.count("first sync, with a pack", pupil.sync)
        self.count("nothing new", pupil.sync, 1000, "29 requests, 45 000 B")
        self._hand_in()
        self.count("hand in one task", pupil.sync, 1500, "30 requests, 48 000 B")
        teacher.enrol(self.proxy.address, self._codes[1], "teacher")
        teacher.sync()
        person = teacher.people()[0].id
        teacher.give_mark(person, teacher.class_work(person).unmarked[0].id, 5, COMMENT)
        self.count("a mark with a comment, up", teacher.sync)
        self.count("a mark with a comment, down", pupil.sync)

    def _hand_in(self) -> None:
        card = self.pupil.lessons()[0]
        task = self.pupil.pack(card.pack).task(card.lesson, card.task_ids[0])
        person = self.pupil.people()[0].id
        self.pupil.hand_in(person, card.pack, card.lesson, task.id, answers_to(task), "kk")


def main() -> int:
    """Measure, tell, and return 1 when an act cost more than it may."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        school = School(folder / "server")
        build_sample(folder)
        school.publish(folder / "repository", KEY.public.key_id)
        with running_server(folder / "server") as address:
            parts = urlsplit(address)
            with CountingProxy((str(parts.hostname), int(parts.port or 0))) as proxy:
                road = Road(folder, school, proxy)
                road.walk()
                road.pupil.close()
                road.teacher.close()
        school.close()
    tell("exchange", road.rows)
    return int(any(row["limit_bytes"] and row["bytes"] >= row["limit_bytes"] for row in road.rows))


if __name__ == "__main__":
    raise SystemExit(main())
