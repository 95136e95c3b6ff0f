from __future__ import annotations

from fractions import Fraction

import pytest

from content.errors import SourceError
from content.fields import Fields
from content.items.reading import exact, share, spellings


def fields(**values: object) -> Fields:
    return Fields(values, "task.toml", SourceError)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (0.33333, "1/3"),
        ("0.666667", "2/3"),
        (0.14286, "1/7"),
        (0.25, "1/4"),
        (-0.05, "-1/20"),
        (1, "1"),
        ("1/6", "1/6"),
        (0.123456, "123456/1000000"),
    ],
)
def test_a_share_written_in_decimals_is_the_fraction_that_was_meant(
    written: object, read: str
) -> None:
    assert share(fields(share=written), -1, Fraction(0)) == Fraction(read)
    assert share(fields(), 0, Fraction(1)) == 1


def test_spellings_are_one_text_or_a_text_a_language() -> None:
    assert spellings(fields(text="5 м"), "text") == ("5 м",)
    assert spellings(fields(text={"kk": "а", "ru": "а", "en": "b"}), "text") == ("а", "b")


@pytest.mark.parametrize("written", [None, True, "many", [5], float("inf"), "1" * 70])
def test_a_key_is_a_number(written: object) -> None:
    with pytest.raises(SourceError):
        exact(fields(answer=written), "answer")
