"""The plug pulled: a process killed at random moments of saving, handing in and syncing."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import Station
from tests.support.examples import examples
from tests.support.laptop import AIGERIM, sample_laptop
from tests.support.pack_source import PACK

ROOT = Path(__file__).resolve().parents[4]
WORKER = """
import sys
from pathlib import Path
from client.laptop.laptop import Laptop

person, pack = sys.argv[2:4]
laptop = Laptop.open(Path(sys.argv[1]))
number = int(sys.argv[4])
while True:
    number += 1
    answers = {"why": str(number)}
    laptop.save_draft(person, pack, "solving", "explain", answers)
    print("draft", number, flush=True)
    laptop.hand_in(person, pack, "solving", "explain", answers, "kk")
    print("work", number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is how the plug is pulled here")
def test_killed_at_random_moments_nothing_said_to_be_saved_is_lost_or_doubled(tmp_path):
    laptop = sample_laptop(tmp_path / "a")
    laptop.close()
    moments = random.Random(20_26)
    said_works, last, longest_s = set(), 0, SHORTEST_S
    lives = examples(25)
    for _ in range(lives):
        after_s = moments.uniform(0.0, longest_s)
        lines = run_and_kill(tmp_path / "a", last, after_s)
        drafts = [int(line.split()[1]) for line in lines if line.startswith("draft")]
        works = [int(line.split()[1]) for line in lines if line.startswith("work")]
        said_works.update(works)
        if len(works) < FEWEST_WORKS and after_s > longest_s / 2:
            # A busy machine: lives must be long enough here to do every kind of thing.
            longest_s = min(2 * longest_s, LONGEST_S)
        last = max([last, *drafts, *works]) + 1
        laptop = Laptop.open(tmp_path / "a")
        assert laptop.notices() == ()
        answers = [answer_of(laptop, work) for work in own_works(laptop)]
        assert len(answers) == len(set(answers)), "doubled"
        assert said_works <= set(answers), "lost"
        draft = laptop.draft(AIGERIM.id, PACK, "solving", "explain")
        if drafts and (not works or drafts[-1] > works[-1]):
            assert draft == {"why": str(drafts[-1])} or drafts[-1] in answers
        if draft:
            assert int(draft["why"]) not in answers, "handed in and still a draft"
        laptop.close()
    assert len(said_works) > lives


SHORTEST_S, LONGEST_S = 0.3, 5.0
"""Bounds of how long a life may last from its first word on."""
FEWEST_WORKS = 2


def run_and_kill(folder, start, after_s):
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(folder), AIGERIM.id, PACK, str(start)],
        stdout=subprocess.PIPE,
        cwd=str(ROOT),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert process.stdout is not None
    # The moments count from the first word on: a slow start would leave nothing to cut.
    first = process.stdout.readline()
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    output = first + process.communicate()[0]
    # A line cut by the kill was not said.
    return output.splitlines() if output.endswith("\n") else output.splitlines()[:-1]


def own_works(laptop):
    journal = laptop._store.journal()
    return [
        work
        for work in laptop.works(AIGERIM.id)
        if work.task == "explain"
        and work.station is Station.SAVED
        and json.dumps(journal.record(work.id.seq).body["answers"])[:8] == '{"why": '
    ]


def answer_of(laptop, work):
    answer = laptop._store.journal().record(work.id.seq).body["answers"]["why"]
    return int(answer) if answer.isdigit() else 0


@pytest.mark.parametrize("step", range(12))
def test_a_crash_between_any_two_steps_of_a_sync_is_repaired(tmp_path, monkeypatch, step):
    from tests.client.laptop.conftest import STUDENTS
    from tests.support.school import ADDRESS, MemoryRoad, School

    class Crash(BaseException):
        pass

    school = School(tmp_path / "school")
    school.publish(video_bytes=300_000)
    road = MemoryRoad(school)
    laptop = Laptop.open(tmp_path / "laptop", reach=road)
    laptop.enrol(ADDRESS, school.code(STUDENTS))
    work = laptop.hand_in(laptop.people()[0].id, PACK, "meaning", "check", {"root": "b"}, "kk")
    calls = {"count": 0}
    from client.laptop.storage.database import Database

    real = Database.transaction

    def crashing(self):
        # Before each of the laptop's transactions after the exchange, once.
        calls["count"] += 1
        if calls["count"] == step + 1:
            raise Crash
        return real(self)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "transaction", crashing)
        with contextlib.suppress(Crash):
            laptop.sync()
    laptop.close()
    again = Laptop.open(tmp_path / "laptop", reach=road)
    assert again.sync().problem is None
    assert again.works(work.person)[0].station is Station.SCHOOL
    assert len(school.submissions()) == 1
    assert [card.video_ready for card in again.lessons()] == [True] * 3
    assert again.status().set_aside == ()
    again.close()
    school.close()


def test_two_programmes_hand_in_and_sync_at_once(tmp_path):
    """A window and the night's command: no record is lost, none gets another's number."""
    laptop = sample_laptop(tmp_path / "a")
    laptop.close()
    code = WORKER.replace("while True:", "for _ in range(25):")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "a"), AIGERIM.id, PACK, str(start)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=str(ROOT),
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for start in (1000, 2000)
    ]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, b"")
    laptop = Laptop.open(tmp_path / "a")
    answers = sorted(answer_of(laptop, work) for work in own_works(laptop))
    assert [answer for answer in answers if answer >= 1000] == [
        *range(1001, 1026),
        *range(2001, 2026),
    ]
    laptop.close()
