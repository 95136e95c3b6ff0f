from __future__ import annotations

import pytest

from client.messages import LANGUAGES, Messages
from client.screens.send.link_choices import USUAL, chosen, rows
from sync.link.rules import LinkRules, Value, parse_budget, parse_windows


def labels(rules, language="en"):
    messages = Messages(language)
    return {
        row.name: [messages.text(one.label) + ("*" if one.lit else "") for one in row.choices]
        for row in rows(rules)
    }


def test_without_rules_the_first_choice_of_each_is_lit_but_for_videos_over_a_telephone():
    assert labels(LinkRules()) == {
        "when": ["At any time*", "22:00\u201306:00"],
        "day": ["No limit*", "20 MB", "50 MB", "200 MB"],
        "month": ["No limit*", "500 MB", "1 GB", "5 GB"],
        "speed": ["Full*", "Room for a live lesson", "256 kbit/s"],
        "phone": ["Everything", "No videos*", "Only work"],
    }


@pytest.mark.parametrize(("name", "value"), [(name, one) for name in USUAL for one in USUAL[name]])
def test_every_choice_can_be_made_and_is_then_the_one_lit(name, value):
    rules = chosen(LinkRules(paused=True, quiet_outside=True), name, value)
    lit = {row.name: [one.value for one in row.choices if one.lit] for row in rows(rules)}
    assert lit[name] == [value]
    assert all(len(values) == 1 for values in lit.values())
    assert rules.paused and rules.quiet_outside
    for language in LANGUAGES:
        assert all(all(texts) for texts in labels(rules, language).values())


def test_rules_from_elsewhere_stand_beside_the_usual_choices():
    rules = LinkRules(
        windows=parse_windows("13-14, 22-6"),
        rate_bytes_per_s=187_500,
        day_bytes=parse_budget("1.5MB/day")[0],
        on_metered=Value.WORK,
    )
    told = labels(rules)
    assert told["when"][-1] == "13:00\u201314:00, 22:00\u201306:00*"
    assert told["speed"][-1] == "1.5 Mbit/s*"
    assert told["day"][-1] == "1.5 MB*"
    assert told["phone"][-1] == "Only work*"


def test_a_choice_leaves_the_other_rules_alone():
    rules = LinkRules(month_bytes=1 << 30, leave_room=True)
    changed = chosen(chosen(rules, "day", "50MB/day"), "when", "22:00-06:00")
    assert changed.month_bytes == 1 << 30
    assert changed.leave_room
    assert chosen(changed, "day", "none").day_bytes is None
