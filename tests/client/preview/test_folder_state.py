from __future__ import annotations

import os
from pathlib import Path

from client.preview.folder_state import state_of


def test_what_is_saved_added_or_removed_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "lessons" / "a.md"
    file.parent.mkdir()
    states = [state_of(tmp_path)]
    file.write_text("бір", "utf-8")
    states.append(state_of(tmp_path))
    file.write_text("екі сөз", "utf-8")
    states.append(state_of(tmp_path))
    os.utime(str(file), ns=(1, 1))
    states.append(state_of(tmp_path))
    file.unlink()
    states.append(state_of(tmp_path))
    assert all(one != other for one, other in zip(states, states[1:]))
    assert states[0] == states[-1] == {}


def test_hidden_folders_and_lost_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(b"x")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    assert state_of(tmp_path) == {}
