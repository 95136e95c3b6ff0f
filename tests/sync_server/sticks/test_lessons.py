"""The packs that a stick shall carry are kept as they are published here."""

from __future__ import annotations

import pytest

from sync.sticks.checking import check_stick
from sync.sticks.choice import Choice, write_choice
from sync_server.sticks.lessons import lay_lessons, whole_choice
from sync_server.sticks.visiting import never, unheard
from sync_server.store.sqlite import SqliteStore
from tests.support.school import School
from tests.support.stick_volume import MemoryVolume


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A school with two packs, which stays as it is."""
    school = School(tmp_path_factory.mktemp("office"))
    school.publish("algebra-7")
    school.publish("physics-8")
    yield school
    school.close()


@pytest.fixture
def changing(tmp_path):
    """A school with one pack, of which more comes."""
    school = School(tmp_path)
    school.publish("algebra-7")
    yield school
    school.close()


@pytest.fixture
def stick():
    return MemoryVolume()


def lay(office, stick):
    return lay_lessons(office.data, office.store, stick, unheard, never)


def objects(stick):
    return {path for path in stick.files() if "/objects/" in path}


def test_without_a_choice_nothing_is_written_or_removed(office, stick):
    stick.put(f"repository/{office.key_id}/objects/00/{'0' * 64}", b"somebody's")
    before = stick.files()
    assert lay(office, stick).packs == ()
    assert stick.files() == before


def test_the_whole_choice_carries_every_pack(office, stick):
    choice = whole_choice(office.data, office.store)
    assert set(choice.packs) == {f"{office.key_id}/algebra-7", f"{office.key_id}/physics-8"}
    write_choice(stick, choice)
    lessons = lay(office, stick)
    assert {pack for _, pack, _ in lessons.packs} == {"algebra-7", "physics-8"}
    assert lessons.written_bytes > 0
    assert lessons.problems == {}
    assert check_stick(stick).damaged == {}
    for path in objects(stick):
        assert (office.data.repositories / path[len("repository/") :]).exists()


def test_the_second_time_nothing_is_written(office, stick):
    write_choice(stick, whole_choice(office.data, office.store))
    lay(office, stick)
    before = stick.files()
    lessons = lay(office, stick)
    assert (lessons.files, lessons.written_bytes, lessons.removed) == (0, 0, 0)
    assert stick.files() == before


def test_a_new_version_replaces_the_old_one(changing, stick):
    write_choice(stick, whole_choice(changing.data, changing.store))
    lay(changing, stick)
    changing.publish("algebra-7", version=2)
    lessons = lay(changing, stick)
    assert (changing.key_id, "algebra-7", 2) in lessons.packs
    names = [path for path in stick.files() if "/manifests/algebra-7/" in path]
    assert [name.rpartition("/")[2] for name in names] == ["2"]


def test_what_is_chosen_no_more_goes(office, stick):
    write_choice(stick, whole_choice(office.data, office.store))
    lay(office, stick)
    both = objects(stick)
    write_choice(stick, Choice({f"{office.key_id}/algebra-7": "text"}))
    lessons = lay(office, stick)
    assert [pack for _, pack, _ in lessons.packs] == ["algebra-7"]
    assert lessons.removed > 0
    assert objects(stick) < both


def test_other_publishers_files_stay(office, stick):
    foreign = f"repository/{'f' * 32}/objects/00/{'0' * 64}"
    stick.put(foreign, b"a neighbour's")
    write_choice(stick, Choice({f"{'f' * 32}/algebra-7": "all"}))
    lay(office, stick)
    assert stick.files()[foreign] == b"a neighbour's"


def test_a_damaged_file_of_ours_is_told_and_the_rest_is_written(changing, stick):
    write_choice(stick, whole_choice(changing.data, changing.store))
    whole = MemoryVolume()
    write_choice(whole, whole_choice(changing.data, changing.store))
    lay(changing, whole)
    source = changing.data.repositories / changing.key_id / "objects"
    broken = max(source.glob("*/*"), key=lambda path: path.stat().st_size)
    broken.write_bytes(b"\0" * broken.stat().st_size)
    lessons = lay(changing, stick)
    assert len(lessons.problems) == 1
    missing = objects(whole) - objects(stick)
    assert [path.rpartition("/")[2] for path in missing] == [broken.name]
    assert not any(broken.name in path for path in stick.files())


def test_who_is_trusted_no_more_is_not_carried(changing, stick):
    write_choice(stick, whole_choice(changing.data, changing.store))
    store: SqliteStore = changing.store
    with store.transaction() as transaction:
        transaction.distrust_publisher(changing.key_id)
    assert lay(changing, stick).packs == ()
    assert objects(stick) == set()
