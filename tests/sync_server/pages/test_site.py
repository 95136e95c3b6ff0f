from __future__ import annotations

from pathlib import Path
from typing import Iterator, Tuple

import pytest
import requests

from sync_server.pages.sessions import new_code
from sync_server.pages.words import Words
from tests.support.clock import TurnableClock
from tests.support.server import School, open_school, running_server, server_json
from tests.sync_server.pages.scene import NOW_MS, furnish


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tuple[School, str]]:
    folder: Path = tmp_path_factory.mktemp("site")
    clock = TurnableClock(NOW_MS)
    with open_school(folder / "school", clock) as school:
        furnish(folder, school)
        with running_server(folder / "school", clock) as url:
            yield school, url


def signed_in(school: School, url: str) -> requests.Session:
    browser = requests.Session()
    code = new_code(school.store, NOW_MS)
    answer = browser.post(f"{url}/login", data={"code": code})
    assert answer.status_code == 200
    return browser


def test_a_stranger_sees_the_question_for_a_code_and_nothing_else(
    served: Tuple[School, str],
) -> None:
    _, url = served
    answer = requests.get(f"{url}/", headers={"Accept-Language": "ru"}, timeout=30)
    assert answer.status_code == 200
    assert Words("ru")("sign_in") in answer.text
    assert "Ақсу" not in answer.text
    assert "312" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_code_lets_a_browser_in_until_it_signs_out(served: Tuple[School, str]) -> None:
    school, url = served
    browser = signed_in(school, url)
    page = browser.get(f"{url}/?lang=kk").text
    assert Words("kk")("do_now") in page
    assert "312" in page
    assert Words("kk")("do_now") in browser.get(f"{url}/").text, "the language is remembered"
    browser.post(f"{url}/logout")
    assert "312" not in browser.get(f"{url}/").text


def test_the_cookie_cannot_be_read_by_scripts_or_sent_by_other_sites(
    served: Tuple[School, str],
) -> None:
    school, url = served
    code = new_code(school.store, NOW_MS)
    answer = requests.post(f"{url}/login", data={"code": code}, allow_redirects=False, timeout=30)
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_guessing_slows_down(served: Tuple[School, str]) -> None:
    school, url = served
    new_code(school.store, NOW_MS)
    answers = [requests.post(f"{url}/login", data={"code": str(n)}, timeout=30) for n in range(25)]
    assert [one.status_code for one in answers[:5]] == [403] * 5
    assert answers[-1].status_code == 429
    long = requests.post(f"{url}/login", data={"code": "1" * 5000}, timeout=30)
    assert long.status_code in (403, 429)


def test_the_console_gives_out_the_code(tmp_path: Path) -> None:
    folder = str(tmp_path / "school")
    server_json("init", folder, "--school", "Ақсу", "--json")
    given = server_json("page", "--data", folder, "--sign-out", "--json")
    assert len(given["code"].split()) == 3
    assert given["addresses"]
    with running_server(tmp_path / "school") as url:
        browser = requests.Session()
        page = browser.post(f"{url}/login", data={"code": given["code"]}).text
        assert "Ақсу" in page


def test_status_tells_the_same(served: Tuple[School, str]) -> None:
    school, _ = served
    told = server_json("status", "--data", str(school.folder.root), "--json")["morning"]
    assert told["lines"][0]["night"]["records_up"] == 312
    assert told["laptops"] == 4
