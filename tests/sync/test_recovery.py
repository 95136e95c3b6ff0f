"""A school's recovery code: what it is drawn from, how slips show, which key it stands for."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.recovery import GROUP_DIGITS, GROUPS, RecoveryCode, digits_of, groups, wrong_group
from tests.support.examples import examples

CODE = RecoveryCode.generate()


def test_a_code_has_groups_that_each_check_themselves() -> None:
    printed = str(CODE).split()
    assert [len(group) for group in printed] == [GROUP_DIGITS] * GROUPS
    assert wrong_group(CODE.digits) is None
    assert digits_of(str(CODE)) == CODE.digits
    assert RecoveryCode.generate() != CODE


@settings(max_examples=examples(30))
@given(st.integers(0, GROUPS * GROUP_DIGITS - 1), st.integers(1, 9))
def test_one_wrong_digit_shows_in_its_group(place: int, by: int) -> None:
    wrong = str((int(CODE.digits[place]) + by) % 10)
    typed = CODE.digits[:place] + wrong + CODE.digits[place + 1 :]
    assert wrong_group(typed) == place // GROUP_DIGITS + 1


def test_a_group_that_is_still_being_typed_is_not_wrong_yet() -> None:
    assert all(wrong_group(CODE.digits[:count]) is None for count in range(len(CODE.digits)))
    assert groups("1234567") == ["12345", "67"]


def test_digits_of_other_scripts_count() -> None:
    assert digits_of("१२३ ٤٥-6") == "123456"


def test_a_code_stands_for_one_pair_of_keys_for_good() -> None:
    """What is printed once must open vaults in ten years: the derivation never changes."""
    zeros = RecoveryCode("0" * GROUPS * GROUP_DIGITS)
    assert zeros.private_key().hex() == PRIVATE
    assert zeros.public_key().hex() == PUBLIC


def test_no_code_shows_itself() -> None:
    assert CODE.digits not in repr(CODE)


PRIVATE = "5aeff1718f9b85383c36b87d65e2bd29e761fcd4f93e3331c837c591c1d79469"
PUBLIC = "8cee7b518bde0597f3b3e4055a59f61c68288b8c20a3d28fdf793b8d686aa705"
