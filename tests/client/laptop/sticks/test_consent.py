from __future__ import annotations


def test_consent_is_kept_and_can_be_taken_back(joined):
    assert not joined.sticks.consent
    joined.sticks.consent = True
    assert joined.sticks.consent
    joined.sticks.consent = False
    assert not joined.sticks.consent
