from __future__ import annotations

from pathlib import Path

import pytest

from content.errors import MismatchError
from content.repositories.repository import Repository
from content.trust.certificate import chain_name
from content.trust.files import TrustFile
from content.trust.hint import hint_of
from content.trust.publishing import attach
from tests.support.trust import (
    HOLDERS,
    MINISTRY,
    ROOT_FILE,
    ROOT_ID,
    TEACHER,
    chain_of,
    withdraw,
)

ROOT = {TrustFile("roots", f"{ROOT_ID}/1"): ROOT_FILE}
LIST = {TrustFile("withdrawals", ROOT_ID): withdraw(HOLDERS[:2], ROOT_ID, 4)}


def chain(number: int) -> tuple[TrustFile, bytes]:
    data = chain_of((MINISTRY, TEACHER), {1: {"number": number}})
    return TrustFile("chains", chain_name(data)), data


def test_attached_renewed_and_attached_again(tmp_path: Path) -> None:
    assert attach(tmp_path, {**ROOT, **dict([chain(1)])}, TEACHER).serial == 1
    renewed = attach(tmp_path, dict([chain(2)]), TEACHER)
    listed = attach(tmp_path, LIST, TEACHER)
    assert (renewed.serial, listed.serial) == (2, 3)
    assert attach(tmp_path, LIST, TEACHER) == listed
    hint = hint_of(listed)
    assert hint is not None
    assert hint.chain == chain(2)[0].name
    assert hint.withdrawals == {ROOT_ID: 4}
    public = TEACHER.public
    assert Repository(tmp_path).catalogue({public.key_id: public.raw}) == listed


def test_somebody_elses_chain_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(MismatchError, match="None of these files certifies"):
        attach(tmp_path / "r", {**ROOT, **dict([chain(1)])}, MINISTRY)
    assert not (tmp_path / "r").exists()
