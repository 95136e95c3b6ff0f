from __future__ import annotations

import pytest

from client.health.finding import State
from client.health.packs import look_at_packs
from client.laptop.packs.wanted import incomplete
from tests.support.laptop import sample_laptop
from tests.support.pack_source import PACK


@pytest.fixture
def laptop(tmp_path):
    laptop = sample_laptop(tmp_path / "a")
    (installed,) = laptop.library.installation().installed()
    for entry in installed.manifest.media:
        if installed.has_media(entry):
            installed.note_media(entry)
    with laptop.store.database.transaction() as connection:
        connection.execute("INSERT INTO wanted VALUES ('key', ?, 1, '', 0, 0, 1)", (PACK,))
    yield laptop
    laptop.close()


def installed(laptop):
    (one,) = laptop.library.installation().installed()
    return one


def look(laptop, mend=False):
    found = look_at_packs(laptop.store, laptop.library, mend)
    return [(one.sentence.key, one.state) for one in found]


def test_whole_packs_are_counted(laptop):
    assert look(laptop, mend=True) == [("doctor.packs-whole", State.WELL)]
    assert len(laptop.lessons()) == 3


def test_a_damaged_film_goes_and_is_fetched_again(laptop):
    pack = installed(laptop)
    entry = next(one for one in pack.manifest.media if pack.has_media(one))
    path = pack.folder / entry.path
    path.write_bytes(b"x" * entry.size_bytes)
    assert look(laptop) == [("doctor.media-damaged", State.ILL)]
    assert path.exists()
    assert look(laptop, mend=True) == [("doctor.media-removed", State.MENDED)]
    assert not path.exists() and len(laptop.lessons()) == 3
    assert [one.pack for one in incomplete(laptop.store.database.connection)] == [PACK]
    assert look(laptop) == [("doctor.packs-whole", State.WELL)]


def test_a_film_that_was_cut_short_is_damaged(laptop):
    pack = installed(laptop)
    entry = next(one for one in pack.manifest.media if pack.has_media(one))
    (pack.folder / entry.path).write_bytes(b"x")
    assert look(laptop) == [("doctor.media-damaged", State.ILL)]


@pytest.mark.parametrize("harm", ["text", "manifest"])
def test_a_version_whose_texts_are_damaged_goes_only_where_it_can_be_had(laptop, harm):
    pack = installed(laptop)
    name = ".pack/manifest.json" if harm == "manifest" else pack.manifest.core.files[0].path
    path = pack.folder / (name if harm == "text" else _manifest(pack.folder))
    path.write_bytes(b"torn")
    assert look(laptop) == [("doctor.pack-damaged", State.ILL)]
    with laptop.store.database.transaction() as connection:
        connection.execute("DELETE FROM wanted")
    assert look(laptop, mend=True) == [("doctor.pack-only-here", State.ILL)]
    assert pack.folder.exists()
    with laptop.store.database.transaction() as connection:
        connection.execute("INSERT INTO wanted VALUES ('key', ?, 1, '', 0, 0, 1)", (PACK,))
    assert look(laptop, mend=True) == [("doctor.pack-removed", State.MENDED)]
    assert not pack.folder.exists() and laptop.lessons() == ()
    assert [one.pack for one in incomplete(laptop.store.database.connection)] == [PACK]


def _manifest(folder):
    from content.installed import MANIFEST_FILE

    return folder / MANIFEST_FILE
