from __future__ import annotations

import pickle
import re

import pytest

from sync import errors
from sync.errors import CODES, CancelledError, Fault, LinkError, SyncError


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_reads_as_a_sentence(code: str) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert str(SyncError(code)) == CODES[code].meaning
    assert CODES[code].meaning.endswith(".")
    assert "record 3" in str(SyncError(code, "record 3"))


def test_a_code_outside_the_table_is_our_bug() -> None:
    with pytest.raises(KeyError):
        SyncError("no-such-code")


def test_only_the_link_s_errors_are_link_errors() -> None:
    for code, kind in CODES.items():
        assert (kind.fault is Fault.LINK) == code.startswith(
            ("link-", "server-busy", "server-fail", "server-full")
        )


@pytest.mark.parametrize("error", [LinkError("link-lost", "x"), CancelledError("y")])
def test_errors_cross_processes(error: SyncError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(copy), copy.code, copy.detail) == (type(error), error.code, error.detail)


def test_all_error_classes_share_the_root() -> None:
    classes = [item for item in vars(errors).values() if isinstance(item, type)]
    raised = [item for item in classes if issubclass(item, Exception)]
    assert len(raised) > 8
    assert all(issubclass(item, SyncError) for item in raised)
