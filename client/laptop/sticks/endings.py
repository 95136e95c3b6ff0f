"""The last word about a visit: what it came to, and what to do with the stick now."""

from __future__ import annotations

from dataclasses import replace

from client.laptop.sticks.account import StickAccount
from client.messages import Message


def concluded(account: StickAccount, marks_only: bool) -> StickAccount:
    """Give an account the sentence that fits what it tells.

    ``marks_only`` tells that what lies on the stick on its way are marks and no pupil's work.
    """
    return replace(account, sentence=_sentence(account, marks_only))


def _sentence(account: StickAccount, marks_only: bool) -> Message:
    problem = account.problem
    if problem is not None and problem.code == "cancelled":
        return Message("stick.stopped")
    if problem is not None:
        return problem.sentence
    if account.is_empty:
        return Message("stick.nothing-new")
    rest = Message("stick.take-out")
    if account.works_left:
        key = "stick.left-marks" if marks_only else "stick.left"
        rest = Message(key, {"n": account.works_left})
    if account.works_arrived:
        return Message("stick.arrived", {"n": account.works_arrived, "rest": rest})
    if account.records_received or account.packs_installed or account.files_came:
        return Message("stick.came", {"rest": rest})
    return rest if account.works_left else Message("stick.synced")
