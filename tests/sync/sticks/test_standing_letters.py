"""Which letters on a stick still say all, and which nobody needs any more."""

from __future__ import annotations

import pytest

from sync.sticks.correspondence import (
    standing_letter,
    unknown_letters,
)
from tests.support.letters import Correspondent, spent
from tests.support.model_post import answer_letter
from tests.support.model_server import ModelServer
from tests.support.sync_device import Device


@pytest.fixture
def laptop(device: Device, server: ModelServer) -> Correspondent:
    return Correspondent(device, server)


def stands(laptop: Correspondent, *names: str, **more: int) -> bool:
    parties = laptop.device.parties(laptop.server)
    return standing_letter(parties, more, laptop.device.clock, names) is not None


def test_a_standing_letter_is_not_written_again(laptop: Correspondent) -> None:
    written = laptop.write()
    assert stands(laptop, "0" * 16, written.up_name)
    assert not stands(laptop, "0" * 16)
    assert not stands(laptop, written.up_name, publisher=3)
    laptop.device.write()
    assert not stands(laptop, written.up_name)
    later = laptop.write()
    assert stands(laptop, written.up_name, later.up_name)
    laptop.apply(answer_letter(laptop.server, later.up))
    assert not stands(laptop, written.up_name, later.up_name)


def test_a_letter_whose_copy_is_gone_does_not_stand(laptop: Correspondent) -> None:
    laptop.device.write()
    written = laptop.write()
    parties, clock = laptop.device.parties(laptop.server), laptop.device.clock
    names = [written.up_name]
    assert standing_letter(parties, {}, clock, names, copies=[written.own_name])
    assert not standing_letter(parties, {}, clock, names, copies=["0" * 16])
    laptop.correspond()
    parties, empty = laptop.device.parties(laptop.server), laptop.write()
    assert standing_letter(parties, {}, clock, [empty.up_name], copies=[])


def test_spent_letters_are_those_that_nobody_needs(laptop: Correspondent) -> None:
    laptop.device.write()
    first = laptop.write()
    assert spent(laptop, first.up_name, first.own_name) == set()
    laptop.device.write()
    second = laptop.write()
    # Each on a stick of its own is needed there; side by side the later one holds all.
    assert spent(laptop, first.up_name, first.own_name) == set()
    both = (first.up_name, first.own_name, second.up_name, second.own_name)
    assert spent(laptop, *both) == {first.up_name, first.own_name}
    assert spent(laptop, first.own_name, second.up_name) == set()
    laptop.apply(answer_letter(laptop.server, second.up))
    assert spent(laptop, *both) == set(both)
    # Nobody has taken the first letter, but what it says is known.
    assert spent(laptop, first.up_name, first.own_name) == {first.own_name}
    assert spent(laptop, "0" * 16) == set()


def test_letters_of_another_disk_are_told_apart(laptop: Correspondent) -> None:
    laptop.device.write()
    written = laptop.write()
    parties = laptop.device.parties(laptop.server)
    names = (written.up_name, "0" * 16, written.own_name)
    assert unknown_letters(parties, names) == ("0" * 16,)
