from __future__ import annotations

import json

import pytest

from sync.link.policy import ALLOWED, Reason, Verdict
from sync_server.relay.account import PROGRESS_BYTES, Account
from sync_server.relay.conversation import Relayed


@pytest.mark.parametrize(
    ("account", "moved"),
    [
        (Account("Аудан", code="link-lost", sent_bytes=400, received_bytes=300), False),
        (Account("Аудан", code="link-lost", received_bytes=PROGRESS_BYTES), True),
        (Account("Аудан", relayed=Relayed(requests=1)), False),
        (Account("Аудан", relayed=Relayed(sent=1)), True),
        (Account("Аудан", relayed=Relayed(received=1)), True),
        (Account("Аудан", relayed=Relayed(restored=1)), True),
    ],
)
def test_what_came_through_is_told_from_a_question_without_news(
    account: Account, moved: bool
) -> None:
    assert account.moved is moved


def test_a_rule_that_lets_something_wait_is_told_as_json() -> None:
    account = Account("Аудан")
    account.hold(ALLOWED)
    assert account.held is None
    account.hold(Verdict(False, Reason.WINDOW, 5))
    assert json.loads(json.dumps(account.to_json()))["held"] == {
        "code": "link-window",
        "until_ms": 5,
    }
