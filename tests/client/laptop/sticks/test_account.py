from __future__ import annotations

from dataclasses import replace

from client.laptop.account import InstalledPack
from client.laptop.sticks.account import StickAccount, failed
from client.messages import Message
from sync.errors import StickError


def test_an_account_is_empty_until_anything_came_or_was_left():
    account = StickAccount(Message("stick.nothing-new"))
    assert account.is_empty
    assert not replace(account, works_left=1).is_empty
    assert not replace(account, letters_taken=1).is_empty
    assert not replace(account, packs_installed=(InstalledPack("algebra", 1),)).is_empty


def test_a_stick_that_another_programme_uses_stays_in():
    assert not failed(StickError("stick-busy")).safe
    assert failed(StickError("stick-none")).safe
