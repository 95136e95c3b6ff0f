from __future__ import annotations

import asyncio

import pytest

from sync_server.exchanges.waiting import MAX_GROUP, WaitingLine
from sync_server.http.worker import Worker


class Answers:
    """Answers a body with itself, and remembers the groups."""

    def __init__(self):
        self.groups = []

    def __call__(self, bodies):
        self.groups.append(list(bodies))
        if b"all" in bodies:
            raise OSError("for all")
        return [ValueError("no") if body == b"bad" else body for body in bodies]


def run(requests):
    """Send (address, body) pairs at once; return answers and groups."""
    answers = Answers()

    async def main():
        worker = Worker()
        line = WaitingLine(worker, answers)
        tasks = [asyncio.create_task(line.answer(*request)) for request in requests]
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert line.length == 0
        worker.close()
        return done

    return asyncio.run(main()), answers.groups


def test_those_who_wait_are_answered_in_groups():
    bodies = [b"%d" % number for number in range(MAX_GROUP * 2 + 10)]
    done, groups = run([("school", body) for body in bodies])
    assert done == bodies
    assert [len(group) for group in groups] == [MAX_GROUP, MAX_GROUP, 10]


def test_addresses_take_turns():
    flood = [("flood", b"f%d" % number) for number in range(MAX_GROUP * 3)]
    others = [(f"laptop {number}", b"%d" % number) for number in range(5)]
    done, groups = run(flood + others)
    assert len(done) == len(flood) + len(others)
    assert {body for _, body in others} <= set(groups[0])


def test_one_error_is_one_senders():
    done, _ = run([("a", b"1"), ("b", b"bad"), ("c", b"3")])
    assert (done[0], done[2]) == (b"1", b"3")
    assert isinstance(done[1], ValueError)


def test_a_failure_of_the_whole_group_reaches_all_and_the_next_group_is_served():
    requests = [("a", b"all")] + [("a", b"x")] * (MAX_GROUP - 1) + [("a", b"after")]
    done, groups = run(requests)
    assert all(isinstance(one, OSError) for one in done[:MAX_GROUP])
    assert done[MAX_GROUP] == b"after"
    assert len(groups) == 2


def test_somebody_who_stops_waiting_holds_up_nobody():
    answers = Answers()

    async def main():
        worker = Worker()
        line = WaitingLine(worker, answers)
        gone = asyncio.create_task(line.answer("a", b"gone"))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        stays = await line.answer("a", b"stays")
        worker.close()
        return stays

    assert asyncio.run(main()) == b"stays"
