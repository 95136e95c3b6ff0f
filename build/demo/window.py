"""The demo with a display: a school's server, and the client on a laptop that belongs to it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from build.demo.scene import STUDENT, TEACHER, Scene
from build.paths import ROOT
from client.laptop.laptop import Laptop


def open_window(folder: Path, language: str) -> int:
    """Make the scene, enrol a pupil's laptop, open the client on it, and return its exit code."""
    scene = Scene(folder)
    print("Building and signing the sample pack")
    scene.build_pack()
    scene.open_school()
    server = scene.start_server()
    try:
        laptop = Laptop.open(scene.pupil_data)
        laptop.enrol(server.address, scene.code_for("student", STUDENT))
        print("Fetching the lessons")
        laptop.sync()
        laptop.close()
        _say_what_next(scene, server.address)
        words = ["--data", str(scene.pupil_data), "--language", language]
        return subprocess.run(
            [sys.executable, "-m", "client", *words], cwd=str(ROOT), check=False
        ).returncode
    finally:
        server.stop()


def _say_what_next(scene: Scene, address: str) -> None:
    code = scene.code_for("teacher", TEACHER)
    print(f"""
The window is {STUDENT}'s laptop. Do a task and hand it in: it goes to the school by itself.
To be the teacher, open a second terminal and type:
    python3 build run --data {scene.teacher_data}
with the address  {address}  and the code  {code}
Close the window to end the demo.""")
