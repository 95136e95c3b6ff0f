from __future__ import annotations

from pathlib import Path

import pytest

from client.folders import data_folder


@pytest.mark.parametrize(
    ("environment", "platform", "folder"),
    [
        ({"KERUEN_DATA": "/d"}, "win32", "/d"),
        ({"HOME": "/h"}, "linux", "/h/.local/share/keruen"),
        ({"HOME": "/h", "XDG_DATA_HOME": "/x"}, "linux", "/x/keruen"),
        ({"HOME": "/h"}, "darwin", "/h/Library/Application Support/Keruen"),
        ({"LOCALAPPDATA": "/l"}, "win32", "/l/Keruen"),
        ({"USERPROFILE": "/u"}, "win32", "/u/AppData/Local/Keruen"),
    ],
)
def test_the_usual_place(environment, platform, folder):
    assert data_folder(environment, platform) == Path(folder)


def test_there_is_always_one():
    assert data_folder({}).name == "keruen" or data_folder({}).name == "Keruen"
