from __future__ import annotations

import pytest

from client.laptop.errors import LaptopError
from client.vaults.recovery import GROUP_DIGITS, GROUPS, RecoveryCode


def code_of(typed: str) -> LaptopError:
    with pytest.raises(LaptopError) as caught:
        RecoveryCode.parse(typed)
    return caught.value


def test_what_is_on_paper_reads_back() -> None:
    code = RecoveryCode.generate()
    assert RecoveryCode.parse(str(code)) == code
    assert RecoveryCode.parse(str(code).replace(" ", "-") + "\n") == code
    assert len(str(code).split()) == GROUPS


def test_every_slip_is_told_at_its_group() -> None:
    code = RecoveryCode.generate()
    for place in range(GROUPS * GROUP_DIGITS):
        wrong = str((int(code.digits[place]) + 1) % 10)
        error = code_of(code.digits[:place] + wrong + code.digits[place + 1 :])
        assert error.code == "recovery-mistyped"
        assert error.message.values["n"] == place // GROUP_DIGITS + 1


@pytest.mark.parametrize("typed", ["", "12345", "1" * 41])
def test_another_length_is_told(typed: str) -> None:
    assert code_of(typed).code == "recovery-length"


def test_a_code_stands_for_one_key() -> None:
    code = RecoveryCode("0" * GROUPS * GROUP_DIGITS)
    assert code.public_key() == code.public_key()
    assert code.public_key() != RecoveryCode.generate().public_key()
    assert len(code.private_key()) == 32


def test_no_code_shows_itself() -> None:
    code = RecoveryCode.generate()
    assert code.digits not in repr(code)
