from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.errors import RequestError
from sync_server.http.room import LONGEST_WAIT_S, SHORTEST_WAIT_S, VISITOR_BYTES, Room


def test_what_is_taken_is_given_back():
    room = Room()
    with room.visit("a") as visit:
        assert visit.take(1000)
        assert room.taken_bytes == VISITOR_BYTES + 1000
    assert room.taken_bytes == 0
    assert not room._taken


def test_it_is_given_back_after_an_error_too():
    room = Room()
    with pytest.raises(ValueError, match="x"), room.visit("a") as visit:
        visit.take(1000)
        raise ValueError("x")
    assert room.taken_bytes == 0


def test_one_address_leaves_room_for_others():
    room = Room(room_bytes=100_000, address_bytes=50_000)
    with room.visit("a") as greedy:
        assert greedy.take(40_000)
        assert not greedy.take(10_000)
        with room.visit("b") as other:
            assert other.take(10_000)


def test_a_full_room_says_when_to_come_back():
    room = Room(room_bytes=VISITOR_BYTES)
    with room.visit("a"), pytest.raises(RequestError) as error, room.visit("b"):
        pass
    assert (error.value.code, error.value.status) == ("server-busy", 429)
    assert SHORTEST_WAIT_S <= int(error.value.headers["Retry-After"]) <= LONGEST_WAIT_S


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9_000)), max_size=40))
def test_it_is_never_fuller_than_it_may_be(wishes):
    room = Room(room_bytes=60_000, address_bytes=30_000)
    visits = []
    for address, size_bytes in wishes:
        visit = room.visit(address)
        try:
            visit.__enter__().take(size_bytes)
        except RequestError:
            continue
        visits.append(visit)
        assert room.taken_bytes <= 60_000
        assert all(taken <= 30_000 for taken in room._taken.values())
    for visit in visits:
        visit.__exit__(None, None, None)
    assert room.taken_bytes == 0
