from __future__ import annotations

from pathlib import Path

import pytest

from content.building.check import check_source
from content.building.skeleton import write_skeleton
from content.building.source import read_source
from content.errors import SourceError


def test_a_new_folder_is_free_of_findings(tmp_path: Path) -> None:
    folder = tmp_path / "my-pack"
    paths = write_skeleton(folder)
    assert all(path.is_file() for path in paths)
    assert check_source(folder) == []
    assert read_source(folder).table.id == "my-pack"


def test_an_id_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "Сабақтар"
    with pytest.raises(SourceError, match="--id"):
        write_skeleton(folder)
    write_skeleton(folder, "lessons")
    assert read_source(folder).table.id == "lessons"


def test_what_is_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    for taken in (tmp_path, file):
        with pytest.raises(SourceError, match="not empty"):
            write_skeleton(taken, "x")
    assert file.read_text() == "mine"
