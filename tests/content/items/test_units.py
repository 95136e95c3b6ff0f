from __future__ import annotations

import pytest

from content.items.units import plain_unit, split_unit


@pytest.mark.parametrize(
    ("typed", "number", "unit"),
    [
        ("5 м", "5 ", "m"),
        ("2 1/2 м", "2 1/2 ", "m"),
        ("5 м2", "5 ", "m2"),
        ("5", "5", ""),
        ("5 кг", "5 ", None),
        ("", "", None),
        ("many м", "many м", None),
    ],
)
def test_the_longest_number_comes_first(typed: str, number: str, unit: object) -> None:
    wanted = None if unit is None else plain_unit(str(unit).replace("m", "м"))
    assert split_unit(typed, ["м", "м²"]) == (number, wanted)


def test_letters_that_look_alike_are_alike() -> None:
    assert plain_unit("\u0421м / c") == plain_unit("Cм/\u0441")
