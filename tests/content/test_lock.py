from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import List

import pytest

from content.errors import BusyError
from content.lock import locked


def test_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "r" / "lock"
    with locked(path), pytest.raises(BusyError, match="wait until that"), locked(path, 0.0):
        pytest.fail("both held it")
    assert not (tmp_path / "r").exists()
    with locked(path):
        assert path.exists()


def test_many_threads_never_meet(tmp_path: Path) -> None:
    inside, most = [0], [0]
    problems: List[BaseException] = []

    def work() -> None:
        try:
            for _ in range(20):
                with locked(tmp_path / "r" / "lock"):
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                    inside[0] -= 1
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, problems) == ([1], [])


def test_a_holder_that_died_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    script = f"""
import os, pathlib
from content.lock import locked
with locked(pathlib.Path({str(path)!r})):
    os._exit(9)
"""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, check=False)
    assert done.returncode == 9
    assert path.exists()
    with locked(path, 0.0):
        pass
