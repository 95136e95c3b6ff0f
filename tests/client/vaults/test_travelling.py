"""A vault made on one laptop opens on another; the newest of the school's rules count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from client.laptop.errors import LaptopError
from client.vaults.recovery import RecoveryCode
from client.vaults.secrets import Policy, pin
from client.vaults.travelling import is_told, rules_of, take, vault_body, vault_of
from client.vaults.vault_file import key_id
from sync import fields
from sync.kinds import DRAFT, SCHOOL_RULES, VAULT, validate
from sync.record import Record
from tests.client.vaults.doubles import cabinet
from tests.support.records import make_record

AIRU, NURLAN = "p-airu", "p-nurlan"
OLD, NEW = pin("2580"), pin("1379")


def record_of(file: Any, person: str = "", seq: int = 1) -> Record:
    record = make_record(seq=seq, person=person or file.person, kind=VAULT, body=vault_body(file))
    validate(record)
    return record


def rules(seq: int, **changes: Any) -> Record:
    body = {
        "recovery": "",
        "pin_digits": 4,
        "password_letters": 6,
        "pictures": 4,
        "required": False,
        **changes,
    }
    record = make_record(seq=seq, kind=SCHOOL_RULES, body=body)
    validate(record)
    return record


def test_the_same_secret_opens_on_another_laptop_and_a_new_one_follows(tmp_path: Path) -> None:
    here, there = cabinet(tmp_path / "here"), cabinet(tmp_path / "there")
    made = here.create(AIRU, OLD)
    first = record_of(here.file(AIRU))
    assert take(there, [first], [AIRU]) == ((AIRU,), ())
    assert there.open(AIRU, OLD).data_key == made.data_key
    there.change(AIRU, OLD, NEW)
    second = record_of(there.file(AIRU))
    assert take(here, [second, first], [AIRU]) == ((AIRU,), ())
    assert take(here, [first, second], [AIRU]) == ((), ())
    assert here.open(AIRU, NEW).data_key == made.data_key


def test_vaults_of_others_are_not_kept(tmp_path: Path) -> None:
    here, there = cabinet(tmp_path / "here"), cabinet(tmp_path / "there")
    here.create(NURLAN, OLD)
    assert take(there, [record_of(here.file(NURLAN))], [AIRU]) == ((), ())
    assert not there.has(NURLAN)


def test_other_records_are_no_vaults(tmp_path: Path) -> None:
    here, there = cabinet(tmp_path / "here"), cabinet(tmp_path / "there")
    here.create(AIRU, OLD)
    draft = make_record(person=AIRU, kind=DRAFT, body=vault_body(here.file(AIRU)))
    assert take(there, [draft], [AIRU]) == ((), ())
    assert not there.has(AIRU)


def test_what_cannot_be_taken_is_told_and_blocks_nothing(tmp_path: Path) -> None:
    here, there = cabinet(tmp_path / "here"), cabinet(tmp_path / "there")
    for person in (AIRU, NURLAN):
        here.create(person, OLD)
    damaged = make_record(kind=VAULT, person=AIRU, body={"person": AIRU, "file": "ZmlsZQ"})
    theirs = record_of(here.file(NURLAN), person=AIRU)
    arrived = take(there, [damaged, theirs, record_of(here.file(NURLAN))], [AIRU, NURLAN])
    assert arrived.people == (NURLAN,)
    assert [(one.code, one.subject) for one in arrived.problems] == [("vault-damaged", AIRU)] * 2


def test_two_vaults_that_one_person_made_before_any_sync_stay_as_they_are(tmp_path: Path) -> None:
    here, there = cabinet(tmp_path / "here"), cabinet(tmp_path / "there")
    here.create(AIRU, OLD)
    there.create(AIRU, NEW)
    arrived = take(there, [record_of(here.file(AIRU))], [AIRU])
    assert [one.code for one in arrived.problems] == ["vault-other"]
    assert there.open(AIRU, NEW)


@pytest.mark.parametrize("text", ["A", "A" * 5, "_" * 20])
def test_what_is_no_file_is_damaged(text: str) -> None:
    with pytest.raises(LaptopError) as caught:
        vault_of(make_record(kind=VAULT, person=AIRU, body={"person": AIRU, "file": text}))
    assert caught.value.code == "vault-damaged"


def test_a_state_is_told_once(tmp_path: Path) -> None:
    here = cabinet(tmp_path)
    here.create(AIRU, OLD)
    told = [make_record(kind=VAULT, person=AIRU, body={"person": AIRU, "file": "ZmlsZQ"})]
    assert not is_told(here.file(AIRU), told)
    told.append(record_of(here.file(AIRU)))
    assert is_told(here.file(AIRU), told)
    here.change(AIRU, OLD, NEW)
    assert not is_told(here.file(AIRU), told)
    other = cabinet(tmp_path / "other")
    other.create(AIRU, OLD)
    assert not is_told(other.file(AIRU), told)


def test_the_newest_rules_count(tmp_path: Path) -> None:
    assert rules_of([]) == (Policy(), {})
    code = RecoveryCode("12340" * 8)
    public = code.public_key()
    newest = rules(2, recovery=fields.to_text(public), pin_digits=6, required=True)
    found = rules_of([newest, make_record(), rules(1, pin_digits=8)])
    assert found == (Policy(6, 6, 4, True), {key_id(public): public})
    here = cabinet(tmp_path, policy=found.policy, schools=found.schools)
    with pytest.raises(LaptopError):
        here.create(AIRU, OLD)
    here.create(AIRU, pin("258025"))
    assert here.reset(AIRU, code.private_key(), pin("137913"))
