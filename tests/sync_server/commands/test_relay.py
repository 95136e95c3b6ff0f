"""The commands with which servers are put above one another, over real HTTP."""

from __future__ import annotations

import pytest

from sync.kinds import SUBMISSION
from sync.roads.http import HttpRoad
from sync_server.data_folder import DataFolder
from sync_server.relay.line import Line, line_rules
from sync_server.school_clock import SchoolClock
from tests.support.device import TestDevice
from tests.support.relays import facts
from tests.support.server import School, running_server, server_command, server_json


@pytest.fixture
def folders(tmp_path):
    for name in ("region", "school"):
        server_json("init", str(tmp_path / name), "--school", name, "--json")
    return str(tmp_path / "region"), str(tmp_path / "school")


@pytest.fixture
def region_url(tmp_path, folders):
    with running_server(tmp_path / "region") as url:
        yield url


def relate(region, school, url):
    code = server_json("enrol-relay", "--data", region, "--json")["code"]
    return server_json("upstream", "--data", school, url, code, "--json")


def hand_in(folder, url, *options):
    enrolled = server_json(
        "enrol", "--data", folder, "--class", "7А", "--student", "Анна", *options, "--json"
    )
    device = TestDevice()
    with HttpRoad(url) as road:
        device.enrol(road, enrolled["code"])
        work = device.hand_in(device.people[0].id)
        device.exchange_all(road)
    device.close()
    return work


def works(root):
    school = School(root)
    try:
        return facts(school, (SUBMISSION,))
    finally:
        school.close()


def test_a_server_relays_by_commands(tmp_path, folders, region_url):
    region, school = folders
    above = relate(region, school, region_url)
    with running_server(tmp_path / "school") as url:
        work = hand_in(school, url)
    (account,) = server_json("relay", "--data", school, "--json")["upstreams"]
    assert (account["sent"], account["in_step"]) == (3, True)
    assert account["sent_bytes"] > 0
    status = server_json("status", "--data", school, "--json")
    (shown,) = status["upstreams"]
    assert (shown["id"], shown["waiting"], shown["problem"]) == (above["id"], 0, "")
    assert shown["last_receipt"]
    (below,) = server_json("status", "--data", region, "--json")["schools"]
    assert (below["name"], below["people"]) == ("school", 1)
    at_home = hand_in(region, region_url, "--school", below["id"])
    code, text, _ = server_command("relay", "--data", school)
    assert code == 0
    assert "0 records up, 1 down" in text
    assert works(tmp_path / "school") == works(tmp_path / "region")
    assert sorted(one.device for one in works(tmp_path / "school")) == sorted(
        (work.device, at_home.device)
    )


def test_while_a_server_runs_it_relays(tmp_path, folders, region_url):
    from sync_server.app import create_app
    from sync_server.data_folder import DataFolder
    from sync_server.relay.background import backgrounds

    region, school = folders
    relate(region, school, region_url)
    (relay,) = backgrounds(DataFolder(tmp_path / "school"), [region_url + "/"])
    app = create_app(tmp_path / "school", relays=[relay])
    with running_server(tmp_path / "school") as url:
        hand_in(school, url)
    assert app is not None
    assert relay.turn().code == ""
    assert len(works(tmp_path / "region")) == 1
    relay.stop()


def test_what_cannot_be_is_a_sentence(tmp_path, folders, region_url):
    region, school = folders
    assert server_command("relay", "--data", school)[0] == 1
    assert "enrol-relay" in server_command("run", "--data", school, "--upstream", region_url)[2]
    assert "no address" not in server_command("upstream", "--data", school)[2]
    laptops = server_json(
        "enrol", "--data", region, "--class", "7А", "--student", "Анна", "--json"
    )["code"]
    code, _, errors = server_command("upstream", "--data", school, region_url, laptops)
    assert code == 1
    assert "different" in errors
    for_server = server_json("enrol-relay", "--data", region, "--json")["code"]
    assert server_command("upstream", "--data", region, region_url, for_server)[0] == 1
    with HttpRoad(region_url) as road, pytest.raises(Exception, match="different"):
        TestDevice().enrol(road, for_server)


def test_a_server_ceases_to_relay(folders, region_url):
    region, school = folders
    above = relate(region, school, region_url)
    server_json("upstream", "--data", school, "--remove", above["id"], "--json")
    assert server_json("status", "--data", school, "--json")["upstreams"] == []
    assert server_command("upstream", "--data", school, "--remove", above["id"])[0] == 1


def test_a_region_that_is_away_is_told_and_tried_again(tmp_path, folders):
    region, school = folders
    with running_server(tmp_path / "region") as url:
        relate(region, school, url)
    (account,) = _failing(school)["upstreams"]
    assert account["code"] == "link-unreachable"
    (shown,) = server_json("status", "--data", school, "--json")["upstreams"]
    assert shown["problem"] == "link-unreachable"
    assert "link-unreachable" in server_command("status", "--data", school)[1]


def _failing(school):
    import json

    code, output, _ = server_command("relay", "--data", school, "--json")
    assert code == 1
    return json.loads(output)


def test_somebody_is_invited_by_a_command(tmp_path, folders, region_url):
    region, school = folders
    server_json("init", str(tmp_path / "centre"), "--school", "centre", "--json")
    relate(region, school, region_url)
    relate(region, str(tmp_path / "centre"), region_url)
    server_json("enrol", "--data", school, "--class", "7А", "--student", "Анна", "--json")
    server_json("relay", "--data", school, "--json")
    home, centre = server_json("status", "--data", region, "--json")["schools"]
    people = server_json(
        "enrol", "--data", region, "--school", home["id"], "--class", "7А", "--json"
    )["people"]
    code, text, _ = server_command("guest", "--data", region, people[0]["id"], centre["id"])
    assert code == 0
    assert f"--school {home['id']}" in text
    assert server_command("guest", "--data", region, "nobody", centre["id"])[0] == 1


def test_a_turn_says_what_waits_for_its_hour(tmp_path, folders, region_url):
    region, school = folders
    relate(region, school, region_url)
    with DataFolder(tmp_path / "school").store() as store:
        line = Line(store, SchoolClock(store))
        now = line.now().local
        hours = f"{(now.hour + 2) % 24:02}:00-{(now.hour + 3) % 24:02}:00"
        line.set_rules(line_rules(hours, None, None, silent_outside=True))
    (account,) = server_json("relay", "--data", school, "--json")["upstreams"]
    assert account["held"]["code"] == "link-window"
    assert account["sent_bytes"] == 0
    _, said, _ = server_command("relay", "--data", school)
    assert "waits for the window" in said


@pytest.mark.parametrize(
    "options", [["--window", "22:00-06:00"], ["--upstream", "http://a.example", "--rate", "fast"]]
)
def test_rules_that_cannot_be_kept_are_refused_before_anything_runs(folders, options):
    _, school = folders
    code, _, said = server_command("run", "--data", school, *options)
    assert code == 1
    assert "--upstream" in said or "speed" in said
