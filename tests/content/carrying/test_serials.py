"""What a stick has to tell, and that nothing on it can make it tell nonsense."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.carrying import plan_from_repository, publishers, serials
from content.carrying.serials import catalogue_serial
from content.repositories.repository import Repository
from content.trust.files import TrustFile
from tests.support import trust
from tests.support.carrying import FolderShelf
from tests.support.packs import KEY, TRUSTED, build_sample

PUBLISHER = KEY.public.key_id


@pytest.fixture
def stick(tmp_path: Path) -> FolderShelf:
    build_sample(tmp_path, video_bytes=0)
    repository = Repository(tmp_path / "repository")
    stick = FolderShelf(tmp_path / "KERUEN")
    stick.carry_out(plan_from_repository(repository, TRUSTED, {"equations": "all"}))
    return stick


def test_an_empty_stick_tells_nothing(tmp_path: Path) -> None:
    assert serials(FolderShelf(tmp_path)) == {}
    assert publishers(FolderShelf(tmp_path)) == ()


def test_the_number_of_a_catalogue(stick: FolderShelf) -> None:
    assert serials(stick) == {PUBLISHER: 1}
    assert publishers(stick) == (PUBLISHER,)


def test_roots_and_withdrawals_by_their_highest_numbers(stick: FolderShelf, tmp_path: Path) -> None:
    region = trust.REGION.public.key_id
    withdrawn = trust.withdraw([trust.REGION], region, 7)
    folder = stick.folder / "repository" / PUBLISHER
    for file, content in (
        (TrustFile("roots", f"{trust.ROOT_ID}/1"), trust.ROOT_FILE),
        (TrustFile("roots", f"{trust.ROOT_ID}/12"), b"whatever"),
        (TrustFile("roots", f"{trust.ROOT_ID}/x"), b"whatever"),
        (TrustFile("withdrawals", region), withdrawn),
        (TrustFile("withdrawals", "cd" * 16), b"nothing"),
    ):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert serials(stick) == {
        PUBLISHER: 1,
        f"root-{trust.ROOT_ID}": 12,
        f"withdrawals-{region}": 7,
    }


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff" * 50, b'{"payload":"x"}'])
def test_a_damaged_catalogue_tells_nothing(stick: FolderShelf, data: bytes) -> None:
    (stick.folder / "repository" / PUBLISHER / "catalogue").write_bytes(data)
    assert serials(stick) == {}
    assert catalogue_serial(data) == 0


def test_a_stranger_s_folder_is_passed_over(stick: FolderShelf) -> None:
    (stick.folder / "repository" / "holiday").mkdir()
    (stick.folder / "repository" / "film.mp4").write_bytes(b"film")
    assert serials(stick) == {PUBLISHER: 1}
