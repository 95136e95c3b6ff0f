"""docs/sync-protocol.md says what the code does, byte for byte."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from sync.compression import decompress
from sync.errors import CODES
from sync.exchanges.exchange import STATED_HASH_BYTES, ExchangeAnswer, ExchangeRequest
from sync.identity import PublicIdentity
from sync.kinds import body_fields
from sync.record import NO_HASH, record_bytes
from tests.support.hpke_reference import reference_open

ROOT = Path(__file__).parent.parent.parent
DOC = (ROOT / "docs" / "sync-protocol.md").read_text(encoding="utf-8")


def block(name: str) -> str:
    found = re.search(rf"```{name}\n(.*?)\n```", DOC, re.DOTALL)
    assert found is not None, name
    return found[1]


def test_the_example_is_the_frozen_message() -> None:
    frozen = ROOT / "tests" / "golden" / "sync" / "exchange-request-2.bin"
    assert bytes.fromhex(block("message")) == frozen.read_bytes()


def test_the_example_opens_as_the_page_says() -> None:
    message = bytes.fromhex(block("message"))
    signing, sealing, _, server_sealing, server_private = map(
        bytes.fromhex, block("keys").split("\n")
    )
    laptop = PublicIdentity(signing, sealing)
    context = b"keruen message 1\0" + message[:4]
    inner = reference_open(server_private, message[4:], context)
    assert inner == bytes.fromhex(block("opened"))
    assert message[:4] == b"KX\x01\x01"
    assert inner[:16] == laptop.id_bytes
    assert f"`{laptop.device_id}`" in DOC
    assert laptop.signed(inner[16:80], context + server_sealing + inner[80:])
    payload = decompress(inner[80:], 10_000)
    assert payload.decode() == block("payload")
    request = ExchangeRequest.from_payload(payload, laptop.device_id)
    assert record_bytes(request.records[0]).decode() == block("record")
    digest = hashlib.sha256(NO_HASH + block("record").encode()).digest()
    assert request.device_head.hash == digest[:STATED_HASH_BYTES]


def test_every_code_is_in_the_table_and_no_other() -> None:
    table = DOC[DOC.index("## Errors") :]
    rows = re.findall(r"^\| `([a-z-]+)` \| ([a-z-]+) \| (.+) \|$", table, re.MULTILINE)
    assert rows == [(code, kind.fault.value, kind.meaning) for code, kind in CODES.items()]


def test_every_field_of_an_exchange_is_explained() -> None:
    section = DOC[DOC.index("## Exchange") : DOC.index("### In this order")]
    request, answer = section.split("Answer:\n")
    explained = [
        set(re.findall(r"^\| `(\w)` \|", part, re.MULTILINE)) for part in (request, answer)
    ]
    assert explained[0] == _fields_read(ExchangeRequest)
    assert explained[1] == _fields_read(ExchangeAnswer)


def _fields_read(kind: type) -> set[str]:
    import inspect

    source = inspect.getsource(kind.from_payload)  # type: ignore[attr-defined]
    return set(re.findall(r'value(?:\.get\(|\[)"(\w)"', source))


def test_every_dictionary_and_table_named_exists() -> None:
    from sync import schema

    for table in re.findall(r"`(sync_\w+)`", DOC.replace("`sync_server/`", "")):
        assert any(f"EXISTS {table} " in statement for statement in schema._TABLES), table


def test_every_kind_is_explained_with_its_fields() -> None:
    table = DOC[DOC.index("### Kinds") : DOC.index("## A message")]
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| ([^|]*) \|", table, re.MULTILINE))
    assert set(rows) == set(body_fields())
    for kind, names in body_fields().items():
        assert set(re.findall(r"`(\w+)`", rows[kind])) == set(names), kind


def test_the_attached_file_opens_as_the_page_says() -> None:
    from sync.attachments.attachment import content_key, open_segment

    server, key, sealed, name = map(bytes.fromhex, block("attachment").split("\n"))
    plain = b"Keruen: a page of a notebook.\n"
    assert open_segment(sealed, key, 0, last=True) == plain
    assert hashlib.sha256(sealed).digest() == name
    assert content_key(hashlib.sha256(plain).digest(), PublicIdentity.from_bytes(server)) == key
