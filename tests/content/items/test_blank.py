from __future__ import annotations

from fractions import Fraction

from content.errors import SourceError
from content.fields import Fields
from content.items.blank import blank_minutes, read_blank, right_blanks, score_blanks
from content.items.kind import UNIT_MISSING

RATE = {"id": "v", "kind": "number", "answer": "20", "units": ["м/с"], "weight": 3}
WORD = {
    "id": "w",
    "kind": "short",
    "accept": [{"text": "жылдамдық"}, {"text": "шама", "share": 0.5}],
}
BLANKS = [read_blank(Fields(one, "task.toml", SourceError)) for one in (RATE, WORD)]


def test_blanks_count_by_their_weight_and_their_share() -> None:
    assert score_blanks(BLANKS, {"v": "20 м/с"}).share == Fraction(3, 4)
    found = score_blanks(BLANKS, {"v": "20 м/с", "w": "шама"})
    assert (found.share, found.parts) == (Fraction(7, 8), {"v": True, "w": False})
    assert score_blanks(BLANKS, right_blanks(BLANKS)).share == 1


def test_what_is_to_be_said_about_one_blank_is_said() -> None:
    found = score_blanks(BLANKS, {"v": "20", "w": "жылдамдық"})
    assert (found.share, found.remark) == (Fraction(1, 4), UNIT_MISSING)


def test_the_time_grows_with_the_blanks() -> None:
    assert blank_minutes(BLANKS * 4) > blank_minutes(BLANKS) > 0
