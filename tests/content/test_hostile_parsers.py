"""Every parser of content under attack: a typed error that says something, and nothing else.

Some hundred inputs each in a normal run. ``KERUEN_HOSTILE_S=300`` tries each parser for 300 seconds
instead, with seeds that were not tried before, and prints how many inputs that were.
"""

from __future__ import annotations

import hashlib
import os
import random
import time
import zlib
from dataclasses import replace
from typing import Callable, Dict, Iterator, Mapping

import pytest

from content import catalogue as catalogues
from content import core_frames
from content import manifest as manifests
from content.core import core_entry, iterate_core, pack_core
from content.documents.document import parse_document
from content.documents.formula import parse_formula, plain_text
from content.documents.subtitles import read_webvtt
from content.errors import ContentError
from content.limits import Limits
from content.manifest import parse_manifest
from content.patches.patch import base_prefix, parse_patch
from content.patches.prefix import compress, decompress
from content.patches.reader import PatchReader
from content.reader import read_catalogue, read_listed_manifest, read_manifest
from content.trust import certificate as certificates
from content.trust import envelope, withdrawal
from content.trust import root as roots
from content.trust.accepting import accept_chain, accept_root, accept_withdrawals
from content.trust.certificate import parse_certificate, read_chain
from content.trust.folder import name_of
from content.trust.hint import hint_of
from content.trust.keys import PublisherKey
from content.trust.root import parse_root
from content.trust.state import TrustState, read_state
from content.trust.trusted_catalogue import verify_catalogue
from content.trust.withdrawal import Withdrawn, parse_withdrawals
from content.varint import Cursor, encode, encode_rising
from tests.support import trust as world
from tests.support.hostile import Subject, attack, hostile
from tests.support.hostile_files import GOLDEN, ON_DISK, parsers_of_files
from tests.support.patch_trees import noise, opened, patch_between, version_of
from tests.support.trust import HOLDERS, MINISTRY, PIN, ROOT, ROOT_FILE, ROOT_ID, TEACHER

LONG_S = float(os.environ.get("KERUEN_HOSTILE_S", "0"))
INPUTS = 120

CHAIN = world.chain_of((MINISTRY, TEACHER))
LIST = world.withdraw(HOLDERS[:2], ROOT_ID, 1, Withdrawn("0" * 32, 3, "0" * 64))
STATE = accept_chain(world.state_with_root(), CHAIN)
CATALOGUE = world.catalogue(TEACHER, 3, {"a": 1, "equations": 2}, CHAIN)
MANIFEST, MANIFEST_FILE_BYTES = world.manifest(TEACHER)
FILES = {"a.md": b"one", "b.json": b"{}" * 50, "c.md": noise(1, 3000)}
CORE = pack_core(FILES)
OLD = version_of({"a.md": b"old a", "b.md": b"old b" * 30, "c": b"gone"}, 1)
NEW = version_of({"a.md": b"new a", "b.md": b"old b" * 31, "d": b"gone"}, 2)
PATCH = patch_between(OLD, NEW)
FRONT = decompress(
    parse_patch(PATCH, "").groups[0].frame,
    base_prefix(OLD.manifest.to_bytes(), OLD.manifest.publisher)
    + b"".join(map(OLD.read, parse_patch(PATCH, "").groups[0].sources)),
    1 << 20,
    "",
)
VTT = "WEBVTT\n\nNOTE x\n\n1\n00:01.000 --> 00:02.500 line:0\n<b>Сөз</b> &amp; &#1081;\n\n".encode()
TEXT = (
    "# Тақырып *бір* **екі** `код`\n\n> $x^2$\n\n1. а\n   - б\n\n|a|b|\n|:-|-:|\n|1|$2$|\n\n"
    "$$\\frac12$$\n\n![сурет](pictures/x.png)\n\n[c]: d\n\n```\nx\n```\n\n---\n&lt;<b>[c]\n"
).encode()
FORMULA = r"\frac{a+1}{\sqrt[3]{x_1^2}} \le \begin{cases} 1 & x>0 \\ \text{ал} \end{cases}".encode()


def payload_of(data: bytes, kind: str) -> bytes:
    return envelope.unverified_payload(data, kind)


def first_payload(chain: bytes) -> bytes:
    return payload_of(chain.split(b"\n")[0], certificates.PAYLOAD_TYPE)


def parse_whole_patch(data: bytes) -> None:
    parse_patch(data, "The patch")
    for _ in PatchReader(data, OLD.manifest, OLD.read, opened).files():
        pass


def with_checksum(data: bytes) -> bytes:
    return data + zlib.crc32(data).to_bytes(4, "big")


def as_patch(front: bytes) -> bytes:
    """A patch by somebody who can write any, but not sign a manifest."""
    genuine = parse_patch(PATCH, "")
    (group,) = genuine.groups
    prefix = base_prefix(OLD.manifest.to_bytes(), OLD.manifest.publisher)
    prefix += b"".join(map(OLD.read, group.sources))
    return replace(genuine, groups=(replace(group, frame=compress(front, prefix, 1)),)).to_bytes()


def parse_core(data: bytes) -> None:
    """As somebody signed it: the hash and the size of whatever came."""
    entry = core_entry(FILES, data)
    hashes = [hashlib.sha256(FILES[file.path]).digest() for file in entry.files]
    core_frames.frames_of(data, entry, hashes)
    for _ in iterate_core(data, entry):
        pass


def parse_numbers(data: bytes) -> None:
    cursor = Cursor(data, "The list")
    cursor.number(10**6)
    cursor.rising(10**6)
    cursor.take(cursor.number(100))


def use_manifest(data: bytes) -> None:
    """What a laptop does with one that is genuine."""
    manifest = read_manifest(data, {TEACHER.public.key_id: TEACHER.public.raw})
    assert parse_manifest(manifest.to_bytes()) == manifest


def use_catalogue(data: bytes) -> None:
    verified = verify_catalogue(data, STATE)
    assert read_state(verified.state.to_bytes()) == verified.state
    for entry in verified.entries:
        list(catalogues.listed_patches(entry))
        catalogues.route(entry, 1)


def use_catalogue_payload(data: bytes) -> None:
    hint_of(catalogues.parse_catalogue(data))


def listed(data: bytes) -> None:
    entry = world.entry(MANIFEST_FILE_BYTES)
    read_listed_manifest(data, entry, {TEACHER.public.key_id: TEACHER.public.raw})


def parse_text(data: bytes) -> None:
    parse_document(data.decode("utf-8", "replace"))


def parse_latex(data: bytes) -> None:
    plain_text(parse_formula(data.decode("utf-8", "replace")))


def parse_subtitles(data: bytes) -> None:
    read_webvtt(data.decode("utf-8", "replace"))


def signed(kind: str, *keys: PublisherKey) -> Callable[[bytes], bytes]:
    return lambda payload: envelope.sign(payload, kind, keys)


LIST_TYPE = withdrawal.PAYLOAD_TYPE
LIMITED = first_payload(
    world.chain_of(
        (MINISTRY,),
        {0: {"limits": Limits(("a",), ("b",), ("c*",), 9)}},
    )
)
NEXT_ROOT = world.sign_root(world.make_root(number=2, id=ROOT_ID))
PATCHED = payload_of(
    (GOLDEN / "patches-1" / "repository" / "catalogue").read_bytes(), catalogues.PAYLOAD_TYPE
)


def in_memory() -> Iterator[Subject]:
    """The parsers of bytes."""
    yield Subject("numbers", parse_numbers, [encode(300) + encode_rising([1, 5, 900]) + b"\2ab"])
    yield Subject(
        "envelope",
        lambda data: envelope.verify(data, roots.PAYLOAD_TYPE, ROOT.by_id),
        [ROOT_FILE],
    )
    root, chain, withdrawn = ROOT.to_bytes(), first_payload(CHAIN), payload_of(LIST, LIST_TYPE)
    yield Subject("root", parse_root, [root], payloads=[root])
    yield Subject("certificate", parse_certificate, [chain], payloads=[chain, LIMITED])
    yield Subject("withdrawals", parse_withdrawals, [withdrawn], payloads=[withdrawn])
    holders = HOLDERS[:2]
    yield Subject(
        "accepting a root",
        lambda data: accept_root(TrustState(pins={ROOT_ID: PIN}), data),
        [ROOT_FILE],
        signed(roots.PAYLOAD_TYPE, *holders),
        [root],
    )
    yield Subject(
        "following a root",
        lambda data: accept_root(STATE, data),
        [NEXT_ROOT],
        signed(roots.PAYLOAD_TYPE, *holders),
        [payload_of(NEXT_ROOT, roots.PAYLOAD_TYPE)],
    )
    yield Subject(
        "accepting withdrawals",
        lambda data: accept_withdrawals(STATE, data),
        [LIST],
        signed(LIST_TYPE, *holders),
        [withdrawn],
    )
    yield Subject(
        "chain",
        lambda data: read_chain(data, ROOT),
        [CHAIN],
        signed(certificates.PAYLOAD_TYPE, *holders),
        [chain, LIMITED],
    )
    yield Subject("file of trust", lambda data: name_of(data, "a file"), [ROOT_FILE, CHAIN, LIST])
    yield Subject("trust state", read_state, [STATE.to_bytes()], sealed, [unsealed(STATE)])
    teacher = {TEACHER.public.key_id: TEACHER.public.raw}
    yield Subject("catalogue", lambda data: read_catalogue(data, teacher), [CATALOGUE])
    yield Subject(
        "trusted catalogue",
        use_catalogue,
        [CATALOGUE],
        signed(catalogues.PAYLOAD_TYPE, TEACHER),
        [payload_of(CATALOGUE, catalogues.PAYLOAD_TYPE)],
    )
    yield Subject("catalogue's payload", use_catalogue_payload, [PATCHED], payloads=[PATCHED])
    yield Subject(
        "manifest",
        use_manifest,
        [MANIFEST_FILE_BYTES],
        signed(manifests.PAYLOAD_TYPE, TEACHER),
        [MANIFEST.to_bytes()],
    )
    yield Subject("listed manifest", listed, [MANIFEST_FILE_BYTES])
    yield Subject("core", parse_core, [CORE])
    yield Subject("patch", parse_whole_patch, [PATCH])
    yield Subject("forged patch", parse_whole_patch, [PATCH[:-4]], seal=with_checksum)
    yield Subject("patch's frame", parse_whole_patch, [FRONT], seal=as_patch)
    yield Subject("document", parse_text, [TEXT], cost=3)
    yield Subject("formula", parse_latex, [FORMULA])
    yield Subject("subtitles", parse_subtitles, [VTT])


def sealed(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def unsealed(state: TrustState) -> bytes:
    return state.to_bytes().partition(b"\n")[2]


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Subject]:
    return parsers_of_files(tmp_path_factory.mktemp("hostile"))


IN_MEMORY: Dict[str, Subject] = {subject.name: subject for subject in in_memory()}


@pytest.fixture(params=[*IN_MEMORY, *ON_DISK])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param in IN_MEMORY:
        return IN_MEMORY[request.param]
    disk: Mapping[str, Subject] = request.getfixturevalue("on_disk")
    return disk[request.param]


def test_every_parser_of_files_is_there(on_disk: Mapping[str, Subject]) -> None:
    assert tuple(on_disk) == ON_DISK


def test_what_is_genuine_is_read(subject: Subject) -> None:
    for sample in subject.samples:
        if subject.name != "locked key file":
            subject.parse(subject.seal(sample))
    for payload in subject.payloads:
        subject.parse(subject.wrap(payload) if subject.wrap else payload)


def test_what_is_hostile_is_a_typed_error(
    subject: Subject, capsys: pytest.CaptureFixture[str]
) -> None:
    codes: Dict[str, int] = {}
    seed, until_s = 0, time.monotonic() + LONG_S
    if LONG_S:
        seed = random.SystemRandom().randrange(10**9, 10**12)
    count = 0
    while count < INPUTS // subject.cost or time.monotonic() < until_s:
        code = attack(subject, seed + count)
        codes[code] = codes.get(code, 0) + 1
        count += 1
    if LONG_S:
        with capsys.disabled():
            told = ", ".join(
                f"{code or 'accepted'} {times}" for code, times in sorted(codes.items())
            )
            print(f"\n{subject.name}: {count} inputs from seed {seed}: {told}")


def test_the_same_seed_makes_the_same_input() -> None:
    one = IN_MEMORY["manifest"]
    assert hostile(one, random.Random(7)) == hostile(one, random.Random(7))
    assert len({hostile(one, random.Random(seed)) for seed in range(50)}) > 40


def test_a_crash_would_be_told_with_its_seed() -> None:
    def crash(data: bytes) -> None:
        raise KeyError("x")

    with pytest.raises(AssertionError, match=r"weak, seed 5: KeyError"):
        attack(Subject("weak", crash, [b"abc"]), 5)

    def silent(data: bytes) -> None:
        raise ContentError(" ")

    with pytest.raises(AssertionError, match="without a sentence"):
        attack(Subject("silent", silent, [b"abc"]), 5)
