"""A server that is asked to stop finishes what waits in line; those who come later find nobody."""

from __future__ import annotations

import threading

from sync.errors import LinkError
from sync.roads.http import HttpRoad
from tests.support.device import TestDevice
from tests.support.server import ServerProcess, open_school

LAPTOPS = 12


def test_whoever_was_answered_is_kept_and_the_rest_hear_of_a_lost_link(tmp_path):
    root = tmp_path / "server"
    with open_school(root) as school:
        code = str(school.code(["Анна"], laptops=LAPTOPS).code)
        devices = [TestDevice(tmp_path / f"{n}.db") for n in range(LAPTOPS)]
        for device in devices:
            device.enrol(school.road(), code)
            device.db.close()
    covered, problems, begun = {}, [], threading.Barrier(LAPTOPS + 1)

    def send(at, url):
        device = TestDevice(tmp_path / f"{at}.db", None, devices[at].identity, devices[at].server)
        with HttpRoad(url, stall_timeout_s=20) as road:
            for number in range(1000):
                device.hand_in(devices[at].people[0].id, str(number))
                if number == 1:
                    begun.wait(60)
                try:
                    device.exchange(road)
                except LinkError as error:
                    problems.append(error.code)
                    break
                except Exception as error:
                    problems.append(repr(error))
                    break
        covered[device.id] = device.journal.received_seq
        device.db.close()

    with ServerProcess(root) as server:
        threads = [threading.Thread(target=send, args=(n, server.url)) for n in range(LAPTOPS)]
        for thread in threads:
            thread.start()
        begun.wait(60)
        assert server.stop() == 0
        for thread in threads:
            thread.join(60)
    assert set(problems) <= {"link-lost", "link-unreachable"}
    with open_school(root) as school, school.store.transaction() as transaction:
        for device_id, seq in covered.items():
            assert seq >= 1
            assert transaction.journal_end(device_id).seq >= seq
