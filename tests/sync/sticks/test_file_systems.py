"""The volume on the file systems that sticks have."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from sync.errors import StickError
from sync.sticks.marker import ensure_marker, make_stick, read_marker
from sync.sticks.volume import FolderVolume, Volume, find_stick
from tests.support.file_systems import FILE_SYSTEMS, check_image, make_image, mounted
from tests.sync.sticks.volume_contract import VolumeContract


@pytest.fixture(scope="module", params=FILE_SYSTEMS)
def root(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp(request.param)
    image = folder / "image"
    make_image(request.param, image)
    with mounted(request.param, image, folder / "stick") as stick:
        yield stick
    check_image(request.param, image)


class TestRealFileSystems(VolumeContract):
    @pytest.fixture
    def volume(self, root: Path, request: pytest.FixtureRequest) -> Volume:
        folder = root / f"volume-{abs(hash(request.node.name))}"
        folder.mkdir()
        return FolderVolume(folder)


def test_a_stick_is_made_and_found(root: Path) -> None:
    made = make_stick(root)
    marker = read_marker(made)
    assert marker is not None
    made.write("mail/" + "ab" * 8 + "/up/" + "0" * 16 + "-" + "f" * 16, [b"letter"])
    made.write("repository/" + "cd" * 16 + "/objects/ef/" + "ef" * 32 + ".000", [b"part"])
    made.flush()
    found = find_stick(root)
    assert found is not None
    assert found.names("") == ("mail", "readme.txt", "repository", "stick")
    assert ensure_marker(found) == marker


@pytest.mark.parametrize("kind", FILE_SYSTEMS)
def test_a_read_only_stick_is_read_and_says_that_it_is(kind: str, tmp_path: Path) -> None:
    image = tmp_path / "image"
    make_image(kind, image)
    with mounted(kind, image, tmp_path / "stick") as root:
        marker = read_marker(make_stick(root))
    with mounted(kind, image, tmp_path / "stick", read_only=True) as root:
        volume = find_stick(root)
        assert volume is not None
        assert marker is not None
        assert ensure_marker(volume) == marker
        with volume.held(), pytest.raises(StickError) as caught:
            volume.write("one", [b"x"])
        assert caught.value.code == "stick-read-only"
        assert not volume.writable


@pytest.mark.parametrize("kind", FILE_SYSTEMS)
def test_a_full_stick_says_so_and_stays_whole(kind: str, tmp_path: Path) -> None:
    image = tmp_path / "image"
    make_image(kind, image)
    with mounted(kind, image, tmp_path / "stick") as root:
        volume = make_stick(root)
        volume.write("before", [b"x" * 5000])
        with pytest.raises(StickError) as caught:
            volume.write("large", (bytes(1 << 22) for _ in range(25)))
        # This driver of FAT has one word for all refusals.
        assert caught.value.code == ("stick-failed" if kind == "fat32" else "stick-full")
        assert volume.size_bytes("large") is None
        assert volume.begun("") == ()
        assert volume.read("before", 5000) == b"x" * 5000
        volume.write("after", [b"y" * 5000])
        volume.flush()
    check_image(kind, image)
