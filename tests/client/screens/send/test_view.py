from __future__ import annotations

import pytest

from client.widgets.language_switch import SwitchButton
from sync.link.rules import LinkRules
from tests.support.laptop import AIGERIM
from tests.support.screens import stage
from tests.support.showcase import Showcase

pytestmark = pytest.mark.screen


@pytest.fixture
def here(tmp_path):
    made = stage(Showcase(tmp_path), "en")
    made.app.sign_in(AIGERIM)
    made.app.open_place("send")
    made.settle()
    yield made
    made.close()


def rules(here):
    return here.app.laptop.link.rules


def test_a_rule_is_chosen_by_touch_and_the_sentence_follows(here):
    here.press(here.find(SwitchButton, value="22:00-06:00"))
    assert str(rules(here).windows[0]) == "22:00-06:00"
    assert here.find(SwitchButton, value="22:00-06:00").lit
    assert "Videos start to come at 22:00" in here.words()
    here.press(here.find(SwitchButton, value="always"))
    assert rules(here) == LinkRules()


def test_rules_are_walked_and_chosen_by_keys_alone(here):
    for _ in range(60):
        here.key("tab")
        current = here.app.ring.current
        if getattr(current, "value", "") == "50MB/day":
            break
    here.key("enter")
    assert rules(here).day_bytes == 50 << 20
    assert here.find(SwitchButton, value="50MB/day").lit


def test_pausing_stops_the_button_and_says_so_and_going_on_sends(here):
    here.press(here.find("QuietButton", text="Pause everything"))
    assert rules(here).paused
    assert "Sending is paused" in here.words()
    assert here.find("PrimaryButton").disabled
    here.press(here.find("QuietButton", text="Go on"))
    assert not rules(here).paused
    assert here.app.courier.next_try_in_s is not None


def test_what_happens_next_is_told_anew_while_one_looks(here):
    here.app.courier.stop()
    assert "Work goes out" in here.words()
    here.app.laptop.link.set_rules(LinkRules(paused=True))
    here.app.view._tell_now()
    assert "Sending is paused" in here.words()
