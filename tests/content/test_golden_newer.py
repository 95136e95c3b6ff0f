"""An old programme that meets a newer format says so, whichever file it is."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any, Dict

import pytest

from content import catalogue as catalogues
from content.catalogue import parse_catalogue
from content.errors import UnknownFormatError
from content.manifest import parse_manifest
from content.pack import Pack
from content.patches.media_patch import read_head
from content.patches.patch import parse_patch
from content.trust.certificate import parse_certificate
from content.trust.root import parse_root
from content.trust.state import read_state
from content.trust.withdrawal import parse_withdrawals
from tests.content.test_hostile_parsers import (
    CHAIN,
    LIST,
    LIST_TYPE,
    PATCH,
    STATE,
    first_payload,
    payload_of,
    unsealed,
)
from tests.content.test_manifest import MANIFEST
from tests.support.trust import ROOT, TEACHER, catalogue

GOLDEN = Path(__file__).parents[1] / "golden" / "content"
PAYLOADS: Dict[str, Any] = {
    "root": (parse_root, ROOT.to_bytes()),
    "certificate": (parse_certificate, first_payload(CHAIN)),
    "withdrawals": (parse_withdrawals, payload_of(LIST, LIST_TYPE)),
    "catalogue": (
        parse_catalogue,
        payload_of(catalogue(TEACHER, 1, {"a": 1}), catalogues.PAYLOAD_TYPE),
    ),
    "manifest": (parse_manifest, MANIFEST.to_bytes()),
}


@pytest.mark.parametrize("name", sorted(PAYLOADS))
@pytest.mark.parametrize("newer", [{"format": 2}, {"format": 999_999}, {"needs": ["wings"]}])
def test_payloads(name: str, newer: Dict[str, Any]) -> None:
    parse, payload = PAYLOADS[name]
    assert parse(payload)
    with pytest.raises(UnknownFormatError, match="update the programme"):
        parse(json.dumps({**json.loads(payload), **newer}).encode())


@pytest.mark.parametrize("name", sorted(PAYLOADS))
def test_fields_that_are_not_known_are_passed_over_and_kept(name: str) -> None:
    parse, payload = PAYLOADS[name]
    values = {**json.loads(payload), "wings": {"two": [1, "ә"]}}
    found = parse(json.dumps(values).encode())
    assert json.loads(found.to_bytes()) == values


def test_what_a_laptop_remembers_of_trust() -> None:
    content = unsealed(STATE).replace(b'"format":1', b'"format":2')
    with pytest.raises(UnknownFormatError):
        read_state(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)


def test_patches() -> None:
    newer = PATCH[:4] + b"\x02" + PATCH[5:]
    with pytest.raises(UnknownFormatError):
        parse_patch(newer, "The patch")
    with pytest.raises(UnknownFormatError):
        read_head(io.BytesIO(b"KRNM\x02" + bytes(40)), "The patch")


def test_an_opened_pack(tmp_path: Path) -> None:
    source = GOLDEN / "installed-1" / "packs" / "equations" / "1" / "pack.json"
    values = json.loads(source.read_bytes())

    (tmp_path / "pack.json").write_text(json.dumps({**values, "wings": 1}), "utf-8")
    assert Pack.open(tmp_path).id == "equations"
    for newer in ({"format": 2}, {"needs": ["wings"]}):
        (tmp_path / "pack.json").write_text(json.dumps({**values, **newer}), "utf-8")
        with pytest.raises(UnknownFormatError):
            Pack.open(tmp_path)
