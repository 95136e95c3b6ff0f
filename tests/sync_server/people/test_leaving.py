from __future__ import annotations

import pytest

from sync.kinds import ROSTER
from sync_server.errors import SetupError
from sync_server.people.leaving import LEFT, tell_of_leaving, tell_of_return
from sync_server.records.own_journal import OwnJournal
from tests.support.server import server_json

ANNA, SAULE = "Анна", "Сәуле"


def told(device):
    return [
        bool(one.body.get(LEFT)) for one in device.inbox.of_kind(ROSTER) if one.body["name"] == ANNA
    ]


def say(school, how, person_id):
    with school.store.transaction() as transaction:
        own = school.identity.public.device_id
        return how(transaction, OwnJournal(transaction, own, school.clock), person_id)


def test_the_persons_laptops_and_the_classs_teachers_hear_of_it(enrolled, road, school):
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    stranger = enrolled(teachers=["Ержан"], class_name="8Ә")
    anna = pupil.person(ANNA)
    assert say(school, tell_of_leaving, anna).name == ANNA
    for device in (pupil, teacher, stranger):
        device.exchange_all(road)
    assert told(pupil)[-1] and told(teacher)[-1] and told(stranger) == []
    say(school, tell_of_return, anna)
    pupil.exchange_all(road)
    assert told(pupil)[-1] is False


def test_what_a_leaver_still_hands_in_is_taken(enrolled, road, school):
    pupil = enrolled([ANNA])
    say(school, tell_of_leaving, pupil.person(ANNA))
    pupil.hand_in(pupil.person(ANNA))
    (outcome, *_) = pupil.exchange_all(road)
    assert outcome.answer.refused == ()
    assert pupil.journal.received_seq == pupil.journal.head.seq


def test_somebody_whom_nobody_knows_does_not_leave(school):
    with pytest.raises(SetupError, match="nobody-1"):
        say(school, tell_of_leaving, "nobody-1")


def test_the_command(tmp_path):
    data = str(tmp_path / "data")
    server_json("init", data, "--school", "Ақсу", "--json")
    enrolled = server_json("enrol", "--data", data, "--class", "7А", "--student", ANNA, "--json")
    (person,) = enrolled["people"]
    left = server_json("leave", "--data", data, person["id"], "--json")
    assert left == {"people": [person["id"]], "left": True}
    back = server_json("leave", "--data", data, person["id"], "--back", "--json")
    assert back == {"people": [person["id"]], "left": False}
