from __future__ import annotations

import pytest

from content.catalogue import Catalogue
from content.errors import FormatError, MismatchError
from content.trust.accepting import accept_chain
from content.trust.certificate import Certificate, read_chain
from content.trust.errors import BrokenChainError, ThresholdError
from content.trust.hint import hint_of
from content.trust.making import (
    countersign,
    make_chain,
    make_root,
    make_withdrawals,
    next_root,
    with_trust,
)
from content.trust.root import read_first_root, read_next_root
from content.trust.withdrawal import Withdrawn
from tests.support import trust as world
from tests.support.trust import FIRST, HOLDERS, MINISTRY, PIN, ROOT, ROOT_ID, TEACHER, chain_of


def test_a_root_gathers_its_signatures() -> None:
    data = make_root(FIRST, HOLDERS[:1])
    with pytest.raises(ThresholdError):
        read_first_root(data, PIN)
    data = countersign(data, HOLDERS[1:], "root.1")
    assert read_first_root(data, PIN) == ROOT
    assert countersign(data, HOLDERS[1:], "root.1") == data


def test_the_next_root_too() -> None:
    data = next_root(ROOT, world.make_root(HOLDERS[1:], 2), HOLDERS[1:2])
    with pytest.raises(ThresholdError):
        read_next_root(data, ROOT)
    found = read_next_root(countersign(data, HOLDERS[2:], "root.2"), ROOT)
    assert (found.number, found.id) == (2, ROOT_ID)


def test_a_chain_gathers_the_signatures_of_its_root() -> None:
    one = Certificate(ROOT_ID, MINISTRY.public.raw, "M", may_certify=1)
    two = Certificate(MINISTRY.public.key_id, TEACHER.public.raw, "T")
    draft = make_chain(ROOT, None, one, HOLDERS[:1])
    with pytest.raises(ThresholdError):
        make_chain(ROOT, draft, two, [MINISTRY])
    chain = make_chain(ROOT, countersign(draft, HOLDERS[1:2], "m"), two, [MINISTRY])
    assert read_chain(chain, ROOT).publisher == two
    with pytest.raises(BrokenChainError):
        make_chain(ROOT, None, two, [MINISTRY])


def test_only_files_of_trust_are_countersigned() -> None:
    with pytest.raises(FormatError, match=r"^catalogue is no root"):
        countersign(world.catalogue(TEACHER, 1), HOLDERS, "catalogue")


def test_a_list_belongs_to_one_issuer() -> None:
    data = make_withdrawals(None, ROOT_ID, Withdrawn("0" * 32), HOLDERS)
    with pytest.raises(MismatchError, match="The list is by"):
        make_withdrawals(data, "1" * 32, Withdrawn("0" * 32), HOLDERS)


def test_a_catalogue_names_its_trust_once() -> None:
    state = accept_chain(world.state_with_root(), chain_of((MINISTRY, TEACHER)))
    before = Catalogue(TEACHER.public.key_id, 4, extra={"later": 1})
    named = with_trust(before, state)
    hint = hint_of(named)
    assert named.serial == 5
    assert named.extra["later"] == 1
    assert hint is not None and hint.roots == {ROOT_ID: 1}
    assert with_trust(named, state) is named
