from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from build import project


def test_the_windows_7_environment_holds_the_pins_and_the_test_tools() -> None:
    plan = project.windows7_plan(project.interpreters.current())
    for line in ("cryptography==42.0.8", "ffpyplayer==4.5.2", "pytest==8.3.5", "pyhpke=="):
        assert line in plan.requirements
    assert "mypy" not in plan.requirements
    assert "starlette" not in plan.requirements


def test_the_projects_commands_write_into_no_home_and_need_no_display(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KIVY_GL_BACKEND", "mock")
    variables = project.variables(offscreen=True)
    assert variables["SDL_VIDEODRIVER"] == "offscreen"
    assert project.ROOT in Path(variables["KIVY_HOME"]).parents
    assert "KIVY_GL_BACKEND" not in variables


@pytest.mark.parametrize("code", [0, 3])
def test_run_returns_the_exit_code(code: int) -> None:
    assert project.run(Path(sys.executable), ["-c", f"raise SystemExit({code})"]) == code


def test_stopping_by_hand_lets_the_programme_end_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits = []

    class Interrupted:
        def __init__(self, *_arguments: Any, **_options: Any) -> None: ...

        def wait(self, timeout: float = 0) -> int:
            waits.append(timeout)
            if len(waits) == 1:
                raise KeyboardInterrupt
            return 0

    monkeypatch.setattr(project.subprocess, "Popen", Interrupted)
    assert project.run(Path(sys.executable), []) == 130
    assert len(waits) == 2
