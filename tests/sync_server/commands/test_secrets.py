"""The commands ``keruen-server rules`` and ``recovery``, as one types them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sync.fields import to_text
from sync.recovery import RecoveryCode, digits_of
from sync_server.cli import main
from sync_server.data_folder import DataFolder
from sync_server.people.school_rules import current_rules, key_name
from tests.support.byte_search import Search, Secret


@pytest.fixture
def data(tmp_path):
    folder = str(tmp_path / "data")
    assert main(["init", folder, "--school", "Ақсу орта мектебі"]) == 0
    return folder


def kept(data):
    folder = DataFolder(Path(data))
    with folder.store() as store, store.transaction() as transaction:
        return current_rules(transaction, folder.identity().public.device_id)


def said(capsys, *arguments):
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_rules_change_one_by_one_and_the_others_stay(data, capsys):
    assert said(capsys, "rules", "--data", data)["new"] is False
    assert said(capsys, "rules", "--data", data, "--pin-digits", "6")["new"] is True
    assert said(capsys, "rules", "--data", data, "--required", "yes", "--pictures", "5")["new"]
    assert said(capsys, "rules", "--data", data, "--password-letters", "8")["required"] is True
    now = kept(data)
    assert (now.pin_digits, now.password_letters, now.pictures, now.required) == (6, 8, 5, True)
    assert said(capsys, "rules", "--data", data, "--pin-digits", "6")["new"] is False
    assert main(["rules", "--data", data, "--required", "no"]) == 0
    assert "Nobody must have one" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [("--pin-digits", "3"), ("--pictures", "13")])
def test_what_nobody_could_type_or_guards_nothing_is_refused(data, capsys, wrong):
    assert main(["rules", "--data", data, *wrong]) == 1
    assert wrong[0] in capsys.readouterr().err
    assert kept(data).pin_digits == 4


def test_the_sheet_is_printed_once_and_the_code_kept_nowhere(data, capsys):
    assert main(["recovery", "show", "--data", data]) == 0
    assert "no recovery code yet" in capsys.readouterr().out
    assert main(["recovery", "new", "--data", data]) == 0
    sheet = capsys.readouterr().out
    rows = re.findall(r"^[\d ]+$", sheet, re.MULTILINE)
    code = RecoveryCode(digits_of(" ".join(rows)))
    now = kept(data)
    assert now.recovery == to_text(code.public_key())
    assert "Ақсу орта мектебі" in sheet and key_name(now.recovery) in sheet
    assert all(word in sheet for word in ("КОДЫ", "КОД ВОССТАНОВЛЕНИЯ", "RECOVERY CODE"))
    assert max(map(len, sheet.splitlines())) <= 100
    private = Secret("the key", code.private_key())
    written = [Secret("the code", form) for form in (code.digits, str(code))]
    assert Search([private, *written]).folder(Path(data)) == []
    assert main(["recovery", "show", "--data", data]) == 0
    assert key_name(now.recovery) in capsys.readouterr().out


def test_a_second_code_is_made_only_on_demand(data, capsys):
    first = said(capsys, "recovery", "new", "--data", data)
    assert main(["recovery", "new", "--data", data]) == 1
    assert "--replace" in capsys.readouterr().err
    assert kept(data).recovery == first["recovery"]
    second = said(capsys, "recovery", "new", "--data", data, "--replace")
    assert (
        second["recovery"]
        != first["recovery"]
        == to_text(RecoveryCode(digits_of(first["code"])).public_key())
    )
    assert said(capsys, "rules", "--data", data, "--pin-digits", "5")["key"] == second["key"]
