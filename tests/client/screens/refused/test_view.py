from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from client.data import pointer

pytestmark = pytest.mark.screen

ROOT = Path(__file__).resolve().parents[4]
SEEN = """
import sys
from client import window
prepare = window.prepare
window.prepare = lambda: prepare(offscreen=True, size=(360, 640))
from client import cli

def look():
    from kivy.clock import Clock
    from kivy.core.window import Window
    from client.screens.refused import view
    from client.widgets.labels import Text
    from client.widgets.language_switch import SwitchButton

    def texts():
        return [one.text for one in Window.children[0].walk() if isinstance(one, Text)]

    def press(language):
        found = [one for one in Window.children[0].walk() if isinstance(one, SwitchButton)]
        next(one for one in found if one.value == language).dispatch("on_release")

    def seen(_):
        for language in ("kk", "ru", "en"):
            press(language)
            print(texts(), file=sys.stderr)
        Window.dispatch("on_key_down", 27, 0, "", [])

    run = view.RefusedApp.run
    def watched(self):
        Clock.schedule_once(seen, 0.2)
        run(self)
    view.RefusedApp.run = watched

from client.cli import _show_refusal
def shown(error, language):
    window.prepare()
    window.prepare = lambda: None
    look()
    _show_refusal(error, language)
cli._show_refusal = shown
sys.exit(cli.main(["--language", "ru"]))
"""


def test_whoever_opens_it_by_its_icon_reads_why_it_does_not(tmp_path):
    usual = tmp_path / "keruen"
    usual.mkdir()
    pointer.write_moved(usual, tmp_path / "away" / "Keruen-data")
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment.pop("KERUEN_DATA", None)
    done = subprocess.run(
        [sys.executable, "-c", SEEN],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert json.loads(done.stdout)["error"] == "data-away"
    for words in ("Keruen ашылмады", "Keruen не открылся", "Keruen could not be opened"):
        assert words in done.stderr
    assert str(tmp_path / "away" / "Keruen-data") in done.stderr
