"""The school's recovery code as a teacher types it; ``sync.recovery`` says what it is."""

from __future__ import annotations

from client.laptop.errors import Fault
from client.laptop.problems import failure
from sync import recovery
from sync.recovery import GROUP_DIGITS, GROUPS, digits_of, wrong_group


class RecoveryCode(recovery.RecoveryCode):
    """A valid code."""

    @classmethod
    def parse(cls, typed: str) -> RecoveryCode:
        """Read what somebody typed; what is no digit does not matter.

        Raises LaptopError ``recovery-length``, or ``recovery-mistyped`` with the wrong group.
        """
        digits = digits_of(typed)
        if len(digits) != GROUPS * GROUP_DIGITS:
            raise failure("recovery-length", Fault.YOUR_DATA, n=GROUPS * GROUP_DIGITS)
        wrong = wrong_group(digits)
        if wrong is not None:
            raise failure("recovery-mistyped", Fault.YOUR_DATA, n=wrong)
        return cls(digits)
