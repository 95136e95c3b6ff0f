from __future__ import annotations

import threading

import pytest

from sync.errors import LinkError
from sync.roads.right_of_way import GivingWay, RightOfWay


def test_a_download_waits_while_work_is_on_its_way() -> None:
    right, went_on = RightOfWay(), threading.Event()
    pace = GivingWay(right)
    pace.spend(1)

    def read() -> None:
        pace.spend(1)
        went_on.set()

    with right.first(), right.first():
        reader = threading.Thread(target=read)
        reader.start()
        assert not went_on.wait(0.1)
    assert went_on.wait(60)
    reader.join()


def test_work_that_fails_holds_nobody_up() -> None:
    right = RightOfWay()
    with pytest.raises(LinkError), right.first():
        raise LinkError("link-lost")
    GivingWay(right).spend(1)


def test_nobody_waits_for_ever() -> None:
    right = RightOfWay()
    with right.first():
        right.give_way(timeout_s=0.01)


def test_the_other_pace_is_asked_too() -> None:
    spent: list[int] = []

    class Counting:
        def spend(self, size_bytes: int) -> None:
            spent.append(size_bytes)

    GivingWay(RightOfWay(), Counting()).spend(7)
    assert spent == [7]
