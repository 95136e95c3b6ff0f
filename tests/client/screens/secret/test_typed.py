"""What keys mean for a secret, and that nothing of it is shown."""

from __future__ import annotations

import pytest

from client.screens.secret.typed import PICTURE_KEYS, Typed, picture_meant
from client.vaults.secrets import LONGEST, PASSWORD, PICTURE_NAMES, PICTURES, PIN


def test_each_picture_has_a_key_of_its_own():
    assert [picture_meant(key) for key in PICTURE_KEYS] == list(PICTURE_NAMES)
    assert len(set(PICTURE_KEYS)) == len(PICTURE_NAMES)


@pytest.mark.parametrize("layout", ["1234567890ывапод", '"әіңғ,.үұқывапод', "1234567890sdfgjl"])
def test_the_same_keys_on_every_layout(layout):
    typed = Typed(PICTURES)
    assert all(typed.type(letter) for letter in layout)
    assert typed.pictures == PICTURE_NAMES


@pytest.mark.parametrize("letter", ["", "a", "я", "12", "tab", "?"])
def test_other_keys_choose_nothing(letter):
    for kind in (PICTURES, PIN):
        typed = Typed(kind)
        assert not typed.type(letter)
        assert typed.count == 0


def test_digits_letters_and_rubbing_out():
    typed = Typed(PIN)
    for letter in "25ңx0":
        typed.type(letter)
    assert typed.secret().text == "2540"
    typed.rub_out()
    assert (typed.count, typed.secret().text) == (3, "254")
    typed.clear()
    typed.rub_out()
    assert typed.count == 0


def test_a_password_is_text():
    typed = Typed(PASSWORD)
    typed.text = "балапан"
    assert (typed.count, typed.secret().text, typed.pictures) == (7, "балапан", ())


def test_nobody_leans_on_a_key_for_ever():
    typed = Typed(PIN)
    for _ in range(1000):
        typed.type("1")
    assert typed.count == LONGEST


def test_it_is_never_written_out():
    typed = Typed(PIN)
    typed.press("7")
    assert "7" not in repr(typed)
