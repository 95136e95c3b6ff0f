"""The plug is pulled at random moments of exchanges: nothing is lost and nothing held twice."""

from __future__ import annotations

import contextlib
import random
import threading
import time

import pytest

from sync.errors import SyncError
from sync.kinds import SUBMISSION
from sync.roads.http import HttpRoad
from tests.support.device import TestDevice
from tests.support.server import ServerProcess, open_school

pytestmark = pytest.mark.slow

ROUNDS = 20
SEED = 20


def keep_sending(device, url, stop):
    """Hand in and exchange without pause until the server dies or the time is over."""
    with HttpRoad(url, stall_timeout_s=5) as road:
        while not stop.is_set():
            device.hand_in(device.people[0].id, str(device.journal.head.seq))
            try:
                device.exchange(road)
            except SyncError:
                return


def test_kill_at_random_moments(tmp_path):
    moments = random.Random(SEED)
    root = tmp_path / "server"
    with open_school(root) as school:
        road = school.road()
        pupils = [TestDevice(tmp_path / f"pupil{n}.db") for n in range(2)]
        teacher = TestDevice(tmp_path / "teacher.db")
        for number, pupil in enumerate(pupils):
            pupil.enrol(road, str(school.code([f"Оқушы {number}"]).code))
        teacher.enrol(road, str(school.code([], ["Сәуле"]).code))
    for device in (*pupils, teacher):
        device.db.close()
    for _ in range(ROUNDS):
        covered = _one_life(tmp_path, root, pupils, moments)
        with open_school(root) as school, school.store.transaction() as transaction:
            for pupil, seq in zip(pupils, covered):
                end = transaction.journal_end(pupil.id)
                assert seq <= (end.seq if end else 0), "a receipt was broken"
    with open_school(root) as school:
        road = school.road()
        for at, pupil in enumerate(pupils):
            reopened = _reopen(tmp_path / f"pupil{at}.db", pupil)
            reopened.exchange_all(road)
            assert reopened.journal.received_seq == reopened.journal.head.seq
            reopened.close()
        reader = _reopen(tmp_path / "teacher.db", teacher)
        reader.exchange_all(road)
        got = [(r.device, r.seq) for r in reader.inbox.of_kind(SUBMISSION)]
        reader.close()
        with school.store.transaction() as transaction:
            ends = {pupil.id: transaction.journal_end(pupil.id).seq for pupil in pupils}
            assert transaction.counts()["refused"] == 0
            check = transaction._connection.execute("PRAGMA integrity_check").fetchone()[0]
    assert check == "ok"
    assert sorted(got) == sorted(
        (device, n + 1) for device, end in ends.items() for n in range(end)
    )
    assert sum(ends.values()) > ROUNDS


def _reopen(path, device):
    again = TestDevice(path, identity=device.identity, server=device.server)
    again.people = device.people
    return again


def _one_life(tmp_path, root, pupils, moments):
    """Start the server, let all pupils send, kill it; return how far receipts cover each."""
    stop = threading.Event()
    covered = [0] * len(pupils)

    def work(at, url):
        device = _reopen(tmp_path / f"pupil{at}.db", pupils[at])
        with contextlib.closing(device):
            keep_sending(device, url, stop)
            covered[at] = device.journal.received_seq

    with ServerProcess(str(root)) as server:
        threads = [
            threading.Thread(target=work, args=(at, server.url)) for at in range(len(pupils))
        ]
        for thread in threads:
            thread.start()
        time.sleep(moments.uniform(0.0, 0.35))
        server.kill()
        stop.set()
        for thread in threads:
            thread.join(60)
    return covered
