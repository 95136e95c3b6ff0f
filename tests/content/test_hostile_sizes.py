"""Small inputs that would grow large: refused within the memory and time that a laptop has.

Each runs in a process of its own, which the system stops at 200 MiB above what it began with, or
after 20 seconds of work.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Callable, Dict, Tuple

import pytest

from content import catalogue as catalogues
from content.building.source_toml import read_toml
from content.canonical import from_json, to_canonical
from content.core import core_entry, unpack_core
from content.documents.document import parse_document
from content.documents.formula import parse_formula
from content.documents.subtitles import read_webvtt
from content.manifest import parse_manifest
from content.pack import Pack
from content.patches.media_patch import segments_of
from content.patches.patch import (
    GROUP_BYTES,
    Carried,
    Group,
    Lead,
    Patch,
    base_prefix,
    split_envelope,
)
from content.patches.prefix import compress
from content.patches.reader import PatchReader
from content.trust import certificate as certificates
from content.trust import envelope
from content.trust.certificate import read_chain
from content.trust.state import TrustState
from content.trust.trusted_catalogue import verify_catalogue
from content.trust.withdrawal import parse_withdrawals
from tests.support import trust as world
from tests.support.bounded import CAN_LIMIT, run_bounded
from tests.support.patch_trees import opened, signed, version_of
from tests.support.trust import HOLDERS, ROOT, TEACHER

if not CAN_LIMIT:
    pytest.skip("a process has no limits here", allow_module_level=True)

MEBI = 1 << 20
LIMIT_BYTES = 200 * MEBI
LIMIT_S = 20
OLD = version_of({"a.md": b"old a", "b.md": b"old b" * 30}, 1)
NEW = version_of({"a.md": b"new a", "b.md": b"old b" * 30}, 2)
DIRECT = TrustState(publishers={TEACHER.public.key_id: TEACHER.public.raw})


def frame(size_bytes: int, declared: bool = True) -> bytes:
    """A zstd frame of zeros, made without having them in memory at once."""
    import zstandard

    packer = zstandard.ZstdCompressor(level=3, write_content_size=declared)
    made = packer.compressobj(size=size_bytes if declared else -1)
    parts = [made.compress(bytes(MEBI)) for _ in range(size_bytes // MEBI)]
    return b"".join([*parts, made.flush()])


def with_window(log: int) -> bytes:
    """A frame that asks for a window of 2^log bytes and holds nothing (RFC 8878, 3.1.1)."""
    return b"\x28\xb5\x2f\xfd\x00" + bytes([(log - 10) << 3]) + b"\x01\x00\x00"


def core(packed: bytes) -> None:
    unpack_core(packed, core_entry({"a.md": b"one"}, packed))


def patch(*frames: bytes, sources: Tuple[int, ...] = (0,)) -> None:
    data = Patch(1, 2, tuple(Group(sources, one) for one in frames)).to_bytes()
    for _ in PatchReader(data, OLD.manifest, OLD.read, opened).files():
        pass


def honest(content: bytes = b"") -> bytes:
    """The first frame of a patch, with anything behind what it should hold."""
    payload, rest = split_envelope(signed(NEW.manifest))
    front = Lead(payload, rest).to_bytes() + Carried().to_bytes() + b"new a" + content
    prefix = base_prefix(OLD.manifest.to_bytes(), OLD.manifest.publisher) + OLD.read(0)
    return compress(front, prefix)


def catalogue(payload: bytes) -> None:
    verify_catalogue(envelope.sign(payload, catalogues.PAYLOAD_TYPE, [TEACHER]), DIRECT)


def chain(payload: bytes) -> None:
    read_chain(envelope.sign(payload, certificates.PAYLOAD_TYPE, HOLDERS[:2]), ROOT)


def manifest_with(**fields: Any) -> None:
    made = world.manifest(TEACHER)[0].to_bytes()
    parse_manifest(to_canonical({**from_json(made, "x", MEBI), **fields}))


def media_patch(data: bytes) -> None:
    folder = Path(os.environ["HOSTILE_FOLDER"])
    (folder / "old").write_bytes(b"old")
    (folder / "patch").write_bytes(data)
    for _ in segments_of(folder / "patch", folder / "old"):
        pass


def pack_json(data: bytes) -> None:
    folder = Path(os.environ["HOSTILE_FOLDER"])
    (folder / "pack.json").write_bytes(data)
    Pack.open(folder)


def toml(text: str) -> None:
    path = Path(os.environ["HOSTILE_FOLDER"]) / "task.toml"
    path.write_text(text, "utf-8")
    read_toml(path)


def head(new_bytes: bytes, rest: bytes = b"") -> bytes:
    body = new_bytes + rest
    return b"KRNM\x01" + len(body).to_bytes(4, "big") + body


GIGA = b"\x80\x80\x80\x80\x40"
"""2^34, as the patches write numbers."""
MANY = 20_000
BOMBS: Dict[str, Callable[[], Any]] = {
    "core: 640 MiB of zeros": lambda: core(frame(640 * MEBI)),
    "core: without its size": lambda: core(frame(512 * MEBI, declared=False)),
    "core: a window of 2 GiB": lambda: core(with_window(31)),
    "core: a million empty frames": lambda: core(with_window(10) * 1_000_000),
    "core: many bombs": lambda: core(frame(64 * MEBI) * 100),
    "patch: 640 MiB of zeros": lambda: patch(frame(640 * MEBI)),
    "patch: without its size": lambda: patch(frame(512 * MEBI, declared=False)),
    "patch: a window of 128 MiB": lambda: patch(with_window(27)),
    "patch: behind the files": lambda: patch(honest(bytes(GROUP_BYTES))),
    "patch: a thousand frames": lambda: patch(honest(), *[frame(17 * MEBI)] * 1000, sources=()),
    "patch: empty frames": lambda: patch(honest(), *[compress(b"\0\0x", b"")] * 1000),
    "patch: old files again and again": lambda: patch(*[honest()] * 1000),
    "media patch: 16 GiB of nothing": lambda: media_patch(head(GIGA)),
    "media patch: a long head": lambda: media_patch(b"KRNM\x01\xff\xff\xff\xff"),
    "media patch: many segments": lambda: media_patch(head(GIGA, b"\0\0\x05" * 4096)),
    "media patch: a bomb": lambda: media_patch(head(b"\x05", b"\0\0\x7f") + frame(320 * MEBI)),
    "manifest: empty tables": lambda: parse_manifest(b"[" + b"{}," * 1_300_000 + b"0]"),
    "manifest: tables of one": lambda: parse_manifest(b"[" + b'{"":{}},' * 500_000 + b"0]"),
    "manifest: deep": lambda: parse_manifest(b"[" * 4_000_000),
    "manifest: a long number": lambda: parse_manifest(b"9" * 4_000_000),
    "manifest: a long string": lambda: parse_manifest(b'{"format":"' + b"\\n" * 2_000_000 + b'"}'),
    "manifest: too many bytes": lambda: parse_manifest(b" " * 30 * MEBI),
    "manifest: files without end": lambda: manifest_with(
        core={"files": [["a", 0]] * 100_000, "object": "0" * 64}
    ),
    "manifest: deep paths": lambda: manifest_with(
        core={
            "files": [[f"{number:05}/" + "a/" * 60 + "b", 0] for number in range(MANY)],
            "object": "0" * 64,
            "root": "0" * 64,
            "size_bytes": 1,
            "unpacked_bytes": 0,
        }
    ),
    "manifest: pieces of 64 GiB": lambda: manifest_with(
        media=[{"path": "v", "sha256": "0" * 64, "size_bytes": 64 << 30, "pieces": "A" * 100}]
    ),
    "catalogue: packs without end": lambda: catalogue(
        to_canonical({"format": 1, "publisher": "0" * 32, "serial": 1, "packs": [{}] * 50_000})
    ),
    "catalogue: empty tables": lambda: catalogue(b"[" + b"{}," * 650_000 + b"0]"),
    "chain: limits without end": lambda: chain(
        b'{"format":1,"limits":{"packs":[' + b",".join([b'"a*"'] * 10_000) + b"]}}"
    ),
    "list: empty tables": lambda: parse_withdrawals(b"[" + b"{}," * 300_000 + b"0]"),
    "envelope: 100 MB": lambda: envelope.verify(b"A" * 100_000_000, "x", {}),
    "envelope: signatures without end": lambda: envelope.verify(
        b'{"payload":"","payloadType":"a","signatures":['
        + b",".join([b'{"keyid":"%s","sig":"%s"}' % (b"0" * 32, b"A" * 88)] * 50_000),
        "a",
        {},
    ),
    "pack.json: empty tables": lambda: pack_json(b'{"lessons":[' + b"{}," * 300_000 + b"{}]}"),
    "pack.json: 30 MB": lambda: pack_json(b" " * 30_000_000),
    "toml: a long key": lambda: toml("a." * 500_000 + "a = 1"),
    "toml: a long number": lambda: toml("a = 0x" + "f" * 1_000_000),
    "toml: deep": lambda: toml("a = " + "[" * 1_000_000),
    "document: a wide table": lambda: parse_document(
        "|" + "a|" * 2000 + "\n|" + "-|" * 2000 + "\n" + "|\n" * 40_000
    ),
    "document: links": lambda: parse_document("[a]: b\n" * 25_000),
    "document: ampersands": lambda: parse_document("&" * 90_000),
    "document: stars": lambda: parse_document("**a *b " * 10_000),
    "document: underscores": lambda: parse_document("_а" * 40_000),
    "document: 10 MB": lambda: parse_document("a" * 10_000_000),
    "formula: deep": lambda: parse_formula(r"\frac{" * 330),
    "formula: long": lambda: parse_formula("x" * 10_000_000),
    "subtitles: 30 MB": lambda: read_webvtt("WEBVTT\n\n" + "a\n" * 15_000_000),
}
HARMLESS: Dict[str, Callable[[], Any]] = {
    "document: brackets": lambda: parse_document("[" * 20_000),
    "document: pictures": lambda: parse_document("![a" * 6_000),
    "document: some stars": lambda: parse_document("**a *b " * 1_000),
    "document: quotes": lambda: parse_document(">" * 100_000),
    "document: lists": lambda: parse_document("- a\n" * 5_000),
    "document: dollars": lambda: parse_document("$a" * 20_000),
    "formula: cases": lambda: parse_formula(r"\begin{cases}" + "1 & " * 400 + r"\end{cases}"),
    "subtitles: tags": lambda: read_webvtt(
        "WEBVTT\n\n0\n00:01.000 --> 00:02.000\n" + "<" * 900_000
    ),
    "subtitles: numbers": lambda: read_webvtt(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n&#" + "9" * 900_000
    ),
    "subtitles: cues": lambda: read_webvtt(
        "WEBVTT\n\n" + "00:01.000 --> 00:02.000\na\n\n" * 30_000
    ),
}
"""What looks alike and is read, within the same limits."""


def run(name: str) -> str:
    """What becomes of an input in a process with limits."""
    return run_bounded({**BOMBS, **HARMLESS}[name], LIMIT_BYTES, LIMIT_S)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTILE_FOLDER", str(tmp_path))


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_it_is_refused_within_the_limits(name: str) -> None:
    assert run(name).startswith("refused: ")


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_it_is_read_within_the_limits(name: str) -> None:
    assert run(name) == "read"


def test_a_bomb_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BOMBS, "memory", lambda: bytes(2 * LIMIT_BYTES))
    assert "MemoryError" in run("memory")
    monkeypatch.setattr(sys.modules[__name__], "LIMIT_S", 1)
    monkeypatch.setitem(BOMBS, "time", lambda: [None for _ in iter(int, 1)])
    said = run("time")
    assert "stopped by the system" in said or "MemoryError" in said
