"""What runs in the processes that get killed: a pupil's laptop, a teacher's laptop, a server.

Each life writes a *ledger*: a line before it does something and a line once the programme
said that it is done. The ledger is what a person could have seen on the screen, so it is what must
still be true afterwards.
"""

from __future__ import annotations

import json
import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any, List, Tuple

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop


@dataclass(frozen=True)
class Life:
    """Where a laptop's data and ledger lie, where its server is and what lets it in."""

    data: Path
    ledger: Path
    address: str
    code: str


class Ledger:
    """Lines that outlive the process which writes them: one write each, straight to the system."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(str(path), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, *words: object) -> None:
        line = (json.dumps([os.getpid(), *words]) + "\n").encode()
        assert os.write(self._file, line) == len(line), "a torn line in the ledger"

    def close(self) -> None:
        os.close(self._file)


def read_ledger(path: Path) -> List[List[Any]]:
    """All whole lines, without the process that wrote each."""
    return [json.loads(line)[1:] for line in raw_ledger(path)]


def raw_ledger(path: Path) -> List[str]:
    """All whole lines as they were written, the writing process first."""
    if not path.exists():
        return []
    return [line for line in path.read_text().split("\n") if line.endswith("]")]


def pupil(life: Life, seed: int) -> None:
    """Enrol if need be; then type, hand in and sync, over and over, until killed."""
    ledger, dice = Ledger(life.ledger), random.Random(seed)
    laptop = _arrive(life, ledger)
    person = laptop.people()[0].id
    laptop.sync()
    lesson = _first_lesson(laptop)
    while True:
        marker = f"{life.data.name}-{seed}-{dice.getrandbits(48):x}"
        text = ""
        for letter in marker:
            text += letter
            ledger.note("typing", text)
            laptop.save_draft(person, *lesson, {"why": text})
            ledger.note("typed", text)
            if dice.random() < 0.8:
                continue
            laptop.sync()
        ledger.note("handing-in", marker)
        laptop.hand_in(person, *lesson, {"why": marker}, "kk")
        ledger.note("handed-in", marker)
        if dice.random() < 0.7:
            laptop.sync()


def teacher(life: Life, seed: int) -> None:
    """Enrol if need be; then mark whatever waits, until killed."""
    ledger, dice = Ledger(life.ledger), random.Random(seed)
    laptop = _arrive(life, ledger)
    person = laptop.people()[0].id
    while True:
        laptop.sync()
        for work in laptop.class_work(person).unmarked[:5]:
            name = [work.id.device, work.id.seq]
            ledger.note("marking", name)
            laptop.give_mark(person, work.id, dice.choice((0, 1)), "Жарайсың!")
            ledger.note("marked", name)


def server(data: Path, port: int) -> None:
    """Serve on a fixed port until killed."""
    from sync_server.app import create_app
    from sync_server.http.runner import listen, make_server

    make_server(create_app(data), lambda: None).run(sockets=[listen("127.0.0.1", port)])


def _arrive(life: Life, ledger: Ledger) -> Laptop:
    laptop = Laptop.open(life.data)
    while not laptop.enrolled:
        try:
            laptop.enrol(life.address, life.code, life.data.name)
        except LaptopError as error:
            ledger.note("no-entry", error.code)
    return laptop


def _first_lesson(laptop: Laptop) -> Tuple[str, str, str]:
    while not laptop.lessons():
        laptop.sync()
    card = laptop.lessons()[0]
    return card.pack, card.lesson, card.task_ids[0]
