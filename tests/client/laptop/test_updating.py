from __future__ import annotations

import pytest

from tests.client.laptop.test_supply import flip, parts
from tests.support.pack_source import PACK

NOTES = ("Бірінші.", "Екінші сөйлем.", "Үшінші сөйлем ұзағырақ.", "Төртінші.")


def text_of(laptop):
    return laptop.pack(PACK).lesson("meaning").texts["kk"].read_text(encoding="utf-8")


def versions(account):
    return [(one.pack, one.version) for one in account.packs_installed]


def paths(road, since):
    return [path for path, _ in road.asked[since:]]


@pytest.fixture
def installed(joined, school):
    """A laptop with version 1; its videos are there."""
    school.publish(version=1, note=NOTES[0])
    assert joined.sync().problem is None
    return joined


def test_an_update_of_text_asks_for_catalogue_and_patch_alone(installed, school, road):
    school.publish(version=2, note=NOTES[1])
    fetched = []
    road.weather.before = fetched.append
    before = road.received_bytes
    assert versions(installed.sync()) == [(PACK, 2)]
    fetched = [path for path in fetched if path.startswith("/repository/")]
    assert [path.split("/", 3)[-1] for path in fetched] == ["catalogue", f"patches/{PACK}/1-2"]
    assert road.received_bytes - before < 5_000
    assert NOTES[1] in text_of(installed)
    assert [card.video_ready for card in installed.lessons()] == [True] * 3


def test_versions_that_were_missed_are_made_up_for_at_once(installed, school, road):
    for version in (2, 3, 4):
        school.publish(version=version, note=NOTES[version - 1])
    since = len(road.asked)
    assert versions(installed.sync()) == [(PACK, 4)]
    assert not any("/objects/" in path for path in paths(road, since))
    assert NOTES[3] in text_of(installed)


def test_the_old_version_frees_its_place(installed, school, tmp_path):
    school.publish(version=2, note=NOTES[1])
    installed.sync()
    installed.sync()
    folder = tmp_path / "laptop" / "packs" / PACK
    assert [one.name for one in folder.iterdir() if one.name.isdigit()] == ["2"]


@pytest.mark.parametrize("position", [0, 7, 40, 100])
def test_a_damaged_patch_leaves_the_core_to_come_whole(installed, school, position):
    school.publish(version=2, note=NOTES[1])
    flip(parts(school, version=2)["patch"], position)
    assert versions(installed.sync()) == [(PACK, 2)]
    assert NOTES[1] in text_of(installed)


def test_a_file_that_was_damaged_here_does_not_spoil_the_new_version(installed, school):
    lesson = installed.pack(PACK).lesson("meaning")
    flip(lesson.texts["ru"], 5)
    lesson.texts["kk"].unlink()
    school.publish(version=2, note=NOTES[1])
    assert versions(installed.sync()) == [(PACK, 2)]
    new = installed.pack(PACK).lesson("meaning")
    for language in ("kk", "ru", "en"):
        text = new.texts[language].read_text(encoding="utf-8")
        assert text.endswith(f"{NOTES[1]}\n")
