from __future__ import annotations

from pathlib import Path

import pytest

from build import freezing
from build.paths import ROOT


@pytest.mark.parametrize("programme", freezing.PROGRAMMES.values(), ids=lambda one: one.name)
def test_each_programme_starts_from_a_file_that_is_there(programme: freezing.Programme) -> None:
    assert (ROOT / programme.entry).exists()


def test_without_names_both_are_chosen() -> None:
    assert freezing.chosen([]) == [freezing.CLIENT, freezing.SERVER]
    assert freezing.chosen(["keruen-server"]) == [freezing.SERVER]
    with pytest.raises(KeyError):
        freezing.chosen(["keruen-pack"])


def test_no_programme_leaves_out_its_own_packages() -> None:
    for programme in freezing.PROGRAMMES.values():
        assert set(programme.packages).isdisjoint(programme.excludes)


def test_what_lies_beside_the_modules_comes_along_but_no_code_and_no_samples(
    tmp_path: Path,
) -> None:
    files = (
        "client/widgets/card.kv",
        "client/widgets/card.py",
        "client/widgets/__pycache__/card.cpython-38.pyc",
        "client/messages/shell.json",
        "sync/dictionaries/ab12.zdict",
        "content/samples/algebra/pack.toml",
        "sync_server/pages/start.html",
    )
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    data = freezing.own_data(freezing.CLIENT, tmp_path)
    assert {Path(source).relative_to(tmp_path).as_posix(): folder for source, folder in data} == {
        "client/widgets/card.kv": "client/widgets",
        "client/messages/shell.json": "client/messages",
        "sync/dictionaries/ab12.zdict": "sync/dictionaries",
    }


def test_every_layout_and_message_of_the_client_is_packaged() -> None:
    packaged = {Path(source) for source, _ in freezing.own_data(freezing.CLIENT)}
    read = {*(ROOT / "client").rglob("*.kv"), *(ROOT / "client" / "messages").glob("*.json")}
    assert read
    assert read <= packaged


@pytest.mark.parametrize(
    ("target", "needed"),
    [
        ("ffpyplayer/player/player.so", True),
        ("ffpyplayer\\player\\player.pyx", False),
        ("ffpyplayer/clib/misc.h", False),
        ("share/ffpyplayer/ffmpeg/bin/ffplay.exe", False),
        ("share/ffpyplayer/ffmpeg/bin/avcodec-60.dll", True),
        ("kivy_install/data/fonts/Roboto-Regular.ttf", True),
        ("kivy_install/modules/inspector.py", False),
    ],
)
def test_wanted_tells_use_from_weight(target: str, needed: bool) -> None:
    assert freezing.wanted((target, "/anywhere", "BINARY")) is needed
