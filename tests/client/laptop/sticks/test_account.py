from __future__ import annotations

from dataclasses import replace

from client.laptop.account import InstalledPack
from client.laptop.sticks.account import StickAccount
from client.messages import Message


def test_an_account_is_empty_until_anything_came_or_was_left():
    account = StickAccount(Message("stick.nothing-new"))
    assert account.is_empty
    assert not replace(account, works_left=1).is_empty
    assert not replace(account, letters_taken=1).is_empty
    assert not replace(account, packs_installed=(InstalledPack("algebra", 1),)).is_empty
