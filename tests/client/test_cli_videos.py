from __future__ import annotations

from pathlib import Path

import pytest

from client import cli
from tests.client.test_cli import data, run
from tests.support.pack_source import PACK

ROOT = Path(__file__).resolve().parents[2]
__all__ = ["data"]


@pytest.fixture
def videos(capsys, data):
    def call(*arguments):
        code, told, _ = run(capsys, "--data", data, "--language", "en", "videos", *arguments)
        return code, told

    return call


def states(told):
    return {one["lesson"]: one["state"] for one in told["videos"]}


def test_it_lists_what_is_here_and_what_comes(videos):
    code, told = videos()
    assert code == cli.DONE
    assert states(told) == {"meaning": "here", "solving": "here", "problems": "coming"}
    assert told["here_bytes"] == sum(one["here_bytes"] for one in told["videos"]) > 0
    assert told["to_come_bytes"] > 0 and told["free_bytes"] > 0
    assert (told["to_come_s"], told["paused"], told["may_go_bytes"]) == (None, False, 0)


def test_each_choice_is_kept(videos):
    lesson = f"{PACK}/solving"
    assert states(videos("--cancel", f"{PACK}/problems")[1])["problems"] == "away"
    assert states(videos("--first", f"{PACK}/problems")[1])["problems"] == "coming"
    assert [one["kept"] for one in videos("--keep", lesson)[1]["videos"]] == [False, True, False]
    assert not any(one["kept"] for one in videos("--no-keep", lesson)[1]["videos"])
    assert states(videos("--let-go", lesson)[1])["solving"] == "away"
    assert videos("--pause")[1]["paused"] is True
    assert videos("--resume")[1]["paused"] is False
    assert videos("--free-seen")[0] == cli.DONE
    assert videos()[1]["rendition"] == "240p"
    assert videos("--rendition", "144p")[1]["rendition"] == "144p"


def test_an_unknown_lesson_changes_nothing(videos, capsys, data):
    code, told = videos("--keep", f"{PACK}/solving", "--cancel", f"{PACK}/nothing")
    assert (code, told["error"]) == (cli.YOURS, "no-such-lesson")
    assert not any(one["kept"] for one in videos()[1]["videos"])


def test_every_field_is_in_the_docs(videos):
    page = (ROOT / "docs" / "using-keruen.md").read_text(encoding="utf-8")
    told = videos()[1]
    fields = {*told, *told["videos"][0], *states(told).values(), "away"}
    assert [name for name in sorted(fields) if f"`{name}`" not in page] == []
