"""Merging with sticks that are pulled out, torn and worn."""

from __future__ import annotations

import random
from typing import Dict, List

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import StickError, SyncError
from sync.sticks.mailbox import Mailbox
from sync.sticks.merging import Merged, contents
from tests.support.examples import examples
from tests.support.stick_mail import (
    merged,
    new_bag,
    new_stick,
    put_file,
    put_own,
    put_up,
    reply,
    volume_of,
)


def scene(seed: int) -> Dict[str, Mailbox]:
    """Lay letters down at random: some answered, some on both sides."""
    chance = random.Random(seed)
    sides: Dict[str, Mailbox] = {"bag": new_bag(), "stick": new_stick()}
    for number in range(4):
        first = sides[chance.choice(("bag", "stick"))]
        name = put_up(first, number)
        if chance.random() < 0.5:
            reply(sides[chance.choice(("bag", "stick"))], name, chance.randint(1, 3))
        if chance.random() < 0.5:
            put_own(sides["stick"], number)
    put_file(sides["stick"], bytes(600) + bytes([seed % 251]))
    return sides


def settled(sides: Dict[str, Mailbox]) -> List[object]:
    """Merge until nothing changes, and tell what is there."""
    for _ in range(2):
        merged(sides["bag"], sides["stick"])
    assert merged(sides["bag"], sides["stick"]) == Merged()
    return [contents(sides["bag"]), contents(sides["stick"])]


def unanswered(*mailboxes: Mailbox) -> List[str]:
    ups = {str(name) for mailbox in mailboxes for name in mailbox.up_letters()}
    return sorted(ups - {str(name) for mailbox in mailboxes for name in mailbox.answered()})


@settings(max_examples=examples(60))
@given(st.integers(0, 10_000), st.data())
def test_pulled_out_at_any_moment_it_ends_as_if_it_had_not_been(
    seed: int, data: st.DataObject
) -> None:
    calm = scene(seed)
    steps = {side: volume_of(mailbox).steps for side, mailbox in calm.items()}
    merged(calm["bag"], calm["stick"])
    wanted = settled(calm)
    sides = scene(seed)
    before = unanswered(*sides.values())
    side = data.draw(st.sampled_from(("stick", "bag")))
    used = volume_of(calm[side]).steps - steps[side]
    volume = volume_of(sides[side])
    volume.fail_at(volume.steps + data.draw(st.integers(1, used)))
    try:
        merged(sides["bag"], sides["stick"])
    except SyncError as error:
        assert error.code in ("stick-gone", "disk-failed")
    volume.pull(random.Random(seed))
    assert unanswered(*sides.values()) == before
    assert settled(sides) == wanted


@settings(max_examples=examples(40))
@given(st.integers(0, 10_000), st.data())
def test_torn_and_worn_sticks_lose_only_what_lay_on_them_alone(
    seed: int, data: st.DataObject
) -> None:
    chance = random.Random(seed)
    sides = scene(seed)
    bag, stick = sides["bag"], sides["stick"]
    merged(bag, stick)
    both = unanswered(bag)
    for number in range(10, 13):
        put_up(stick, number)
    volume = volume_of(stick)
    volume.fail_at(volume.steps + data.draw(st.integers(1, 40)))
    with pytest.raises(StickError):
        for number in range(20, 40):
            put_up(stick, number)
    volume.pull(chance, torn_folders=True)
    for path, content in volume.files().items():
        if content and chance.random() < 0.2:
            volume.flip(path, chance.randrange(len(content)), 1 << chance.randrange(8))
    for _ in range(3):
        merged(bag, stick)
    assert set(both) <= set(unanswered(bag))
    lying = {str(name) for name in stick.up_letters()}
    assert set(both) <= lying
    for name in stick.up_letters():
        if str(name) in both:
            stick.read_up(name)
    assert not [path for path in volume.files() if path.endswith(".new") and "/files/" not in path]
