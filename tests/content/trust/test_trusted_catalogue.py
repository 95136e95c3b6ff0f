"""Every refusal has its own error and sentence; nothing refused changes what is remembered."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any, Dict, List, Mapping, Sequence, Type

import pytest

from content import catalogue as catalogues
from content.catalogue import Catalogue
from content.errors import (
    ContentError,
    DamagedError,
    FormatError,
    RollbackError,
    SignatureError,
    UnknownFormatError,
    UntrustedKeyError,
)
from content.limits import Limits
from content.trust import trusted_catalogue
from content.trust.accepting import accept_chain, accept_root, accept_withdrawals
from content.trust.certificate import chain_name
from content.trust.envelope import sign
from content.trust.errors import (
    ForkedError,
    FrozenError,
    LimitError,
    MixedVersionsError,
    OlderVersionError,
    ThresholdError,
    UnknownChainError,
    WithdrawnKeyError,
)
from content.trust.hint import TrustHint
from content.trust.keys import PublisherKey
from content.trust.state import TrustState
from content.trust.trusted_catalogue import check_manifest, verify_catalogue
from content.trust.withdrawal import Withdrawn
from tests.support import trust as world
from tests.support.trust import (
    HOLDERS,
    MINISTRY,
    REGION,
    ROOT,
    ROOT_ID,
    SCHOOL,
    STRANGER,
    TEACHER,
    catalogue,
    chain_of,
    manifest,
    withdraw,
)

KEYS = (MINISTRY, REGION, SCHOOL, TEACHER)
CHAIN = chain_of(KEYS)
ME = TEACHER.public.key_id


def ready(chain: bytes = CHAIN) -> TrustState:
    return accept_chain(world.state_with_root(), chain)


def limited(**limits: Any) -> bytes:
    return chain_of(KEYS, {3: {"limits": Limits(**limits)}})


def after(state: TrustState, *steps: bytes) -> TrustState:
    for data in steps:
        state = verify_catalogue(data, state).state
    return state


def test_a_teacher_four_certificates_down_is_trusted() -> None:
    verified = verify_catalogue(catalogue(TEACHER, 3, {"equations": 2}, CHAIN), ready())
    assert [one.pack for one in verified.entries] == ["equations"]
    assert verified.refused == {}
    assert verified.chain is not None
    assert verified.chain.issuers == (ROOT_ID, *(one.public.key_id for one in KEYS[:3]))
    made, data = manifest(TEACHER, version=2)
    assert verified.read_manifest(data, verified.entries[0]) == made
    assert verified.state.catalogues[ME].versions == {"equations": 2}


def test_a_publisher_whom_the_school_trusts_needs_no_certificate() -> None:
    state = TrustState(publishers={ME: TEACHER.public.raw})
    verified = verify_catalogue(catalogue(TEACHER, 1, {"equations": 1}), state, "any-school")
    assert verified.chain is None
    _, data = manifest(TEACHER)
    assert verified.read_manifest(data, verified.entries[0]).pack == "equations"


def test_the_same_catalogue_again_is_fine() -> None:
    data = catalogue(TEACHER, 3, {"equations": 2}, CHAIN)
    once = after(ready(), data)
    assert after(once, data) == once


def test_an_older_catalogue_is_refused() -> None:
    state = after(ready(), catalogue(TEACHER, 3, {}, CHAIN))
    with pytest.raises(RollbackError, match="number 2, older than number 3 seen before"):
        verify_catalogue(catalogue(TEACHER, 2, {}, CHAIN), state)


def test_two_catalogues_of_one_number_are_refused() -> None:
    state = after(ready(), catalogue(TEACHER, 3, {}, CHAIN))
    with pytest.raises(ForkedError, match="differs from number 3 seen before"):
        verify_catalogue(catalogue(TEACHER, 3, {"equations": 1}, CHAIN), state)


def test_a_lower_version_of_one_pack_holds_up_no_other() -> None:
    state = after(ready(), catalogue(TEACHER, 3, {"equations": 4, "powers": 1}, CHAIN))
    verified = verify_catalogue(catalogue(TEACHER, 5, {"equations": 3, "powers": 2}, CHAIN), state)
    assert [one.pack for one in verified.entries] == ["powers"]
    problem = verified.refused["equations"]
    assert isinstance(problem, OlderVersionError)
    assert str(problem) == ("equations is listed at version 3, older than version 4 seen before.")
    _, data = manifest(TEACHER, version=3)
    with pytest.raises(OlderVersionError):
        verified.read_manifest(data, world.entry(data, version=3))
    assert verified.state.catalogues[ME].versions == {"equations": 4, "powers": 2}


def test_a_version_that_was_taken_out_does_not_come_back_lower() -> None:
    steps = [catalogue(TEACHER, 1, {"equations": 4}, CHAIN), catalogue(TEACHER, 2, {}, CHAIN)]
    verified = verify_catalogue(
        catalogue(TEACHER, 3, {"equations": 3}, CHAIN), after(ready(), *steps)
    )
    assert isinstance(verified.refused["equations"], OlderVersionError)


def test_what_is_held_back_is_noticed_when_a_server_is_met() -> None:
    data = catalogue(TEACHER, 5, {}, CHAIN)
    assert verify_catalogue(data, ready(), announced={ME: 5})
    with pytest.raises(FrozenError, match="number 5, but the school's server knows number 7"):
        verify_catalogue(data, ready(), announced={ME: 7})


@pytest.mark.parametrize(
    ("announced", "sentence"),
    [
        ({f"root-{ROOT_ID}": 2}, "needs root number 2, but number 1 is here"),
        ({f"withdrawals-{ROOT_ID}": 1}, "list of withdrawals number 1 by"),
        ({f"withdrawals-{REGION.public.key_id}": 4}, "number 4 by .*, but number 0 is here"),
    ],
)
def test_a_root_or_list_that_is_held_back_is_noticed(
    announced: Mapping[str, int], sentence: str
) -> None:
    with pytest.raises(FrozenError, match=sentence):
        verify_catalogue(catalogue(TEACHER, 1, {}, CHAIN), ready(), announced=announced)


def test_the_publisher_too_tells_of_newer_lists() -> None:
    hint = TrustHint(chain_name(CHAIN), {ROOT_ID: 1}, {ROOT_ID: 3})
    data = catalogue(TEACHER, 1, {}, CHAIN, hint)
    with pytest.raises(FrozenError, match="number 3"):
        verify_catalogue(data, ready())
    state = accept_withdrawals(ready(), withdraw(HOLDERS[:2], ROOT_ID, 3))
    assert verify_catalogue(data, state)


def test_others_numbers_hold_nobody_up() -> None:
    announced = {"root-" + "0" * 32: 9, "withdrawals-" + ME: 9, MINISTRY.public.key_id: 9}
    assert verify_catalogue(catalogue(TEACHER, 1, {}, CHAIN), ready(), announced=announced)


def test_a_forged_catalogue_is_refused() -> None:
    with pytest.raises(UntrustedKeyError, match="whom nobody here trusts"):
        verify_catalogue(catalogue(TEACHER, 1, {}, CHAIN, signer=STRANGER), ready())
    with pytest.raises(UntrustedKeyError, match="and names no certificates"):
        verify_catalogue(catalogue(STRANGER, 1, {}), ready())
    good = catalogue(TEACHER, 1, {}, CHAIN)
    other = catalogue(TEACHER, 2, {}, CHAIN)
    mixed = other[: other.index(b'"payloadType"')] + good[good.index(b'"payloadType"') :]
    with pytest.raises(SignatureError, match="was changed after"):
        verify_catalogue(mixed, ready())


def test_somebody_elses_chain_helps_nobody() -> None:
    forged = catalogue(STRANGER, 1, {}, CHAIN)
    with pytest.raises(UnknownChainError, match="not here yet"):
        verify_catalogue(forged, ready())


def test_a_manifest_that_is_not_the_listed_one() -> None:
    verified = verify_catalogue(catalogue(TEACHER, 3, {"equations": 2}, CHAIN), ready())
    listed = verified.entries[0]
    _, older = manifest(TEACHER, version=1)
    with pytest.raises(
        MixedVersionsError, match=r"genuine, but not the one .* for equations version 1"
    ):
        verified.read_manifest(older, listed)
    with pytest.raises(DamagedError, match="differs from the"):
        verified.read_manifest(manifest(STRANGER, version=2)[1], listed)


LIMITED: List[Any] = [
    ({"schools": ("school-a",)}, {}, "does not cover this school"),
    ({"versions": 4}, {"serial": 5}, "ends with number 4"),
    ({"versions": 9}, {"packs": {"a": 1, "b": 1}, "serial": 1}, "brings 2 versions under 1 numb"),
]


@pytest.mark.parametrize(("limits", "fields", "sentence"), LIMITED)
def test_outside_its_limits(limits: Dict[str, Any], fields: Dict[str, Any], sentence: str) -> None:
    chain = limited(**limits)
    data = catalogue(TEACHER, **{"serial": 1, "packs": {}, "chain": chain, **fields})
    with pytest.raises(LimitError, match=sentence):
        verify_catalogue(data, ready(chain), school="school-b")


def test_within_its_limits() -> None:
    chain = limited(schools=("school-b",), versions=4, packs=("aqsu-*",), subjects=("algebra",))
    data = catalogue(TEACHER, 4, {"aqsu-powers": 9, "aqsu-roots": 1}, chain)
    verified = verify_catalogue(data, ready(chain), school="school-b")
    assert len(verified.entries) == 2
    assert verify_catalogue(data, ready(chain), school=None).entries


def test_versions_count_from_where_the_certificate_begins() -> None:
    chain = chain_of(KEYS, {3: {"limits": Limits(versions=2), "after": 10}})
    assert verify_catalogue(catalogue(TEACHER, 12, {}, chain), ready(chain))
    with pytest.raises(LimitError, match="ends with number 12"):
        verify_catalogue(catalogue(TEACHER, 13, {}, chain), ready(chain))


def test_a_pack_outside_the_limits_holds_up_no_other() -> None:
    chain = limited(packs=("aqsu-*",))
    data = catalogue(TEACHER, 2, {"aqsu-powers": 1, "equations": 1}, chain)
    verified = verify_catalogue(data, ready(chain))
    assert [one.pack for one in verified.entries] == ["aqsu-powers"]
    assert isinstance(verified.refused["equations"], LimitError)
    assert str(verified.refused["equations"]) == (
        "The certificate of A teacher does not cover equations."
    )


def test_a_subject_outside_the_limits() -> None:
    chain = limited(subjects=("history",))
    verified = verify_catalogue(catalogue(TEACHER, 2, {"equations": 1}, chain), ready(chain))
    made, data = manifest(TEACHER)
    with pytest.raises(LimitError, match="is about algebra, which the certificate of A teacher"):
        verified.read_manifest(data, verified.entries[0])
    with pytest.raises(LimitError, match="about no subject"):
        check_manifest(dataclasses.replace(made, subject=""), verified.chain)


@pytest.mark.parametrize(
    ("signers", "issuer", "key"),
    [
        (HOLDERS[:2], ROOT_ID, TEACHER),
        (HOLDERS[:2], ROOT_ID, REGION),
        ([MINISTRY], MINISTRY.public.key_id, SCHOOL),
        ([SCHOOL], SCHOOL.public.key_id, TEACHER),
    ],
)
def test_a_withdrawn_key_keeps_what_it_had_and_gets_nothing_newer(
    signers: Sequence[PublisherKey], issuer: str, key: PublisherKey
) -> None:
    accepted = catalogue(TEACHER, 3, {"equations": 1}, CHAIN)
    state = after(ready(), accepted)
    state = accept_withdrawals(state, withdraw(signers, issuer, 1, Withdrawn(key.public.key_id)))
    assert verify_catalogue(accepted, state).entries
    name = world.NAMES[key.public.key_id]
    with pytest.raises(WithdrawnKeyError, match=f"key of {name}, which was withdrawn"):
        verify_catalogue(catalogue(TEACHER, 4, {"equations": 2}, CHAIN), state)
    with pytest.raises(WithdrawnKeyError):
        verify_catalogue(accepted, accept_withdrawals(ready(), state.withdrawals[issuer]))


def test_a_spared_catalogue_reaches_those_who_come_later() -> None:
    last = catalogue(TEACHER, 3, {"equations": 1}, CHAIN)
    gone = Withdrawn(ME, catalogue=hashlib.sha256(last).hexdigest())
    state = accept_withdrawals(ready(), withdraw(HOLDERS[:2], ROOT_ID, 1, gone))
    assert verify_catalogue(last, state).entries
    with pytest.raises(WithdrawnKeyError):
        verify_catalogue(catalogue(TEACHER, 2, {"equations": 9}, CHAIN), state)


def test_who_stands_below_or_beside_withdraws_nobody() -> None:
    below = withdraw([SCHOOL], SCHOOL.public.key_id, 1, Withdrawn(REGION.public.key_id))
    state = accept_withdrawals(ready(), below)
    assert verify_catalogue(catalogue(TEACHER, 1, {}, CHAIN), state)


def test_a_new_certificate_outlives_the_withdrawal_of_the_old() -> None:
    state = accept_withdrawals(ready(), withdraw(HOLDERS[:2], ROOT_ID, 1, Withdrawn(ME, up_to=1)))
    with pytest.raises(WithdrawnKeyError):
        verify_catalogue(catalogue(TEACHER, 1, {}, CHAIN), state)
    renewed = chain_of(KEYS, {3: {"number": 2}})
    assert verify_catalogue(catalogue(TEACHER, 1, {}, renewed), accept_chain(state, renewed))


def test_a_chain_that_the_new_root_no_longer_carries() -> None:
    newcomers = (world.key(4), world.key(5))
    root = world.make_root(newcomers, 2, 2, ROOT_ID)
    state = accept_root(ready(), world.sign_root(root, (*HOLDERS[:2], *newcomers)))
    with pytest.raises(UntrustedKeyError, match="signed by"):
        verify_catalogue(catalogue(TEACHER, 1, {}, CHAIN), state)
    kept = world.make_root((HOLDERS[0], *newcomers), 2, 2, ROOT_ID)
    state = accept_root(ready(), world.sign_root(kept, (*HOLDERS[:2], newcomers[0])))
    with pytest.raises(ThresholdError, match="1 of the 2 holders"):
        verify_catalogue(catalogue(TEACHER, 1, {}, CHAIN), state)


def test_a_root_that_is_no_longer_pinned_carries_nothing() -> None:
    state = ready().trusting({})
    with pytest.raises(UntrustedKeyError, match="not known here"):
        verify_catalogue(catalogue(TEACHER, 1, {}, CHAIN), state)


FORMATS: List[Any] = [
    ({"format": 2}, UnknownFormatError),
    ({"needs": ["cloaks"]}, UnknownFormatError),
    ({"trust": 7}, FormatError),
    ({"trust": {"chain": "no"}}, FormatError),
    ({"trust": {"chain": "0" * 64, "roots": {"x": 1}}}, FormatError),
    ({"trust": {"chain": "0" * 64, "withdrawals": {"0" * 32: -1}}}, FormatError),
]


@pytest.mark.parametrize(("extra", "error"), FORMATS)
def test_an_unknown_or_odd_format_is_refused_by_name(
    extra: Dict[str, Any], error: Type[ContentError]
) -> None:
    values = json.loads(Catalogue(ME, 1).to_bytes())
    payload = json.dumps({**values, **extra}).encode()
    data = sign(payload, catalogues.PAYLOAD_TYPE, [TEACHER])
    state = TrustState(publishers={ME: TEACHER.public.raw})
    with pytest.raises(error, match=r"^their/catalogue"):
        verify_catalogue(data, state, place="their/catalogue")


def test_every_flipped_byte_is_refused_by_name() -> None:
    good = catalogue(TEACHER, 5, {"equations": 1}, CHAIN)
    state = ready()
    for at in range(len(good)):
        bad = bytearray(good)
        bad[at] ^= 1 + at % 255
        with pytest.raises(ContentError, match="catalogue"):
            verify_catalogue(bytes(bad), state, place="their/catalogue")


def test_the_root_is_what_was_made() -> None:
    assert ROOT.id == ROOT_ID


def test_no_publisher_fills_the_memory_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trusted_catalogue, "MAX_REMEMBERED", 5)
    state = TrustState(publishers={TEACHER.public.key_id: TEACHER.public.raw})
    first = verify_catalogue(catalogue(TEACHER, 1, {"a": 1, "b": 1, "c": 1}), state)
    with pytest.raises(LimitError, match="more than 5 packs"):
        verify_catalogue(catalogue(TEACHER, 2, {"d": 1, "e": 1, "f": 1}), first.state)
    assert verify_catalogue(catalogue(TEACHER, 2, {"a": 2, "e": 1, "f": 1}), first.state)
