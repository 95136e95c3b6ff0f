from __future__ import annotations

import subprocess
import sys

CHECK = """
import os, sys
os.environ["KCFG_GRAPHICS_MAXFPS"] = "25"
from client import window
assert "kivy" not in sys.modules
window.prepare(offscreen=True, size=(800, 480))
from kivy.config import Config
got = [Config.get("graphics", name) for name in ("width", "height", "multisamples", "maxfps")]
assert got == ["800", "480", "0", "25"], got
try:
    window.prepare()
except RuntimeError as error:
    print(error)
"""


def test_kivy_hears_what_it_is_told_and_only_beforehand():
    done = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, check=True)
    assert "before kivy is imported" in done.stdout
