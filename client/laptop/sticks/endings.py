"""The last word about a visit: what it came to, and what to do with the stick now."""

from __future__ import annotations

from dataclasses import replace

from client.laptop.sticks.account import StickAccount
from client.messages import Message


def concluded(account: StickAccount, marks_arrived: bool, marks_left: bool) -> StickAccount:
    """Give an account the sentence that fits what it tells.

    ``marks_arrived`` tells that what the school has received are marks and no pupil's work,
    ``marks_left`` the same of what lies on the stick on its way.
    """
    return replace(account, sentence=_sentence(account, marks_arrived, marks_left))


def _sentence(account: StickAccount, marks_arrived: bool, marks_left: bool) -> Message:
    problem = account.problem
    if problem is not None and problem.code == "cancelled":
        return Message("stick.stopped")
    if problem is not None:
        return problem.sentence
    if account.is_empty:
        return Message("stick.nothing-new")
    rest = Message("stick.take-out")
    if account.works_left:
        key = "stick.left-marks" if marks_left else "stick.left"
        rest = Message(key, {"n": account.works_left})
    if account.works_arrived:
        key = "stick.arrived-marks" if marks_arrived else "stick.arrived"
        return Message(key, {"n": account.works_arrived, "rest": rest})
    if account.records_received or account.packs_installed or account.files_came:
        return Message("stick.came", {"rest": rest})
    return rest if account.works_left else Message("stick.synced")
