"""Attacks on trust through a real laptop: each has its own code, and nothing of it is used.

The server here believes everything: what is refused, the laptop itself refuses.
"""

from __future__ import annotations

import base64
import hashlib

import pytest

from client.messages import Messages
from content.building import source as sources
from content.building.builder import build_pack
from content.limits import Limits
from content.trust.envelope import sign
from content.trust.hint import TrustHint
from content.trust.keys import PublisherKey
from content.trust.root import PAYLOAD_TYPE as ROOT_TYPE
from content.trust.withdrawal import Withdrawn
from sync_server.lessons.publishing import publish
from sync_server.lessons.trusting import Trusting, learn
from tests.support import trust as world
from tests.support.pack_source import PACK, write_source
from tests.support.trust import (
    HOLDERS,
    MINISTRY,
    PIN,
    REGION,
    ROOT_FILE,
    ROOT_ID,
    SCHOOL,
    STRANGER,
    TEACHER,
    chain_of,
    make_root,
    sign_root,
    withdraw,
)

ME = TEACHER.public.key_id
GOOD = chain_of((MINISTRY, TEACHER))


class Believing:
    """A server that puts in place and announces whatever it is given."""

    def __init__(self, school):
        self.school = school
        self.trust = school.data.root / "trust"
        self.put("roots", f"{ROOT_ID}/1", ROOT_FILE)
        self.announce(f"root-{ROOT_ID}", 1, PIN)

    def put(self, kind, name, data):
        path = self.trust / kind / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def announce(self, name, serial, key=b""):
        with self.school.store.transaction() as transaction:
            transaction.trust_publisher(name, key)
            transaction.set_catalogue_serial(name, serial)

    def catalogue(self, data, serial, publisher=ME):
        folder = self.school.data.repositories / publisher
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "catalogue").write_bytes(data)
        self.announce(publisher, serial)

    def manifests(self, key, **versions):
        for pack, version in versions.items():
            folder = self.school.data.repositories / key.public.key_id / "manifests" / pack
            folder.mkdir(parents=True, exist_ok=True)
            (folder / str(version)).write_bytes(world.manifest(key, pack, version)[1])

    def offer(self, chain, serial=1, key=TEACHER, **packs):
        """A catalogue by ``key`` that rests on ``chain``."""
        self.put("chains", world.chain_name(chain), chain)
        self.catalogue(world.catalogue(key, serial, packs, chain), serial, key.public.key_id)


@pytest.fixture
def server(school):
    return Believing(school)


def refused(laptop):
    """(subject, code) of what a sync puts aside, each with a sentence in three languages."""
    account = laptop.sync()
    assert account.problem is None
    for one in account.set_aside:
        for language in ("kk", "ru", "en"):
            said = Messages(language).text(one.sentence)
            assert said and one.code not in said
    return [(one.subject, one.code) for one in account.set_aside]


def remembered(laptop):
    """What the laptop has accepted, as it lies on its disk."""
    path = laptop._store.folder / "trust"
    return path.read_bytes() if path.exists() else b""


def test_what_is_genuine_is_accepted(joined, server):
    server.offer(GOOD)
    assert refused(joined) == []
    assert remembered(joined)


def flipped(chain, position):
    data = bytearray(chain)
    data[position] ^= 1
    return bytes(data)


def other_signature(chain):
    """The chain with the teacher's certificate signed by somebody else."""
    first, _ = chain.split(b"\n")
    forged = world.certify([STRANGER], TEACHER, MINISTRY.public.key_id)
    return first + b"\n" + forged


def changed_since_signed(chain):
    first, last = chain.split(b"\n")
    found = base64.b64decode(last.split(b'"')[3]).replace(b"A teacher", b"B teacher")
    return first + b"\n" + last.replace(last.split(b'"')[3], base64.b64encode(found))


FIVE = tuple(world.key(number) for number in range(20, 25))
CHAINS = {
    "threshold-not-met": chain_of((MINISTRY, TEACHER), signers=HOLDERS[:1]),
    "signature-wrong": changed_since_signed(GOOD),
    "key-untrusted": other_signature(GOOD),
    "chain-broken": chain_of((MINISTRY,)) + b"\n" + chain_of((REGION, TEACHER)).split(b"\n")[1],
    "chain-too-long": chain_of((*FIVE, TEACHER), {0: {"may_certify": 4}}),
    "limits-wider": chain_of(
        (MINISTRY, TEACHER),
        {0: {"limits": Limits(packs=("a-*",))}, 1: {"limits": Limits(packs=("b",))}},
    ),
    "format-invalid": flipped(GOOD, 3),
}


@pytest.mark.parametrize("code", sorted(CHAINS))
def test_a_chain_that_does_not_hold_is_refused_by_its_own_code(joined, server, code):
    server.offer(GOOD)
    assert refused(joined) == []
    before = remembered(joined)
    server.offer(CHAINS[code], 2)
    assert refused(joined) == [(ME, code)]
    assert remembered(joined) == before
    server.offer(GOOD, 3)
    assert refused(joined) == []


def test_nobody_passes_on_what_nobody_passed_to_them(joined, server):
    server.offer(chain_of((MINISTRY, SCHOOL, TEACHER), {1: {"may_certify": 0}}))
    assert refused(joined) == [(ME, "chain-too-long")]
    server.offer(chain_of((MINISTRY, SCHOOL, TEACHER), {2: {"may_certify": 1}}), 2)
    assert refused(joined) == [(ME, "chain-too-long")]


def test_a_chain_that_nobody_has_is_missing(joined, server):
    server.offer(GOOD)
    for path in (server.trust / "chains").iterdir():
        path.unlink()
    assert refused(joined) == [(ME, "object-missing")]


@pytest.mark.parametrize(
    ("limits", "packs"),
    [
        (Limits(schools=("another",)), {}),
        (Limits(versions=1), {}),
        (Limits(versions=9), {"a": 1, "b": 1, "c": 1}),
    ],
)
def test_a_catalogue_outside_its_limits(joined, server, limits, packs):
    server.offer(chain_of((MINISTRY, TEACHER), {1: {"limits": limits}}), 2, **packs)
    assert refused(joined) == [(ME, "outside-limits")]
    assert remembered(joined) == b"" or ME.encode() not in remembered(joined)


@pytest.mark.parametrize("limits", [Limits(subjects=("history",)), Limits(packs=("b",))])
def test_a_pack_outside_the_limits(joined, server, limits):
    server.manifests(TEACHER, a=1)
    server.offer(chain_of((MINISTRY, TEACHER), {1: {"limits": limits}}), a=1)
    assert refused(joined) == [("a", "outside-limits")]
    assert joined.lessons() == ()


def test_older_catalogues_and_versions(joined, server):
    server.offer(GOOD, 5, a=3)
    server.manifests(TEACHER, a=3)
    joined.sync()
    server.offer(GOOD, 6, a=2)
    server.manifests(TEACHER, a=2)
    assert ("a", "version-older") in refused(joined)
    before = remembered(joined)
    server.catalogue(world.catalogue(TEACHER, 4, {"a": 3}, GOOD), 7)
    assert (ME, "catalogue-older") in refused(joined)
    server.catalogue(world.catalogue(TEACHER, 6, {"a": 4}, GOOD), 7)
    assert (ME, "number-used-twice") in refused(joined)
    assert remembered(joined) == before


def test_a_catalogue_that_is_held_back(joined, server):
    server.offer(GOOD, 5)
    assert refused(joined) == []
    server.announce(ME, 9)
    server.catalogue(world.catalogue(TEACHER, 7, {}, GOOD), 9)
    assert refused(joined) == [(ME, "held-back")]


def test_a_root_or_a_list_that_is_held_back(joined, server):
    newer_root = TrustHint(world.chain_name(GOOD), {ROOT_ID: 2})
    newer_list = TrustHint(world.chain_name(GOOD), {ROOT_ID: 1}, {ROOT_ID: 3})
    server.put("chains", newer_root.chain, GOOD)
    server.put("roots", f"{ROOT_ID}/2", ROOT_FILE)
    server.put("withdrawals", ROOT_ID, withdraw(HOLDERS[:2], ROOT_ID, 2))
    for serial, hint in enumerate((newer_root, newer_list), 1):
        server.catalogue(world.catalogue(TEACHER, serial, hint=hint), serial)
        assert refused(joined) == [(ME, "held-back")]


def test_mixed_versions(joined, server):
    server.offer(GOOD, 1, a=2)
    folder = server.school.data.repositories / ME / "manifests" / "a"
    folder.mkdir(parents=True)
    listed = world.manifest(TEACHER, "a", 2)[1]
    # Another genuine manifest of the same length is not the listed one.
    (folder / "2").write_bytes(world.manifest(TEACHER, "a", 1)[1])
    assert refused(joined) == [("a", "versions-mixed")]
    (folder / "2").write_bytes(world.manifest(STRANGER, "a", 2)[1])
    assert refused(joined) == [("a", "object-damaged")]
    assert len(listed) == len(world.manifest(TEACHER, "a", 1)[1])


def test_a_forged_catalogue(joined, server):
    server.offer(GOOD)
    assert refused(joined) == []
    forged = world.catalogue(TEACHER, 2, {}, GOOD, signer=STRANGER)
    server.catalogue(forged, 2)
    assert refused(joined) == [(ME, "key-untrusted")]
    server.catalogue(world.catalogue(STRANGER, 3, {}), 3, STRANGER.public.key_id)
    assert (STRANGER.public.key_id, "key-untrusted") in refused(joined)
    server.catalogue(world.catalogue(TEACHER, 4, {}, GOOD), 4, STRANGER.public.key_id)
    assert (STRANGER.public.key_id, "not-what-was-asked") in refused(joined)


def rotated(threshold=2, holders=HOLDERS, number=2, signers=HOLDERS[:2]):
    return sign_root(make_root(holders, threshold, number, ROOT_ID), signers)


NEW = tuple(world.key(number) for number in range(31, 34))


def test_a_root_is_followed_when_old_and_new_holders_signed(joined, server):
    server.offer(GOOD)
    refused(joined)
    server.put("roots", f"{ROOT_ID}/2", rotated(holders=NEW, signers=(*HOLDERS[:2], *NEW[:2])))
    server.announce(f"root-{ROOT_ID}", 2, PIN)
    assert refused(joined) == []
    # The old holders' certificates hold no longer.
    server.offer(chain_of((MINISTRY, TEACHER), {1: {"number": 2}}), 2)
    assert refused(joined) == [(ME, "key-untrusted")]
    server.offer(chain_of((MINISTRY, TEACHER), signers=NEW[1:]), 3)
    assert refused(joined) == []


FEW = "threshold-not-met"
ROOTS = {
    "too few of the old": (rotated(holders=NEW, signers=(HOLDERS[0], *NEW[:2])), FEW),
    "too few of the new": (rotated(holders=NEW, signers=(*HOLDERS[:2], NEW[0])), FEW),
    "strangers too": (rotated(signers=(*HOLDERS[:2], STRANGER)), "key-untrusted"),
    "a number left out": (rotated(number=3), "not-what-was-asked"),
    "another root": (sign(make_root(NEW).to_bytes(), ROOT_TYPE, NEW[:2]), "key-untrusted"),
    "no root": (GOOD, "format-invalid"),
}


@pytest.mark.parametrize("name", sorted(ROOTS))
def test_a_root_that_must_not_follow(joined, server, name):
    server.offer(GOOD)
    refused(joined)
    before = remembered(joined)
    data, code = ROOTS[name]
    server.put("roots", f"{ROOT_ID}/2", data)
    server.announce(f"root-{ROOT_ID}", 2, PIN)
    school = joined._store.enrolled().school
    assert refused(joined) == [(school, code)]
    assert remembered(joined) == before


def test_a_withdrawal_is_the_issuers_alone(joined, server):
    server.offer(chain_of((MINISTRY, REGION, TEACHER)))
    assert refused(joined) == []
    before = remembered(joined)
    school = joined._store.enrolled().school
    region = REGION.public.key_id
    for data, code in (
        (withdraw([STRANGER], region, 1, Withdrawn(ME)), "key-untrusted"),
        (withdraw(HOLDERS[:1], ROOT_ID, 1, Withdrawn(ME)), "threshold-not-met"),
    ):
        issuer = ROOT_ID if code == "threshold-not-met" else region
        server.put("withdrawals", issuer, data)
        server.announce(f"withdrawals-{issuer}", 1)
        assert (school, code) in refused(joined)
        assert remembered(joined) == before


def test_one_bad_list_does_not_hide_another(joined, server):
    """A damaged list of one issuer must not keep a laptop from hearing of another's."""
    server.offer(chain_of((MINISTRY, REGION, TEACHER)))
    refused(joined)
    ministry, region = MINISTRY.public.key_id, REGION.public.key_id
    bad, good = sorted((ministry, region))
    keys = {ministry: MINISTRY, region: REGION}
    server.put("withdrawals", bad, b"{}")
    server.put("withdrawals", good, withdraw([keys[good]], good, 1, Withdrawn(ME)))
    for issuer in (bad, good):
        server.announce(f"withdrawals-{issuer}", 1)
    assert "format-invalid" in [code for _, code in refused(joined)]
    server.put("withdrawals", bad, withdraw([keys[bad]], bad, 1))
    server.offer(chain_of((MINISTRY, REGION, TEACHER)), 2)
    assert refused(joined) == [(ME, "key-withdrawn")]


def test_the_root_takes_back_a_region_and_all_below_fall(joined, server):
    server.offer(chain_of((MINISTRY, REGION, TEACHER)))
    refused(joined)
    server.put(
        "withdrawals", ROOT_ID, withdraw(HOLDERS[:2], ROOT_ID, 1, Withdrawn(REGION.public.key_id))
    )
    server.announce(f"withdrawals-{ROOT_ID}", 1)
    server.offer(chain_of((MINISTRY, REGION, TEACHER)), 2)
    assert refused(joined) == [(ME, "key-withdrawn")]
    # Its own word counts no more.
    region = REGION.public.key_id
    server.put("withdrawals", region, withdraw([REGION], region, 1))
    server.announce(f"withdrawals-{region}", 1)
    assert (joined._store.enrolled().school, "key-withdrawn") in refused(joined)


def test_a_pack_cannot_pass_for_another(joined, school, monkeypatch):
    """Its own table of contents names the pack of somebody else."""
    school.publish()
    joined.sync()
    lessons = joined.lessons()
    evil = PublisherKey.from_seed(b"evil".ljust(32, b"."))
    genuine = sources._pack_values

    def forged(table, entries):
        return {**genuine(table, entries), "id": PACK, "version": 2**31 - 1}

    monkeypatch.setattr(sources, "_pack_values", forged)
    folder = school.folder / "evil"
    build_pack(write_source(folder / "source", "evil"), folder / "repository", evil)
    publish(school.store, school.data.repositories, folder / "repository", evil.public.key_id)
    assert refused(joined) == [("evil", "not-what-was-asked")]
    assert joined.lessons() == lessons
    assert joined.pack(PACK).version == 1
    monkeypatch.undo()
    school.publish(version=2)
    assert ("evil", "not-what-was-asked") in refused(joined)
    assert joined.pack(PACK).version == 2


def test_learning_through_the_server_agrees(school, tmp_path):
    """The server refuses the same roots when its operator hands them on."""
    first = tmp_path / "root.1"
    first.write_bytes(ROOT_FILE)
    learn(school.store, Trusting(school.data.root), [first], ROOT_ID)
    for name, (data, code) in sorted(ROOTS.items()):
        path = tmp_path / "next"
        path.write_bytes(data)
        if name == "no root":
            continue
        with pytest.raises(Exception) as caught:
            learn(school.store, Trusting(school.data.root), [path], None)
        assert getattr(caught.value, "code", "") == code


def test_trust_that_a_newer_keruen_wrote_is_kept_and_told(joined, server):
    server.offer(GOOD)
    assert refused(joined) == []
    content = remembered(joined).partition(b"\n")[2].replace(b'"format":1', b'"format":2')
    newer = hashlib.sha256(content).hexdigest().encode() + b"\n" + content
    for name in ("trust", "trust.copy"):
        (joined._store.folder / name).write_bytes(newer)
    server.put("withdrawals", ROOT_ID, withdraw(HOLDERS[:2], ROOT_ID, 1))
    server.announce(f"withdrawals-{ROOT_ID}", 1)
    server.offer(GOOD, 2)
    school = joined._store.enrolled().school
    assert refused(joined) == [(school, "format-unknown"), (ME, "format-unknown")]
    assert remembered(joined) == newer
