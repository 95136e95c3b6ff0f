from __future__ import annotations

from client.laptop.problems import problem_of
from client.laptop.storage import quarantine
from content.errors import DamagedError, SignatureError


def test_a_thing_is_aside_once_with_its_latest_reason_until_it_is_released(sample):
    connection = sample._store.database.connection
    quarantine.put(connection, problem_of(DamagedError("first"), "b"))
    quarantine.put(connection, problem_of(SignatureError("second"), "b"))
    quarantine.put(connection, problem_of(DamagedError("other"), "a"))
    assert [(one.subject, one.detail) for one in quarantine.listing(connection)] == [
        ("a", "other"),
        ("b", "second"),
    ]
    assert quarantine.listing(connection)[1].sentence.values["subject"] == "b"
    quarantine.release(connection, "b")
    quarantine.release(connection, "never there")
    assert [one.subject for one in sample.status().set_aside] == ["a"]
