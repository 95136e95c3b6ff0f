from __future__ import annotations

import json
from typing import Any, Dict, Type

import pytest

from content.errors import ContentError, FormatError, UnknownFormatError
from content.trust.certificate import Certificate
from content.trust.withdrawal import Withdrawals, Withdrawn, parse_withdrawals
from tests.support.trust import MINISTRY, REGION, ROOT_ID, TEACHER

ONE = Withdrawn(TEACHER.public.key_id, up_to=3, catalogue="ab" * 32)
LIST = Withdrawals(ROOT_ID, 4, (), {"later": [1]}).with_entry(ONE)


def certificate(number: int) -> Certificate:
    return Certificate(ROOT_ID, TEACHER.public.raw, "x", number)


def test_a_list_is_read_as_it_was_written() -> None:
    assert parse_withdrawals(LIST.to_bytes()) == LIST
    assert LIST.serial == 5


def test_what_is_withdrawn() -> None:
    assert LIST.find(certificate(3)) == ONE
    assert LIST.find(certificate(4)) is None
    assert Withdrawn(TEACHER.public.key_id).covers(certificate(10**9))
    assert LIST.find(Certificate(ROOT_ID, REGION.public.raw, "x")) is None


def test_a_key_is_listed_once_with_the_latest_word() -> None:
    twice = LIST.with_entry(Withdrawn(TEACHER.public.key_id)).with_entry(
        Withdrawn(MINISTRY.public.key_id)
    )
    assert twice.serial == 7
    assert len(twice.withdrawn) == 2
    assert twice.find(certificate(4)) == Withdrawn(TEACHER.public.key_id)
    assert parse_withdrawals(twice.to_bytes()) == twice


ODD: Any = [
    ({"format": 2}, UnknownFormatError, "newer Keruen"),
    ({"serial": 0}, FormatError, "serial"),
    ({"issuer": 5}, FormatError, "issuer"),
    ({"withdrawn": {}}, FormatError, "must be a list"),
    ({"withdrawn": [{"key": "x"}]}, FormatError, "withdrawn 1"),
    ({"withdrawn": [{"key": "0" * 32, "catalogue": "x"}]}, FormatError, "SHA-256"),
    ({"withdrawn": [{"key": "0" * 32}] * 2}, FormatError, "twice or out of order"),
    ({"withdrawn": [{"key": "1" * 32}, {"key": "0" * 32}]}, FormatError, "out of order"),
]


@pytest.mark.parametrize(("change", "error", "sentence"), ODD)
def test_odd_lists_are_refused_by_name(
    change: Dict[str, Any], error: Type[ContentError], sentence: str
) -> None:
    data = json.dumps({**json.loads(LIST.to_bytes()), **change}).encode()
    with pytest.raises(error, match=rf"^a/file.*{sentence}"):
        parse_withdrawals(data, "a/file")
