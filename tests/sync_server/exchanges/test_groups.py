"""Exchanges that share a commit: none harms another, and nothing is answered that is not kept."""

from __future__ import annotations

import sqlite3

import pytest

from sync_server.errors import RequestError
from sync_server.exchanges.exchanges import ExchangeService
from sync_server.http.buckets import Buckets
from tests.support.device import TestDevice

NAMES = ("Анна", "Болат", "Виктор", "Дана", "Ерлан")


@pytest.fixture
def pupils(enrolled):
    pupils = [enrolled([name]) for name in NAMES]
    for pupil in pupils:
        pupil.hand_in(pupil.people[0].id)
    return pupils


def messages(pupils):
    return [pupil.seal(pupil.request()) for pupil in pupils]


def end_of(school, pupil):
    with school.store.transaction() as transaction:
        end = transaction.journal_end(pupil.id)
    return end.seq if end else 0


def count_commits(school, monkeypatch):
    """Return a list that grows with every statement that ends a transaction."""
    commits = []
    school.store._connection.set_trace_callback(
        lambda sql: commits.append(sql) if sql == "COMMIT" else None
    )
    return commits


def test_a_group_shares_one_commit(school, pupils, monkeypatch):
    school.exchanges.exchange_all(messages(pupils))
    group = messages(pupils)
    commits = count_commits(school, monkeypatch)
    answers = school.exchanges.exchange_all(group)
    assert len(commits) == 1
    for pupil, answer in zip(pupils, answers):
        assert pupil.open(answer).receipt.seq == 1


def test_bad_ones_get_their_errors_and_the_others_their_answers(school, pupils):
    group = messages(pupils)
    stranger = TestDevice(server=pupils[0].server)
    group[1] = group[1][:-1] + bytes([group[1][-1] ^ 1])
    group.insert(3, stranger.seal(stranger.request()))
    group.append(b"garbage")
    answers = school.exchanges.exchange_all(group)
    codes = [answer.code if isinstance(answer, Exception) else None for answer in answers]
    unreadable, unknown, malformed = "message-unreadable", "device-unknown", "message-malformed"
    assert codes == [None, unreadable, None, unknown, None, None, malformed]
    assert [end_of(school, pupil) for pupil in pupils] == [1, 0, 1, 1, 1]
    stranger.close()


@pytest.mark.parametrize("broken", range(len(NAMES)))
def test_our_own_bug_in_one_undoes_that_one_alone(school, pupils, monkeypatch, broken):
    from sync_server.exchanges import exchanges

    whole = exchanges.collect_mail

    def collect(transaction, device, request, own_id):
        if device.id == pupils[broken].id:
            raise ZeroDivisionError
        return whole(transaction, device, request, own_id)

    monkeypatch.setattr(exchanges, "collect_mail", collect)
    answers = school.exchanges.exchange_all(messages(pupils))
    for at, (pupil, answer) in enumerate(zip(pupils, answers)):
        assert isinstance(answer, ZeroDivisionError) == (at == broken)
        assert end_of(school, pupil) == (at != broken)


def test_one_that_is_too_much_for_the_disk_costs_the_others_nothing(school, pupils):
    pupils[2].hand_in(pupils[2].people[0].id, "x" * 60_000)
    group = messages(pupils)
    ask = school.store._connection.execute
    ask("PRAGMA wal_checkpoint(TRUNCATE)")
    pages = ask("PRAGMA page_count").fetchone()[0]
    ask(f"PRAGMA max_page_count = {pages + 8}")
    answers = school.exchanges.exchange_all(group)
    ask("PRAGMA max_page_count = 1000000")
    assert [isinstance(answer, sqlite3.OperationalError) for answer in answers] == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert [end_of(school, pupil) for pupil in pupils] == [1, 1, 0, 1, 1]


def test_a_commit_that_fails_is_answered_to_nobody(school, pupils, monkeypatch):
    from sync_server.store.sqlite import SqliteTransaction

    group = messages(pupils)
    school.exchanges.exchange_all(group[:1])

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(SqliteTransaction, "set_journal_end", full)
    answers = school.exchanges.exchange_all(group)
    assert [isinstance(answer, sqlite3.OperationalError) for answer in answers[1:]] == [True] * 4
    monkeypatch.undo()
    assert [end_of(school, pupil) for pupil in pupils] == [1, 0, 0, 0, 0]


def test_the_same_message_twice_in_a_group_counts_once(school, pupils):
    message = messages(pupils)[0]
    answers = school.exchanges.exchange_all([message, message])
    assert [pupils[0].open(answer).receipt.seq for answer in answers] == [1, 1]
    with school.store.transaction() as transaction:
        assert transaction.counts()["refused"] == 0


def test_a_flood_from_one_device_is_put_off_and_others_are_served(school, pupils, clock):
    now_s = [0.0]
    pace = Buckets(3, 0.5, lambda: now_s[0])
    service = ExchangeService(school.store, school.identity, clock, pace)
    flood, other = messages(pupils)[:2]
    answers = service.exchange_all([flood] * 5 + [other])
    assert [isinstance(answer, RequestError) for answer in answers] == [
        *[False] * 3,
        *[True] * 2,
        False,
    ]
    assert (answers[4].status, answers[4].headers) == (429, {"Retry-After": "2"})
    now_s[0] = 2.0
    assert service.exchange(flood)
