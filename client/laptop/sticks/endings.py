"""The last word about a visit: one sentence that says what to do with the stick now."""

from __future__ import annotations

from dataclasses import replace

from client.laptop.sticks.account import StickAccount
from client.messages import Message


def sentence(account: StickAccount) -> StickAccount:
    """Give an account the sentence that fits what it tells."""
    return replace(account, sentence=_sentence(account))


def _sentence(account: StickAccount) -> Message:
    problem = account.problem
    if problem is not None and problem.code == "cancelled":
        return Message("stick.stopped")
    if problem is not None:
        return problem.sentence
    came = account.records_received or account.packs_installed or account.files_came
    if account.works_left:
        key = "stick.left-and-came" if came else "stick.left"
        return Message(key, {"n": account.works_left})
    return Message("stick.nothing-new" if account.is_empty else "stick.came")
