from __future__ import annotations

import pytest

from client.laptop.errors import LaptopError
from client.theme.pictures import PICTURES
from client.vaults.secrets import (
    LONGEST,
    PICTURE_NAMES,
    Policy,
    Secret,
    check_new,
    password,
    pictures,
    pin,
)


def code_of(secret: Secret, policy: Policy = Policy()) -> str:  # noqa: B008 - a value
    with pytest.raises(LaptopError) as caught:
        check_new(secret, policy)
    return caught.value.code


def test_a_pin_is_its_digits_however_they_were_typed() -> None:
    assert pin(" 27 05 ") == pin("2705") == pin("٢٧٠٥")
    assert pin("2705").length == 4


def test_letters_are_no_pin() -> None:
    with pytest.raises(LaptopError) as caught:
        pin("27o5")
    assert caught.value.code == "secret-not-digits"


def test_how_a_keyboard_composed_a_letter_does_not_matter() -> None:
    assert password("й" + "қалам") == password("и\u0306" + "қалам")
    assert password("Қалам1") != password("қалам1")


def test_kinds_never_share_bytes() -> None:
    same = [Secret(kind, "1 2 3 4").to_bytes() for kind in ("pin", "password", "pictures")]
    assert len(set(same)) == 3


def test_no_secret_shows_itself() -> None:
    assert "2705" not in repr(pin("2705"))
    assert "horse" not in f"{pictures(['horse', 'sun', 'cat', 'star'])!r}"


def test_every_picture_can_be_drawn_and_told_from_the_others() -> None:
    assert len({PICTURES[name][0] for name in PICTURE_NAMES}) == len(PICTURE_NAMES) == 16


def test_pictures_are_known_ones_in_their_order() -> None:
    assert pictures(["sun", "cat"]) != pictures(["cat", "sun"])
    with pytest.raises(ValueError, match="dragon"):
        pictures(["dragon"])


@pytest.mark.parametrize("typed", ["270", "", "0"])
def test_short_ones_are_refused(typed: str) -> None:
    assert code_of(pin(typed)) == "secret-short"


@pytest.mark.parametrize("typed", ["1111", "1234", "9876", "000000"])
def test_what_everybody_tries_first_is_refused(typed: str) -> None:
    assert code_of(pin(typed)) == "secret-simple"


def test_one_picture_repeated_is_refused() -> None:
    assert code_of(pictures(["cat"] * 4)) == "secret-simple"


def test_what_nobody_types_twice_is_refused() -> None:
    assert code_of(password("жұлдыз" * LONGEST)) == "secret-long"


def test_a_school_can_demand_more_but_never_less() -> None:
    strict = Policy(pin_digits=6, password_letters=12, pictures=6)
    assert code_of(pin("2705"), strict) == "secret-short"
    assert code_of(password("жеті қазына"[:11]), strict) == "secret-short"
    check_new(pin("270519"), strict)
    assert code_of(pin("27"), Policy(pin_digits=1)) == "secret-short"


def test_common_ones_pass() -> None:
    for secret in (pin("2705"), password("алма ағаш"), pictures(["cat", "cat", "sun", "yurt"])):
        check_new(secret, Policy())
