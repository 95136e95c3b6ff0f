from __future__ import annotations

import pytest

from sync.kinds import SUBMISSION
from sync_server.errors import SetupError
from sync_server.relay.guests import invite
from tests.support.clock import TurnableClock
from tests.support.relays import enrol_relay, laptop_at, relay, said
from tests.support.server import open_school

ANNA = "Анна"
WORK = (SUBMISSION,)


@pytest.fixture
def servers(tmp_path):
    clock = TurnableClock(step_ms=1)
    with open_school(tmp_path / "region", clock) as region, open_school(
        tmp_path / "home", clock
    ) as home, open_school(tmp_path / "centre", clock) as centre:
        enrol_relay(home, region)
        enrol_relay(centre, region)
        yield region, home, centre


def hand_in(device, school, answer):
    device.hand_in(device.people[0].id, answer)
    device.exchange_all(school.road())


def ask(region, person, school):
    own_id = region.identity.public.device_id
    return invite(region.store, own_id, region.clock, person, school.identity.public.device_id)


def test_a_guest_works_elsewhere_and_both_schools_have_all_of_it(servers):
    region, home, centre = servers
    device = laptop_at(home, [ANNA])
    hand_in(device, home, "at home")
    relay(home, region)
    ask(region, device.people[0].id, centre)
    assert relay(centre, region).received == 3
    away = laptop_at(centre, [ANNA], of=home)
    assert [one.id for one in away.people] == [one.id for one in device.people]
    hand_in(away, centre, "away")
    for below in (centre, home, centre):
        assert relay(below, region).in_step
    assert said(home, WORK) == said(region, WORK) == said(centre, WORK)
    assert len(said(home, WORK)) == 2
    away.exchange_all(centre.road())
    device.exchange_all(home.road())
    assert [one.body["answers"]["root"] for one in away.inbox.of_kind(SUBMISSION)] == ["at home"]
    assert [one.body["answers"]["root"] for one in device.inbox.of_kind(SUBMISSION)] == ["away"]


def test_nobody_is_a_guest_unasked(servers):
    region, home, centre = servers
    device = laptop_at(home, [ANNA])
    relay(home, region)
    relay(centre, region)
    with pytest.raises(SetupError, match="relays"):
        laptop_at(centre, [ANNA], of=home)
    person = device.people[0].id
    with pytest.raises(SetupError, match="of that school"):
        ask(region, person, home)
    with pytest.raises(SetupError, match="nobody"):
        ask(region, "nobody-here", centre)
    ask(region, person, centre)
    relay(centre, region)
    with pytest.raises(SetupError, match="no guest"):
        laptop_at(centre, ["Болат"], of=home)
