"""docs/pack-format.md says what is true: its example is read, byte by byte."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Dict

import pytest

from content.core import unpack_core
from content.manifest import PAYLOAD_TYPE, parse_manifest
from content.repositories.repository import Repository
from content.trust.envelope import pae, sign, verify
from content.trust.keys import PublicKey, PublisherKey, is_signature, key_id

DOCS = Path(__file__).parents[2] / "docs" / "pack-format.md"
SEED = bytes(range(32))


@pytest.fixture(scope="module")
def example() -> Dict[str, bytes]:
    blocks: Dict[str, bytes] = {}
    pattern = r"^```(hex|json|text) (\w+)\n(.*?)\n```$"
    for kind, name, body in re.findall(pattern, DOCS.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        blocks[name] = bytes.fromhex("".join(body.split())) if kind == "hex" else body.encode()
    return blocks


def test_the_key(example: Dict[str, bytes], tmp_path: Path) -> None:
    assert PublisherKey.from_seed(SEED).public.raw == example["public"]
    repository = Repository(tmp_path)
    repository.write_publisher(PublicKey(example["public"]))
    assert (tmp_path / "publisher").read_bytes() == example["publisher"] + b"\n"


def test_the_core(example: Dict[str, bytes]) -> None:
    manifest = parse_manifest(example["payload"])
    assert unpack_core(example["core"], manifest.core) == {"pack.json": b'{"format":1}'}
    assert hashlib.sha256(example["root"]).hexdigest() == manifest.core.root


def test_the_payload_is_canonical(example: Dict[str, bytes]) -> None:
    assert len(example["payload"]) == 365
    assert parse_manifest(example["payload"]).to_bytes() == example["payload"]


def test_the_signature(example: Dict[str, bytes]) -> None:
    signed = example["pae"] + example["payload"]
    assert signed == pae(PAYLOAD_TYPE, example["payload"])
    assert is_signature(example["public"], example["signature"], signed)


def test_the_envelope(example: Dict[str, bytes]) -> None:
    trusted = {key_id(example["public"]): example["public"]}
    assert verify(example["envelope"], PAYLOAD_TYPE, trusted).payload == example["payload"]
    key = PublisherKey.from_seed(SEED)
    assert sign(example["payload"], PAYLOAD_TYPE, [key]) == example["envelope"]
    assert list(json.loads(example["envelope"])) == ["payload", "payloadType", "signatures"]
