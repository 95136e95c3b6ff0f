from __future__ import annotations

import sqlite3
from typing import Dict, FrozenSet, Iterator, List, Tuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from client.vaults import row_keys
from client.vaults.keys import OpenVault, new_data_key
from client.vaults.row_keys import TABLE, RowKeys, Stored
from tests.support.examples import examples

PEOPLE = ("pupil", "classmate", "teacher")
GUEST = "guest"


class Desk:
    """A database, vaults and row keys."""

    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:")
        self.db.execute(TABLE)
        self.vaults = {person: OpenVault(person, new_data_key()) for person in PEOPLE}
        self.publics = {person: vault.public for person, vault in self.vaults.items()}
        self.keys = RowKeys(self.publics.get)

    def sit_down(self, person: str) -> None:
        self.keys.sit_down(self.db, self.vaults[person])

    def lock(self, text: str, *readers: str) -> Stored:
        return self.keys.lock(self.db, frozenset(readers), text, "row")

    def unlock(self, stored: Stored) -> str | None:
        return self.keys.unlock(self.db, stored, "row")


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.db.close()


def test_who_wrote_it_reads_it_and_nobody_else(desk: Desk) -> None:
    desk.sit_down("pupil")
    stored = desk.lock("жауап", "pupil")
    assert desk.unlock(stored) == "жауап"
    desk.sit_down("classmate")
    assert desk.unlock(stored) is None
    assert not desk.keys.is_mine(desk.db, stored)
    desk.keys.get_up()
    assert desk.unlock(stored) is None
    desk.sit_down("pupil")
    assert desk.unlock(stored) == "жауап"


def test_what_comes_while_one_is_away_is_read_later(desk: Desk) -> None:
    stored = desk.lock("белгі", "pupil", "teacher")
    assert desk.unlock(stored) is None
    for person in ("pupil", "teacher", "pupil"):
        desk.sit_down(person)
        assert desk.unlock(stored) == "белгі"
    assert desk.db.execute("SELECT sum(sealed) FROM row_keys").fetchone() == (0,)


def test_nothing_in_clear_is_in_what_is_stored(desk: Desk) -> None:
    stored = desk.lock("secret words", "pupil")
    assert isinstance(stored, bytes)
    assert b"secret" not in stored
    for (wrapped,) in desk.db.execute("SELECT wrapped FROM row_keys"):
        assert len(wrapped) > 40


def test_without_a_vault_text_stays_text(desk: Desk) -> None:
    assert desk.lock("open", GUEST) == "open"
    assert desk.unlock("open") == "open"
    assert isinstance(desk.lock("x", GUEST, "pupil"), bytes)


def test_many_rows_share_a_key(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_keys, "MAX_ROWS", 50)
    desk.sit_down("pupil")
    rows = [desk.lock(str(at), "pupil", "teacher") for at in range(120)]
    assert desk.db.execute("SELECT count(DISTINCT key) FROM row_keys").fetchone() == (3,)
    desk.keys.finish()
    desk.lock("x", "pupil", "teacher")
    assert desk.db.execute("SELECT count(DISTINCT key) FROM row_keys").fetchone() == (4,)
    assert [desk.unlock(row) for row in rows] == [str(at) for at in range(120)]


def test_a_key_that_was_undone_locks_nothing_more(desk: Desk) -> None:
    desk.sit_down("pupil")
    desk.db.commit()
    desk.lock("lost", "pupil")
    desk.db.rollback()
    stored = desk.lock("kept", "pupil")
    desk.db.commit()
    desk.sit_down("pupil")
    assert desk.unlock(stored) == "kept"


def test_a_row_put_in_anothers_place_is_not_read(desk: Desk) -> None:
    desk.sit_down("pupil")
    stored = desk.keys.lock(desk.db, frozenset(["pupil"]), "5", "mark 1")
    assert desk.keys.unlock(desk.db, stored, "mark 2") is None
    assert desk.keys.is_mine(desk.db, stored)


def test_damage_costs_the_row_and_no_other(desk: Desk) -> None:
    desk.sit_down("pupil")
    first = desk.lock("1", "pupil")
    desk.keys.finish()
    second = desk.lock("2", "pupil")
    assert isinstance(first, bytes)
    for place in range(len(first)):
        flipped = bytearray(first)
        flipped[place] ^= 1
        assert desk.unlock(bytes(flipped)) is None
    desk.db.execute("UPDATE row_keys SET wrapped = x'00' WHERE key = ?", (first[1:9],))
    desk.sit_down("pupil")
    assert (desk.unlock(first), desk.unlock(second)) == (None, "2")
    for short in (b"", b"\x01", first[:9], first[:20]):
        assert desk.unlock(short) is None


class Rows(RuleBasedStateMachine):
    """Whatever happens, a row is read by its readers alone, and by each of them."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk()
        self.rows: List[Tuple[Stored, str, FrozenSet[str]]] = []
        self.here: Dict[str, bool] = {}
        self.person = ""

    @rule(person=st.sampled_from(PEOPLE))
    def sit_down(self, person: str) -> None:
        self.desk.sit_down(person)
        self.person = person

    @rule()
    def get_up(self) -> None:
        self.desk.keys.get_up()
        self.person = ""

    @rule()
    def restart(self) -> None:
        self.desk.keys = RowKeys(self.desk.publics.get)
        self.person = ""

    @rule(
        readers=st.frozensets(st.sampled_from((*PEOPLE, GUEST)), min_size=1, max_size=4),
        text=st.text(max_size=20),
    )
    def write(self, readers: FrozenSet[str], text: str) -> None:
        self.rows.append((self.desk.lock(text, *readers), text, readers))

    @invariant()
    def readers_read_and_others_do_not(self) -> None:
        for stored, text, readers in self.rows:
            expected = text if self.person in readers or readers == {GUEST} else None
            assert self.desk.unlock(stored) == expected

    def teardown(self) -> None:
        self.desk.db.close()


TestRows = Rows.TestCase
TestRows.settings = settings(max_examples=examples(25), stateful_step_count=15, deadline=None)
