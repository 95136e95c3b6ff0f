"""A server that no link reaches takes newer packs from a stick that was at another server."""

from __future__ import annotations

import shutil

import pytest

from sync.sticks.choice import Choice, write_choice
from sync.sticks.layout import REPOSITORY
from sync_server.sticks.lessons import whole_choice
from sync_server.sticks.visiting import Visitor
from tests.support.school import School
from tests.support.stick_volume import MemoryVolume


def visitor(school):
    return Visitor(school.data, school.store, school.identity, school.clock)


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    """A server with two packs, one of them in its second version."""
    school = School(tmp_path_factory.mktemp("region"))
    school.publish("algebra-7")
    school.publish("physics-8")
    school.publish("algebra-7", version=2)
    yield school
    school.close()


@pytest.fixture
def village(tmp_path, region):
    """A school that trusts the same publisher and has nothing yet."""
    school = School(tmp_path)
    with school.store.transaction() as transaction:
        transaction.trust_publisher(region.key_id, region.publisher.public.raw)
    yield school
    school.close()


@pytest.fixture
def stick(region):
    """A stick that was at the region's server."""
    volume = MemoryVolume()
    write_choice(volume, whole_choice(region.data, region.store))
    visitor(region).visit(volume)
    return volume


def serial(school):
    with school.store.transaction() as transaction:
        return {one.key_id: one.serial for one in transaction.publishers()}.get(school.key_id)


def packs(school):
    catalogue = school.repository.catalogue(school.repository.trusted_keys())
    return {(entry.pack, entry.version) for entry in catalogue.packs}


def media(school):
    objects = school.repository.folder / "objects"
    return {path.name for path in objects.glob("*/*")}


def test_a_stick_brings_the_packs_of_a_trusted_publisher(region, village, stick):
    visit = visitor(village).visit(stick)
    assert visit.problem == ""
    assert visit.taken.problems == []
    assert visit.taken.packs == 2
    assert serial(village) == serial(region)
    assert packs(village) == {("algebra-7", 2), ("physics-8", 1)}
    on_stick = {path.rpartition("/")[2] for path in stick.files() if "/objects/" in path}
    assert media(village) >= {name for name in on_stick if len(name) == 64} & media(region)
    again = visitor(village).visit(stick)
    assert (again.taken.packs, again.taken.media, again.is_new) == (0, 0, False)


def test_it_is_read_from_a_stick_that_cannot_be_written(region, village, stick):
    stick.make_read_only()
    assert visitor(village).visit(stick).taken.packs == 2
    assert serial(village) == serial(region)


def test_who_is_not_trusted_here_is_not_published(village, stick):
    with village.store.transaction() as transaction:
        transaction.distrust_publisher(village.key_id)
    visit = visitor(village).visit(stick)
    assert (visit.taken.packs, visit.taken.media) == (0, 0)
    assert visit.strangers == (village.key_id,)
    assert not village.repository.folder.exists()


def test_a_catalogue_of_which_texts_are_missing_is_not_put_in_place(region, village):
    part = MemoryVolume()
    write_choice(part, Choice({f"{region.key_id}/physics-8": "all"}))
    visitor(region).visit(part)
    visit = visitor(village).visit(part)
    assert visit.taken.packs == 0
    assert serial(village) == 0


def test_what_a_text_stick_lacks_comes_with_the_next_one(region, village, stick):
    text = MemoryVolume()
    write_choice(text, whole_choice(region.data, region.store, "text"))
    visitor(region).visit(text)
    first = visitor(village).visit(text)
    assert (first.taken.packs, first.problem) == (2, "")
    second = visitor(village).visit(stick)
    assert second.taken.packs == 0
    assert second.taken.media > 0
    assert visitor(village).visit(stick).taken.media == 0


def test_an_older_stick_changes_nothing(region, village, stick, tmp_path):
    shutil.rmtree(village.data.repositories)
    shutil.copytree(region.data.repositories, village.data.repositories)
    with village.store.transaction() as transaction:
        transaction.set_catalogue_serial(region.key_id, serial(region) + 5)
    before = packs(village)
    visit = visitor(village).visit(stick)
    assert (visit.taken.packs, packs(village)) == (0, before)
    assert serial(village) == serial(region) + 5


def test_a_damaged_object_is_left_and_told(village, stick):
    objects = [path for path in stick.files() if "/objects/" in path]
    stick.flip(max(objects, key=lambda path: len(stick.files()[path])), 5)
    visit = visitor(village).visit(stick)
    assert visit.taken.packs == 2
    assert len(visit.taken.problems) == 1
    assert any(path.startswith(REPOSITORY) for path in stick.files())
