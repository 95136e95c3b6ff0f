from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from client.laptop.people import membership
from client.laptop.people.membership import Membership
from client.laptop.people.people import Person

PEOPLE = (Person("a", "Айгерім", "student", "7 «А»", "yurt"),)
MEMBER = Membership(b"s" * 64, b"d" * 64, "http://x", b"v" * 64, "Мектеп", PEOPLE, {"k": b"p" * 32})


def test_what_was_saved_is_loaded(tmp_path):
    assert membership.load(tmp_path) is None
    membership.save(tmp_path, MEMBER)
    assert membership.load(tmp_path) == MEMBER


def test_keys_are_readable_by_their_owner_alone(tmp_path):
    membership.save(tmp_path, MEMBER)
    for name in membership.NAMES:
        assert os.name == "nt" or (tmp_path / name).stat().st_mode & 0o077 == 0


def test_secrets_do_not_appear_in_logs():
    assert "ssss" not in repr(MEMBER)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_one_damaged_copy_costs_nothing(tmp_path_factory, position, flip):
    folder = tmp_path_factory.mktemp("m")
    membership.save(folder, MEMBER)
    path = folder / membership.NAMES[position % 2]
    data = bytearray(path.read_bytes())
    data[position % len(data)] ^= flip
    path.write_bytes(bytes(data))
    assert membership.load(folder) == MEMBER


def test_a_torn_write_leaves_the_old_or_the_new_one(tmp_path):
    membership.save(tmp_path, MEMBER)
    (tmp_path / (membership.NAMES[0] + ".new")).write_bytes(b"half of a new o")
    assert membership.load(tmp_path) == MEMBER


def test_publishers_are_replaced_as_the_server_says():
    assert MEMBER.with_publishers({"n": b"q" * 32}).publishers == {"n": b"q" * 32}
    assert Membership(b"s" * 64, b"d" * 64).enrolled is False
