from __future__ import annotations

import pytest

from client.health.finding import State
from client.health.vaults import look_at_vaults
from client.laptop.people.people import STUDENT, Person
from client.vaults.cabinet import COPY, FOLDER, GUESSES, Cabinet
from client.vaults.secrets import pin
from client.vaults.stretching import Cost

ANNA = Person("anna", "Анна", STUDENT, "7")
SECRET, OTHER = pin("2580"), pin("1793")
CHEAP = Cost(14)


@pytest.fixture
def cabinet(tmp_path):
    made = Cabinet(tmp_path, fit=lambda: CHEAP)
    made.create(ANNA.id, SECRET)
    return made


def paths(folder):
    place = folder / FOLDER
    copies = [path for path in place.glob("*" + COPY) if path.stem != GUESSES]
    (copy,) = copies
    return place / copy.stem, copy


def look(folder, mend=False):
    return [(one.sentence.key, one.state) for one in look_at_vaults(folder, [ANNA], mend)]


def test_without_vaults_there_is_nothing_to_say(tmp_path):
    assert look(tmp_path) == []


def test_whole_vaults_are_counted(tmp_path, cabinet):
    assert look(tmp_path) == [("doctor.vaults-whole", State.WELL)]


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("harm", ["torn", "missing", "older"])
def test_one_whole_copy_is_written_over_the_other(tmp_path, cabinet, which, harm):
    path, old = paths(tmp_path)[which], paths(tmp_path)[which].read_bytes()
    cabinet.change(ANNA.id, SECRET, OTHER)
    if harm == "torn":
        path.write_bytes(old[:99])
    elif harm == "missing":
        path.unlink()
    else:
        path.write_bytes(old)
    assert look(tmp_path) == [("doctor.vault-copy", State.ILL)]
    assert look(tmp_path, mend=True) == [("doctor.vault-mended", State.MENDED)]
    assert look(tmp_path) == [("doctor.vaults-whole", State.WELL)]
    assert Cabinet(tmp_path, fit=lambda: CHEAP).open(ANNA.id, OTHER).person == ANNA.id


def test_a_vault_that_is_lost_is_named(tmp_path, cabinet):
    for path in paths(tmp_path):
        path.write_bytes(b"torn")
    (found,) = look_at_vaults(tmp_path, [ANNA], mend=True)
    assert found.state is State.ILL and not found.mendable
    assert found.sentence.values["person"] == ANNA.name
