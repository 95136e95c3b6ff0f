"""A world of trust for tests: a root's three holders, a ministry, a region, a school, a teacher."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from content import catalogue as catalogues
from content import manifest as manifests
from content.catalogue import Catalogue, CatalogueEntry
from content.manifest import Manifest
from content.trust import accepting as trust
from content.trust import certificate as certificates
from content.trust import root as roots
from content.trust import withdrawal
from content.trust.certificate import Certificate, chain_name, join_chain
from content.trust.envelope import sign
from content.trust.hint import TrustHint
from content.trust.keys import PublisherKey
from content.trust.root import Root, id_of, parse_root, pin_of
from content.trust.state import TrustState
from content.trust.withdrawal import Withdrawals, Withdrawn
from tests.content.test_manifest import MANIFEST


def key(number: int) -> PublisherKey:
    return PublisherKey.from_seed(hashlib.sha256(b"test key %d" % number).digest())


HOLDERS = (key(1), key(2), key(3))
STRANGER = key(99)
MINISTRY, REGION, SCHOOL, TEACHER = key(10), key(11), key(12), key(13)
NAMES = {
    MINISTRY.public.key_id: "The ministry",
    REGION.public.key_id: "The region",
    SCHOOL.public.key_id: "School 4",
    TEACHER.public.key_id: "A teacher",
}


def make_root(
    holders: Sequence[PublisherKey] = HOLDERS,
    threshold: int = 2,
    number: int = 1,
    id: str = "",  # noqa: A002 - as the field is called
) -> Root:
    keys = tuple(sorted(one.public.raw for one in holders))
    return Root(number, "Қазақстан", threshold, keys, id)


def sign_root(root: Root, signers: Sequence[PublisherKey] = HOLDERS[:2]) -> bytes:
    return sign(root.to_bytes(), roots.PAYLOAD_TYPE, signers)


FIRST = make_root()
PIN = pin_of(FIRST.to_bytes())
ROOT_ID = id_of(PIN)
ROOT = parse_root(FIRST.to_bytes())
ROOT_FILE = sign_root(FIRST)


def state_with_root() -> TrustState:
    return trust.accept_root(TrustState(pins={ROOT_ID: PIN}), ROOT_FILE)


def certify(
    issuer: Sequence[PublisherKey], subject: PublisherKey, above: str, **fields: Any
) -> bytes:
    name = NAMES.get(subject.public.key_id, "Somebody")
    made = Certificate(above, subject.public.raw, name, **fields)
    return sign(made.to_bytes(), certificates.PAYLOAD_TYPE, issuer)


def chain_of(
    keys: Sequence[PublisherKey],
    fields: Mapping[int, Mapping[str, Any]] = {},
    signers: Sequence[PublisherKey] = HOLDERS[:2],
) -> bytes:
    """A chain's file down to the last of ``keys``; ``fields`` of certificates by their place."""
    made = []
    issuer: Tuple[Sequence[PublisherKey], str] = (signers, ROOT_ID)
    for place, subject in enumerate(keys):
        values = {"may_certify": len(keys) - 1 - place, **fields.get(place, {})}
        made.append(certify(issuer[0], subject, issuer[1], **values))
        issuer = ([subject], subject.public.key_id)
    return join_chain(tuple(made))


def withdraw(
    signers: Sequence[PublisherKey], issuer: str, serial: int, *withdrawn: Withdrawn
) -> bytes:
    listed = tuple(sorted(withdrawn, key=lambda one: one.key_id))
    made = Withdrawals(issuer, serial, listed)
    return sign(made.to_bytes(), withdrawal.PAYLOAD_TYPE, signers)


def manifest(
    publisher: PublisherKey, pack: str = "equations", version: int = 1, subject: str = "algebra"
) -> Tuple[Manifest, bytes]:
    made = replace(
        MANIFEST, publisher=publisher.public.key_id, pack=pack, version=version, subject=subject
    )
    return made, sign(made.to_bytes(), manifests.PAYLOAD_TYPE, [publisher])


def entry(data: bytes, pack: str = "equations", version: int = 1) -> CatalogueEntry:
    return CatalogueEntry(pack, version, hashlib.sha256(data).hexdigest(), len(data), {"kk": "т"})


def catalogue(
    publisher: PublisherKey,
    serial: int,
    packs: Optional[Mapping[str, int]] = None,
    chain: bytes = b"",
    hint: Optional[TrustHint] = None,
    signer: Optional[PublisherKey] = None,
) -> bytes:
    """A signed catalogue; ``packs`` are versions by id."""
    entries = tuple(
        entry(manifest(publisher, pack, version)[1], pack, version)
        for pack, version in sorted((packs or {}).items())
    )
    extra: Dict[str, Any] = {}
    if chain or hint:
        extra["trust"] = (hint or TrustHint(chain_name(chain), {ROOT_ID: 1})).as_values()
    made = Catalogue(publisher.public.key_id, serial, entries, extra)
    return sign(made.to_bytes(), catalogues.PAYLOAD_TYPE, [signer or publisher])
