from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from content.errors import StorageError
from content.plain_file import open_plain
from content.storage import read_bounded, sha256_of_file


def test_a_file_and_a_link_to_one_are_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"text")
    (tmp_path / "link").symlink_to("file")
    for name in ("file", "link"):
        with open_plain(tmp_path / name) as file:
            assert file.read() == b"text"


@pytest.fixture(params=["pipe", "socket", "device", "folder", "link to a pipe"])
def strange(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "strange"
    if request.param == "folder":
        path.mkdir()
    elif request.param == "device":
        path.symlink_to("/dev/zero")
    elif request.param == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(path))
    else:
        os.mkfifo(tmp_path / "pipe")
        path.symlink_to("pipe")
    return path


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
def test_anything_else_is_refused_at_once(strange: Path) -> None:
    with pytest.raises(OSError, match=r"no plain file|directory|[Nn]o such device"):
        open_plain(strange)
    with pytest.raises(StorageError):
        read_bounded(strange, 100)
    with pytest.raises(OSError, match=r"no plain file|directory|[Nn]o such device"):
        sha256_of_file(strange)
