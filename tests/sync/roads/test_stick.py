"""The road over a stick: what it has comes verified, what is damaged goes from it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import List

import pytest

from sync.errors import CancelledError, LinkError, ObjectError, StickError
from sync.objects import PIECE_BYTES, ObjectSpec
from sync.roads.road import Holding, Road
from sync.roads.stick import StickRoad
from sync.sticks.objects import put_object
from tests.support.stick_volume import MemoryVolume

PUBLISHER = "ab" * 16
FOLDER = f"/repository/{PUBLISHER}"
DATA = hashlib.shake_128(b"a video").digest(3 * PIECE_BYTES + 5)
SHA256 = hashlib.sha256(DATA).hexdigest()
PATH = f"repository/{PUBLISHER}/objects/{SHA256[:2]}/{SHA256}"
PIECES = tuple(
    hashlib.sha256(DATA[start : start + PIECE_BYTES]).digest()
    for start in range(0, len(DATA), PIECE_BYTES)
)
SPEC = ObjectSpec(SHA256, len(DATA), PIECES)


@pytest.fixture
def volume() -> MemoryVolume:
    volume = MemoryVolume()
    put_object(volume, PATH, len(DATA), SHA256, lambda: iter([DATA]), part_bytes=PIECE_BYTES)
    volume.write(PATH[: PATH.index("objects")] + "catalogue", [b"signed"])
    return volume


@pytest.fixture
def road(volume: MemoryVolume) -> StickRoad:
    return StickRoad(volume)


def download(road: StickRoad, folder: Path, spec: ObjectSpec = SPEC, **more: object) -> bytes:
    final = folder / "final"
    road.download(spec, folder / "part", final, repository=FOLDER, **more)  # type: ignore[arg-type]
    return final.read_bytes()


def test_it_is_a_road_that_tells_what_it_has(road: StickRoad) -> None:
    as_road: Road = road
    as_road.close()
    assert isinstance(road, Holding)
    assert road.has_file(f"{FOLDER}/catalogue")
    assert not road.has_file(f"{FOLDER}/publisher")
    assert road.has_object(SHA256, len(DATA), repository=FOLDER)
    assert not road.has_object(SHA256, len(DATA) + 1, repository=FOLDER)
    assert not road.has_object("0" * 64, 1, repository=FOLDER)


def test_a_small_file_comes_and_is_counted(road: StickRoad) -> None:
    assert road.fetch(f"{FOLDER}/catalogue", 10) == b"signed"
    assert (road.requests, road.sent_bytes, road.received_bytes) == (1, 0, 6)


@pytest.mark.parametrize(
    "path",
    [
        f"{FOLDER}/publisher",
        f"{FOLDER}/../../etc/passwd",
        f"{FOLDER}/objects/../catalogue",
        "/repository",
        "/mail/ab/up/cd",
        f"{FOLDER}/catalogue.new",
        f"{FOLDER}/a\0b",
        "catalogue",
    ],
)
def test_what_is_not_there_or_is_no_path_is_missing(road: StickRoad, path: str) -> None:
    with pytest.raises(ObjectError) as caught:
        road.fetch(path, 10)
    assert caught.value.code == "object-missing"
    assert not road.has_file(path)
    assert road.open_file(path) is None


def test_a_file_that_is_too_large_is_missing_and_goes(
    road: StickRoad, volume: MemoryVolume
) -> None:
    with pytest.raises(ObjectError):
        road.fetch(f"{FOLDER}/catalogue", 5)
    assert road.damaged == (f"repository/{PUBLISHER}/catalogue",)
    assert volume.size_bytes(f"repository/{PUBLISHER}/catalogue") is None


def test_files_of_trust_lie_with_any_publisher_and_the_longest_list_is_the_newest(
    road: StickRoad, volume: MemoryVolume
) -> None:
    list_path = f"trust/withdrawals/{'cd' * 16}"
    volume.write(f"repository/{'11' * 16}/{list_path}", [b"older"])
    volume.write(f"repository/{'22' * 16}/{list_path}", [b"and newer"])
    assert road.fetch(f"/repository/{'cd' * 16}/{list_path}", 100) == b"and newer"
    assert road.fetch(f"/repository/{'11' * 16}/{list_path}", 100) == b"older"


def test_an_object_comes_whole(road: StickRoad, tmp_path: Path) -> None:
    heard: List[tuple[int, int]] = []
    assert download(road, tmp_path, progress=lambda *done: heard.append(done)) == DATA
    assert heard[-1] == (len(DATA), len(DATA))
    assert road.received_bytes == len(DATA)
    assert not (tmp_path / "part").exists()
    assert download(road, tmp_path) == DATA
    assert road.received_bytes == len(DATA)


def test_what_came_before_a_cancel_is_not_read_again(road: StickRoad, tmp_path: Path) -> None:
    with pytest.raises(CancelledError):
        download(road, tmp_path, cancel=lambda: road.received_bytes >= 2 * PIECE_BYTES)
    came_bytes = road.received_bytes
    assert download(road, tmp_path) == DATA
    assert road.received_bytes == len(DATA)
    assert 2 * PIECE_BYTES <= came_bytes < len(DATA)


@pytest.mark.parametrize("with_pieces", [True, False])
def test_a_damaged_object_goes_from_the_stick(
    road: StickRoad, volume: MemoryVolume, tmp_path: Path, with_pieces: bool
) -> None:
    volume.flip(f"{PATH}.002", 7)
    spec = SPEC if with_pieces else ObjectSpec(SHA256, len(DATA))
    with pytest.raises(ObjectError) as caught:
        download(road, tmp_path, spec)
    assert caught.value.code == "object-damaged"
    assert not road.has_object(SHA256, len(DATA), repository=FOLDER)
    assert not [name for name in volume.files() if "objects" in name]
    assert road.damaged == (PATH,)
    # Whoever has it lays it there again, and the laptop goes on where it was.
    put_object(volume, PATH, len(DATA), SHA256, lambda: iter([DATA]))
    before_bytes = road.received_bytes
    assert download(road, tmp_path, spec) == DATA
    again_bytes = road.received_bytes - before_bytes
    assert again_bytes == len(DATA) - (2 * PIECE_BYTES if with_pieces else 0)


def test_a_damaged_object_on_a_stick_that_cannot_be_written_is_named(
    road: StickRoad, volume: MemoryVolume, tmp_path: Path
) -> None:
    volume.flip(f"{PATH}.000", 7)
    volume.make_read_only()
    with pytest.raises(ObjectError):
        download(road, tmp_path)
    assert road.damaged == (PATH,)
    assert road.has_object(SHA256, len(DATA), repository=FOLDER)


def test_an_object_that_ends_early_is_damaged(
    road: StickRoad, volume: MemoryVolume, tmp_path: Path
) -> None:
    volume.remove(f"{PATH}.003")
    with pytest.raises(ObjectError) as caught:
        download(road, tmp_path)
    assert caught.value.code == "object-damaged"


def test_an_object_that_is_not_there(road: StickRoad, tmp_path: Path) -> None:
    with pytest.raises(ObjectError) as caught:
        download(road, tmp_path, ObjectSpec("0" * 64, 5))
    assert caught.value.code == "object-missing"
    assert road.damaged == ()


def test_a_stick_pulled_out_is_said_as_it_is_and_nothing_is_lost(
    road: StickRoad, volume: MemoryVolume, tmp_path: Path
) -> None:
    volume.fail_at(volume.steps + 9)
    with pytest.raises(StickError) as caught:
        download(road, tmp_path)
    assert caught.value.code == "stick-gone"
    assert (tmp_path / "part").stat().st_size


def test_a_worn_place_is_damage_of_one_object(
    road: StickRoad, volume: MemoryVolume, tmp_path: Path
) -> None:
    volume.fail_at(volume.steps + 9, "stick-failed")
    with pytest.raises(ObjectError) as caught:
        download(road, tmp_path)
    assert caught.value.code == "object-damaged"


def test_no_server_is_on_a_stick(road: StickRoad) -> None:
    for call in (road.exchange, road.enrol):
        with pytest.raises(LinkError) as caught:
            call(b"")
        assert caught.value.code == "link-unreachable"


def test_what_is_spoiled_goes(road: StickRoad, volume: MemoryVolume) -> None:
    road.spoil(f"{FOLDER}/catalogue")
    assert not road.has_file(f"{FOLDER}/catalogue")
    assert road.damaged == (f"repository/{PUBLISHER}/catalogue",)
    file = road.open_file(f"{FOLDER}/objects/{SHA256[:2]}/{SHA256}.003")
    assert file is not None
    with file:
        assert file.read() == DATA[3 * PIECE_BYTES :]
    assert volume.writable
