from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from sync_server.pages.sessions import (
    CODE_MS,
    SESSION_MS,
    Sessions,
    new_code,
    sign_out_all,
    use_code,
)
from tests.support.clock import TurnableClock
from tests.support.server import School, open_school

NOW_MS = 1_800_000_000_000


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    with open_school(tmp_path / "school", TurnableClock(NOW_MS)) as school:
        yield school


def test_a_code_is_good_once_and_for_a_day(school: School) -> None:
    code = new_code(school.store, NOW_MS)
    assert len(code.split()) == 3
    assert not use_code(school.store, code[:-1], NOW_MS)
    assert not use_code(school.store, "", NOW_MS)
    assert use_code(school.store, code.replace(" ", "-"), NOW_MS + CODE_MS - 1)
    assert not use_code(school.store, code, NOW_MS)
    late = new_code(school.store, NOW_MS)
    assert not use_code(school.store, late, NOW_MS + CODE_MS)


def test_a_new_code_voids_the_one_before(school: School) -> None:
    first, second = new_code(school.store, NOW_MS), new_code(school.store, NOW_MS)
    assert not use_code(school.store, first, NOW_MS)
    assert use_code(school.store, second, NOW_MS)


def test_no_code_is_kept(school: School) -> None:
    code = new_code(school.store, NOW_MS)
    data = b"".join(path.read_bytes() for path in school.folder.root.glob("server.db*"))
    assert code.replace(" ", "").encode() not in data


def test_a_cookie_is_good_until_its_time_and_on_this_server_alone(
    school: School, tmp_path: Path
) -> None:
    sessions = Sessions(school.store, school.identity)
    cookie = sessions.cookie(NOW_MS)
    assert sessions.is_good(cookie, NOW_MS + SESSION_MS - 1)
    assert not sessions.is_good(cookie, NOW_MS + SESSION_MS)
    with open_school(tmp_path / "other", TurnableClock(NOW_MS)) as other:
        assert not Sessions(other.store, other.identity).is_good(cookie, NOW_MS)
    sign_out_all(school.store)
    assert not sessions.is_good(cookie, NOW_MS)


@pytest.mark.parametrize(
    "cookie",
    [None, "", ".", "1", "9" * 30 + ".", "²³.", "-1.x", "1800000000001.é", "1e99." + "0" * 64],
)
def test_what_is_no_cookie_of_ours_is_refused(school: School, cookie: str) -> None:
    assert not Sessions(school.store, school.identity).is_good(cookie, NOW_MS)


def test_a_later_time_on_the_same_signature_is_refused(school: School) -> None:
    sessions = Sessions(school.store, school.identity)
    until, _, signature = sessions.cookie(NOW_MS).partition(".")
    assert not sessions.is_good(f"{int(until) + 1}.{signature}", NOW_MS)
