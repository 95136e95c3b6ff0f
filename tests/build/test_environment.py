from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, List

import pytest

from build import environment
from build.interpreters import current
from build.say import BuildError


def _plan(folder: Path, requirements: str = "") -> environment.Plan:
    return environment.Plan(folder, current(), requirements, editable=False)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> List[environment.Plan]:
    """Make nothing but note what would be made, with an interpreter to find afterwards."""
    plans: List[environment.Plan] = []

    def pretend(plan: environment.Plan) -> None:
        plans.append(plan)
        plan.scripts.mkdir(parents=True, exist_ok=True)
        plan.python.touch()
        plan.stamp.write_text(environment.json.dumps(environment.fingerprint(plan)))

    monkeypatch.setattr(environment, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(environment, "_make", pretend)
    return plans


def test_an_environment_is_made_once(tmp_path: Path, made: List[Any]) -> None:
    plan = _plan(tmp_path / "env")
    assert environment.ensure(plan) == plan.python
    assert environment.ensure(plan) == plan.python
    assert len(made) == 1


def test_other_requirements_make_it_anew(tmp_path: Path, made: List[Any]) -> None:
    environment.ensure(_plan(tmp_path / "env", "kivy==2.3.1"))
    environment.ensure(_plan(tmp_path / "env", "kivy==2.3.0"))
    assert len(made) == 2


@pytest.mark.parametrize("stamp", ["", "{", '{"layout": 1}', "[]"])
def test_a_damaged_or_missing_stamp_makes_it_anew(
    tmp_path: Path, made: List[Any], stamp: str
) -> None:
    plan = _plan(tmp_path / "env")
    environment.ensure(plan)
    plan.stamp.write_text(stamp)
    environment.ensure(plan)
    assert len(made) == 2


def test_a_lost_interpreter_makes_it_anew(tmp_path: Path, made: List[Any]) -> None:
    plan = _plan(tmp_path / "env")
    environment.ensure(plan).unlink()
    environment.ensure(plan)
    assert len(made) == 2


def test_what_an_interrupted_making_left_is_cleared(tmp_path: Path) -> None:
    folder = tmp_path / "env"
    (folder / "lib").mkdir(parents=True)
    (folder / "keruen-started").touch()
    environment._clear(folder)
    assert not folder.exists()


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "env"
    folder.mkdir()
    (folder / "letters.txt").write_text("mine")
    with pytest.raises(BuildError, match="move it away"):
        environment._clear(folder)
    assert (folder / "letters.txt").exists()


def test_a_failed_making_leaves_no_stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(environment, "_create", lambda plan: plan.folder.mkdir())
    plan = _plan(tmp_path / "env", "no-such-thing==1")
    with pytest.raises(BuildError):
        environment.ensure(plan)
    assert not environment.is_finished(plan)


def test_a_failing_command_is_named_with_its_last_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "CACHE", tmp_path)
    command = [sys.executable, "-c", "import sys; print('the disk is full'); sys.exit(3)"]
    with pytest.raises(BuildError, match="no luck") as caught:
        environment._run(command, "no luck")
    assert "the disk is full" in capsys.readouterr().out
    assert sys.executable in str(caught.value)


def test_a_home_one_cannot_write_to_moves_the_package_cache(tmp_path: Path) -> None:
    nowhere = {"HOME": "/proc/nowhere"}
    assert environment._pip_cache(nowhere) == environment.CACHE / "pip"
    assert environment._pip_cache({"HOME": str(tmp_path)}) == tmp_path / ".cache" / "pip"


def test_variables_that_bend_imports_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("LANG", "kk_KZ.UTF-8")
    variables = environment.clean_variables()
    assert "PYTHONPATH" not in variables
    assert variables["LANG"] == "kk_KZ.UTF-8"
