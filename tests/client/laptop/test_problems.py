from __future__ import annotations

import errno

import pytest

from client.laptop.errors import Fault
from client.laptop.problems import as_laptop_error, failure, problem_of
from content.errors import DamagedError, StorageError
from sync.errors import LinkError, RefusedError, StickError


@pytest.mark.parametrize(
    ("error", "code", "fault", "key"),
    [
        (LinkError("link-stalled"), "link-stalled", Fault.LINK, "error.link"),
        (RefusedError("device-unknown"), "device-unknown", Fault.YOUR_DATA, "error.device-unknown"),
        (DamagedError("x"), "object-damaged", Fault.THEIR_DATA, "error.damaged"),
        (OSError(errno.ENOSPC, "full"), "disk-full", Fault.YOUR_DATA, "error.disk-full"),
        (OSError(errno.EIO, "io"), "disk-error", Fault.YOUR_DATA, "error.disk-error"),
        (failure("no-such-work", Fault.YOUR_DATA), "no-such-work", Fault.YOUR_DATA,
         "error.no-such-work"),
        (ZeroDivisionError(), "ZeroDivisionError", Fault.BUG, "error.other"),
    ],
)  # fmt: skip
def test_every_error_becomes_a_sentence(error, code, fault, key):
    problem = problem_of(error, "algebra-7")
    assert (problem.code, problem.fault, problem.sentence.key) == (code, fault, key)
    assert as_laptop_error(error).code == code


def test_a_full_disk_under_another_packages_error_is_a_full_disk():
    error = StorageError("packs: the disk refused")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert problem_of(error).code == "disk-full"


def test_a_full_stick_is_no_full_disk():
    error = StickError("stick-full")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert problem_of(error).code == "stick-full"
    assert as_laptop_error(error).message.key == "error.stick-full"
