from __future__ import annotations

import itertools

import pytest

from client.laptop.account import Left
from client.laptop.errors import Fault
from client.laptop.problems import problem_of
from client.laptop.syncing import happening as module
from client.laptop.syncing.happening import Facts, happening, left_for_room
from client.laptop.syncing.link import Verdict
from client.messages import LANGUAGES, Message, Messages
from sync.errors import CODES, LinkError, SyncError
from sync.link.policy import Reason
from sync.link.rules import LinkRules, Metered, Window

NOW = 1_795_000_000_000
GO = Verdict(True)


def stopped(code, key, **values):
    return Verdict(False, Message(key, values), NOW + 1000, code)


PAUSED = stopped("link-paused", "link.why.paused")
QUIET = stopped("link-window", "link.why.window.work", clock="22:00")
AT_NIGHT = stopped("link-window", "link.why.window.videos", clock="22:00")
PHONE = stopped("link-metered", "link.why.metered.videos")
DAY = stopped("link-budget-day", "link.why.day.videos", size=Message("link.size.mb", {"n": 50}))
MONTH = stopped(
    "link-budget-month", "link.why.month.lessons", size=Message("link.size.gb", {"n": 1.5})
)
CODES_OF_STATES = {
    "link-unreachable": "no-link",
    "link-stalled": "no-link",
    "link-lost": "no-link",
    "link-altered": "no-link",
    "link-captive": "login-page",
    "server-busy": "server-busy",
    "server-full": "server-busy",
    "server-failed": "server-failed",
    "disk-full": "disk-full",
    "device-unknown": "problem",
    "message-forged": "problem",
}
FINE = (None, "sync-busy", "cancelled")


def problem(code):
    if code is None:
        return None
    if code not in CODES:
        from client.laptop.problems import failure

        return problem_of(failure(code, Fault.YOUR_DATA))
    return problem_of(
        LinkError(code) if CODES[code].fault.value == "link" else SyncError(code), "x"
    )


def facts(**changes):
    usual = {
        "enrolled": True,
        "now_ms": NOW,
        "work_waiting": 0,
        "objects_waiting": False,
        "work": GO,
        "objects": GO,
        "next_try_s": 290.0,
        "answered_ms": NOW - 3_600_000,
    }
    return Facts(**{**usual, **changes})


def every_case():
    """All states a laptop can be in: the same in all languages is tried for each."""
    return itertools.product(
        (True, False),
        (0, 3),
        (False, True),
        (GO, PAUSED, QUIET),
        (GO, AT_NIGHT, PHONE, DAY, MONTH),
        (*FINE, *CODES_OF_STATES),
        (None, NOW - 86_400_000),
        (None, 0.0, 290.0, 7200.0),
    )


NAMES = (
    "enrolled",
    "work_waiting",
    "objects_waiting",
    "work",
    "objects",
    "problem",
    "answered_ms",
    "next_try_s",
)


def expected_state(case):
    if not case["enrolled"]:
        return "not-enrolled"
    if not case["work"].allowed:
        return case["work"].code
    if case["problem"] not in FINE:
        return CODES_OF_STATES[case["problem"]]
    if case["work_waiting"]:
        return "work-waits"
    if not case["objects_waiting"]:
        return "all-done"
    return "objects-wait" if case["objects"].allowed else case["objects"].code


def test_every_state_has_its_name_and_one_sentence():
    seen, said = set(), {}
    for values in every_case():
        case = dict(zip(NAMES, values))
        found = happening(facts(**{**case, "problem": problem(case["problem"])}))
        assert found.state == expected_state(case), case
        seen.add(found.state)
        if case["enrolled"] and case["next_try_s"] is not None:
            assert found.next_try_ms == NOW + int(case["next_try_s"] * 1000)
        else:
            assert found.next_try_ms is None
        said[(found.state, str(found.sentence))] = found.sentence
    assert seen == {
        "not-enrolled",
        "work-waits",
        "objects-wait",
        "all-done",
        "no-link",
        "login-page",
        "server-busy",
        "server-failed",
        "disk-full",
        "problem",
        *(reason.value for reason in Reason),
    }
    for (state, _), sentence in said.items():
        for language in LANGUAGES:
            text = Messages(language, lambda: NOW).text(sentence)
            assert text.endswith("."), text
            assert "{" not in text
            # The sentence of another package's problem may be two; ours is one.
            assert state == "problem" or ". " not in text, text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"work": PAUSED}, "paused"),
        ({"objects_waiting": True, "objects": AT_NIGHT}, "22:00"),
        ({"objects_waiting": True, "objects": DAY}, "50 MB"),
        ({"objects_waiting": True, "objects": MONTH}, "1.5 GB"),
        ({"problem": problem("link-lost")}, "in about 5 min"),
        ({"problem": problem("link-lost"), "next_try_s": None}, "when Keruen is opened"),
        ({"problem": problem("link-captive")}, "log in"),
        ({"problem": problem("server-busy"), "next_try_s": 7200}, "in about 2 h"),
        ({"problem": problem("disk-full")}, "disk is full"),
        ({"work_waiting": 2, "next_try_s": 2}, "goes out now"),
        ({}, "all lessons are here"),
    ],
)
def test_the_sentence_names_what_people_ask_for(changes, words):
    found = happening(facts(**changes))
    assert words in Messages("en", lambda: NOW).text(found.sentence)


def test_what_a_rule_says_until_when_is_kept():
    assert happening(facts(work=QUIET)).until_ms == NOW + 1000
    assert happening(facts(objects_waiting=True, objects=AT_NIGHT)).until_ms == NOW + 1000


def test_only_what_waits_for_somebody_is_kept_of_what_was_left():
    assert left_for_room([]) == ""
    assert left_for_room([Left(AT_NIGHT.reason, 3, 9)]) == ""
    assert "videos.no-room" in left_for_room([Left(Message("videos.no-room", {"mb": 40}))])


def test_a_laptop_tells_what_happens_from_what_it_kept(joined, road):
    assert joined.happening().state == "all-done"
    road.weather.away = True
    joined.sync()
    found = joined.happening(120.0)
    assert found.state == "no-link"
    assert found.next_try_ms - joined.now_ms() <= 120_000
    assert "in about 2 min" in Messages("en", joined.now_ms).text(found.sentence)
    joined.link.set_rules(LinkRules(paused=True))
    assert joined.happening().state == "link-paused"
    joined.link.set_rules(LinkRules())
    road.weather.away = False
    joined.sync()
    assert joined.happening().state == "all-done"


def test_the_next_try_of_another_programme_is_known_until_it_is_overdue(joined, clock):
    assert joined.happening().next_try_ms is None
    joined.note_next_try(300.0)
    wait_ms = joined.happening().next_try_ms - joined.now_ms()
    assert 290_000 < wait_ms <= 300_000
    clock.offset_ms += 300_000 + module.LATE_MS // 2
    assert joined.happening().next_try_ms - joined.now_ms() <= 0
    clock.offset_ms += module.LATE_MS
    assert joined.happening().next_try_ms is None
    joined.note_next_try(None)
    assert joined.happening().next_try_ms is None


def test_lessons_that_wait_are_told_from_videos_that_wait(joined):
    store = joined._store
    hour = (joined.link.now().local.hour + 12) % 24
    joined.link.set_rules(LinkRules(windows=(Window(hour * 60, hour * 60 + 30),)))
    with store.database.transaction() as connection:
        connection.execute("INSERT INTO wanted VALUES ('key', 'algebra', 1, 'hash', 10, 0, 0)")
    assert joined.happening().sentence.key == "link.why.window.lessons"
    joined.link.set_rules(LinkRules(metered=Metered.YES))
    assert joined.happening().state == "objects-wait"
    store.keep_settings({module.OBJECTS_LEFT: '["videos.no-room", {"mb": 40}]'})
    assert joined.happening().state == "videos-no-room"
    store.keep_settings({module.OBJECTS_LEFT: "damaged"})
    assert joined.happening().state == "objects-wait"


def test_a_disk_that_is_full_is_told_and_a_cut_in_a_video_is_not_no_link(joined):
    syncing = joined._syncing
    syncing._note_objects(problem("disk-full"), ())
    assert joined.happening().state == "disk-full"
    syncing._note_objects(problem("link-lost"), ())
    assert joined.happening().state == "all-done"


def test_a_laptop_of_no_school_says_so(tmp_path):
    from client.laptop.laptop import Laptop

    laptop = Laptop.open(tmp_path / "new")
    assert laptop.happening().state == "not-enrolled"
    laptop.close()
