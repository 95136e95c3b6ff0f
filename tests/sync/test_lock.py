from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sync.lock import Busy, held, is_held

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys
from pathlib import Path
from sync.lock import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_holder_at_a_time(tmp_path):
    with held(tmp_path / "lock"), pytest.raises(Busy), held(tmp_path / "lock"):
        pytest.fail("both hold it")
    with held(tmp_path / "lock"):
        pass


def test_looking_whether_it_is_held_changes_nothing(tmp_path):
    assert not is_held(tmp_path / "lock")
    assert not (tmp_path / "lock").exists()
    with held(tmp_path / "lock"):
        assert is_held(tmp_path / "lock")
        assert is_held(tmp_path / "lock")
    assert not is_held(tmp_path / "lock")


def test_a_killed_holder_holds_nothing(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=str(ROOT),
    )
    assert process.stdout.readline() == b"held\n"
    with pytest.raises(Busy), held(tmp_path / "lock"):
        pytest.fail("both hold it")
    assert is_held(tmp_path / "lock")
    process.kill()
    process.communicate()
    assert not is_held(tmp_path / "lock")
    with held(tmp_path / "lock"):
        pass


def test_an_error_inside_lets_go(tmp_path):
    with pytest.raises(KeyError), held(tmp_path / "lock"):
        raise KeyError
    with held(tmp_path / "lock"):
        pass
