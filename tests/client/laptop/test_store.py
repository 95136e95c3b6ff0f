from __future__ import annotations

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from tests.support.laptop import TurnableClock


def test_before_joining_the_machines_clock_is_all_there_is(tmp_path):
    clock = TurnableClock(12345)
    laptop = Laptop.open(tmp_path, clock)
    assert abs(laptop.now_ms() - clock.now_ms()) < 5000
    with pytest.raises(LaptopError) as caught:
        laptop._store.journal()
    assert caught.value.code == "not-enrolled"
    laptop.close()


def test_settings_are_kept_together(sample):
    store = sample._store
    store.keep_settings({"a": "1", "b": "2"})
    assert (store.setting("a"), store.setting("b"), store.setting("c", "-")) == ("1", "2", "-")


def test_keys_are_those_of_the_journal(sample):
    store = sample._store
    assert store.identity().public.device_id == store.journal().device
    assert store.server().to_bytes() == store.enrolled().server
