"""A repository on a plain web server is all that a client needs to install and to update."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from content.building.builder import build_pack
from content.installation import Installation, InstalledPack
from content.repositories.repository import Repository
from sync.roads.http import HttpRoad
from tests.support.packs import KEY, tiny_mp4, write_source
from tests.support.static_site import StaticLaptop, nginx, static_site


def newest(laptop: StaticLaptop) -> InstalledPack:
    found = Installation(laptop.packs).newest("equations")
    assert found is not None
    return found


@pytest.fixture(params=["nginx", "standard library"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "nginx" and nginx() is None:
        pytest.skip("nginx is not installed")
    folder = tmp_path / "repository"
    folder.mkdir()
    plain = request.param != "nginx"
    with static_site(folder, KEY.public.key_id, tmp_path / "nginx", plain) as address:
        yield address


def publish(tmp_path: Path, version: int, **changes: str) -> Repository:
    source = write_source(tmp_path / f"source-{version}", version=version)
    for name, text in changes.items():
        place = source / "lessons" / "meaning" / name.replace("_", ".")
        place.write_text(text, "utf-8")
    build_pack(source, tmp_path / "repository", KEY)
    return Repository(tmp_path / "repository")


def test_installing_and_updating(site: str, tmp_path: Path) -> None:
    laptop = StaticLaptop(tmp_path / "laptop", KEY.public)
    repository = publish(tmp_path, 1)
    assert laptop.update(site, repository).problem is None
    assert newest(laptop).manifest.version == 1
    assert newest(laptop).missing_media == ()
    publish(tmp_path, 2, text_ru_md="# Уравнение\n\nДругие слова.\n")
    road = HttpRoad(site)
    delivery = laptop.update(site, repository, road)
    road.close()
    assert (delivery.problem, delivery.set_aside) == (None, [])
    installed = newest(laptop)
    assert installed.manifest.version == 2
    assert (installed.problems(), installed.missing_media) == ((), ())
    assert (installed.folder / "lessons/meaning/text.ru.md").read_text("utf-8").endswith("слова.\n")
    # The catalogue and the patch.
    assert road.requests == 2
    assert road.sent_bytes + road.received_bytes < 3_000
    assert [path.name for path in (laptop.packs / "equations").iterdir()] == ["2"]
    laptop.close()


def test_a_video_is_patched_and_the_old_one_goes(site: str, tmp_path: Path) -> None:
    laptop = StaticLaptop(tmp_path / "laptop", KEY.public)
    repository = publish(tmp_path, 1)
    laptop.update(site, repository)
    source = write_source(tmp_path / "source-2", version=2)
    video = source / "lessons" / "meaning" / "video.mp4"
    video.write_bytes(tiny_mp4(3, 2_500_000)[:-400_000])
    build_pack(source, tmp_path / "repository", KEY)
    road = HttpRoad(site)
    delivery = laptop.update(site, repository, road)
    road.close()
    assert (delivery.problem, delivery.set_aside) == (None, [])
    installed = newest(laptop)
    assert (installed.problems(), installed.missing_media) == ((), ())
    assert (installed.folder / "lessons/meaning/video.mp4").read_bytes() == video.read_bytes()
    assert road.received_bytes < 20_000
    assert [path.name for path in (laptop.packs / "equations").iterdir()] == ["2"]
    assert not any((laptop.packs / ".parts").iterdir())
    laptop.close()


def test_a_cancelled_update_leaves_the_old_version_and_goes_on_later(
    site: str, tmp_path: Path
) -> None:
    laptop = StaticLaptop(tmp_path / "laptop", KEY.public)
    repository = publish(tmp_path, 1)
    laptop.update(site, repository)
    publish(tmp_path, 2, text_ru_md="# Другое\n")
    asked = iter([False, True])
    delivery = laptop.update(site, repository, cancel=lambda: next(asked, True))
    assert delivery.problem is not None
    assert delivery.problem.code == "cancelled"
    assert newest(laptop).manifest.version == 1
    assert newest(laptop).problems() == ()
    assert laptop.update(site, repository).problem is None
    assert newest(laptop).manifest.version == 2
    laptop.close()
