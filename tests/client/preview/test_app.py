from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.packs import write_source
from tests.support.screens import SIZES, Stage, criticise, prepare

pytestmark = pytest.mark.screen


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_source(tmp_path / "my-pack")


@pytest.fixture
def here(source, tmp_path):
    prepare()
    from kivy.core.window import Window

    from client.preview.app import PreviewApp
    from client.preview.previewing import Previewing

    Window.size = SIZES[2]
    (tmp_path / "laptop").mkdir()
    previewing = Previewing(source, tmp_path / "laptop", "Оқушы")
    previewing.refresh()
    opened = Stage(PreviewApp(previewing, "ru"))
    opened.app.on_start()
    opened.settle()
    yield opened
    opened.close()
    previewing.close()


def test_what_is_saved_shows_in_the_lesson_that_is_open(here, source):
    here.app.go("lesson", pack=here.app.laptop.lessons()[0].pack, lesson="meaning")
    here.wait(lambda: "Что такое уравнение?" in here.words())
    toml = source / "lessons" / "meaning" / "lesson.toml"
    said = toml.read_text("utf-8").replace("Что такое уравнение?", "Новое имя")
    toml.write_text(said, "utf-8")
    here.app.look()
    here.wait(lambda: "Новое имя" in here.words())
    assert [visit.name for visit in here.app.history][-1] == "lesson"


def test_a_problem_stands_under_every_screen_until_it_is_mended(here, source):
    whole = (source / "pack.toml").read_text("utf-8")
    (source / "pack.toml").write_text("[pack", "utf-8")
    here.app.look()
    here.settle()
    assert "не удалось прочитать" in here.words()
    assert not [one for one in criticise(here.find("Strip"), *SIZES[2]) if "cut" in one.what]
    here.app.open_place("lessons")
    here.settle()
    assert "не удалось прочитать" in here.words()
    (source / "pack.toml").write_text(whole + "\n", "utf-8")
    here.app.look()
    here.settle()
    assert "не удалось прочитать" not in here.words()


def test_the_command_draws_a_source_and_leaves_nothing_behind(source, tmp_path):
    (tmp_path / "scratch").mkdir()
    picture = tmp_path / "first.png"
    command = [sys.executable, "-m", "client", "--picture", str(picture), "preview", str(source)]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "scratch")}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert list((tmp_path / "scratch").iterdir()) == []
