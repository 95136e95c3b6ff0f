from __future__ import annotations

import json

import pytest

from client import cli
from client.laptop.laptop import Laptop
from client.laptop.syncing import happening
from sync.link.policy import Reason
from sync.link.rules import LinkRules, Metered, Value, Window
from tests.client.test_cli import ROOT, run
from tests.support.laptop import sample_laptop

MB = 1 << 20


@pytest.fixture
def data(tmp_path):
    sample_laptop(tmp_path / "data").close()
    return tmp_path / "data"


def rules_of(data):
    laptop = Laptop.open(data)
    try:
        return laptop.link.rules
    finally:
        laptop.close()


def test_a_new_laptop_has_no_rules(capsys, data):
    code, told, _ = run(capsys, "--data", data, "--language", "en", "link")
    assert code == cli.DONE
    assert told["rules"]["window"] == "always"
    assert (told["today_bytes"], told["bytes_per_s"], told["metered"]) == (0, None, False)
    assert told["happening"]["state"] == "work-waits"
    assert told["happening"]["sentence"] == "Work goes out when Keruen is opened."


def test_rules_are_set_one_by_one_and_together(capsys, data):
    typed = ["--window", "22:00-06:00", "--rate", "2mbit", "--budget", "50MB/day, 1GB/month"]
    told = run(capsys, "--data", data, "link", *typed)[1]
    assert told["rules"]["budget"] == "50MB/day, 1GB/month"
    run(capsys, "--data", data, "link", "--metered", "yes", "--on-metered", "work")
    run(capsys, "--data", data, "link", "--quiet-outside", "yes", "--rate", "half")
    assert rules_of(data) == LinkRules(
        windows=(Window(1320, 360),),
        quiet_outside=True,
        leave_room=True,
        day_bytes=50 * MB,
        month_bytes=1024 * MB,
        metered=Metered.YES,
        on_metered=Value.WORK,
    )
    run(capsys, "--data", data, "link", "--window", "always", "--budget", "none", "--rate", "none")
    assert rules_of(data).windows == ()
    assert rules_of(data).day_bytes is None
    assert not rules_of(data).leave_room


def test_pausing_is_told_by_status_and_ends(capsys, data):
    run(capsys, "--data", data, "link", "--pause")
    told = run(capsys, "--data", data, "--language", "en", "status")[1]
    assert told["happening"]["state"] == "link-paused"
    assert "paused" in told["happening"]["sentence"]
    assert told["link"]["rules"]["paused"] is True
    code, account, _ = run(capsys, "--data", data, "--language", "en", "sync")
    assert (code, account["requests"]) == (cli.DONE, 0)
    assert "paused" in account["held"]
    assert run(capsys, "--data", data, "link", "--resume")[1]["rules"]["paused"] is False


@pytest.mark.parametrize(
    "typed",
    [
        ["--window", "late"],
        ["--rate", "fast"],
        ["--budget", "50"],
        ["--metered", "maybe"],
        ["--on-metered", "feedback"],
        ["--rate", "2mbit", "--window", "25-26"],
    ],
)
def test_what_is_no_rule_changes_nothing_and_says_how_one_looks(capsys, data, typed):
    code, told, complaint = run(capsys, "--data", data, "--language", "en", "link", *typed)
    assert (code, told["error"]) == (cli.YOURS, "rules-invalid")
    assert "22:00-06:00" in told["sentence"]
    assert repr(typed[-1]) in told["detail"]
    assert complaint
    assert rules_of(data) == LinkRules()


def test_pause_and_resume_at_once_are_refused(capsys, data):
    with pytest.raises(SystemExit):
        cli.main(["--data", str(data), "link", "--pause", "--resume"])
    capsys.readouterr()


def test_every_field_and_state_is_in_the_docs(capsys, data):
    page = (ROOT / "docs" / "using-keruen.md").read_text(encoding="utf-8")
    told = run(capsys, "--data", data, "link")[1]
    fields = {*told, *told["rules"], *told["happening"]}
    constants = [value for name, value in vars(happening).items() if name.isupper()]
    states = {one for one in constants if isinstance(one, str) and "." not in one}
    states |= {reason.value for reason in Reason}
    assert {"no-link", "disk-full"} <= states
    assert [name for name in sorted(fields | states) if f"`{name}`" not in page] == []
    assert json.dumps(told)
