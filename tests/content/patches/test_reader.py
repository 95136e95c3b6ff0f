from __future__ import annotations

import dataclasses
import tracemalloc
import zlib
from typing import List, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.core import core_entry, pack_core
from content.errors import (
    ContentError,
    DamagedError,
    FormatError,
    MismatchError,
    TooLargeError,
    UntrustedKeyError,
)
from content.manifest import CoreFile, MediaEntry
from content.patches.patch import (
    Carried,
    Group,
    Lead,
    MediaPatch,
    Patch,
    StoredObject,
    base_prefix,
    split_envelope,
)
from content.patches.prefix import compress
from content.patches.reader import PatchReader
from content.reader import read_manifest
from tests.support.packs import OTHER_KEY
from tests.support.patch_trees import (
    Tree,
    histories,
    opened,
    patch_between,
    signed,
    version_of,
)

OLD = version_of({"a.md": b"old a", "b.md": b"old b"}, 1)
NEW = version_of({"a.md": b"new a", "b.md": b"old b"}, 2)
PATCH = patch_between(OLD, NEW)


def read_all(data: bytes, old: object = OLD) -> List[object]:
    reader = PatchReader(data, OLD.manifest, OLD.read, opened)
    return list(reader.files())


def forged(listed: Carried, files: bytes, moved: Sequence[object] = (), **other: object) -> bytes:
    """A patch by somebody who can write any patch, but not sign a manifest."""
    payload, rest = split_envelope(signed(NEW.manifest))
    sources = tuple(other.get("sources", (0,)))  # type: ignore[call-overload]
    content = Lead(payload, rest, tuple(moved)).to_bytes() + listed.to_bytes() + files  # type: ignore[arg-type]
    prefix = base_prefix(OLD.manifest.to_bytes(), OLD.manifest.publisher)
    prefix += b"".join(OLD.read(source) for source in sources if source < 2)
    group = Group(sources, compress(content, prefix))
    return Patch(1, 2, (group,), tuple(other.get("media", ()))).to_bytes()  # type: ignore[arg-type]


def test_the_forger_can_write_a_good_one_too() -> None:
    assert read_all(forged(Carried(), b"new a")) == [(0, b"new a"), (1, 1)]


@pytest.mark.parametrize(
    "data",
    [
        forged(Carried(), b"new a and more"),
        forged(Carried(), b"new"),
        forged(Carried((0, 1)), b"new aold b", moved=[(0, 0)]),
        forged(Carried(added=(7,)), b"new a"),
        forged(Carried(), b"new a", moved=[(9, 0)]),
        forged(Carried(), b"new a", moved=[(1, 9)]),
        forged(Carried(), b"new a", sources=(0, 5)),
        forged(Carried(), b"new a", media=[MediaPatch(0, 0, (StoredObject("ab" * 32, 5),))]),
    ],
)
def test_lists_that_fit_no_manifest(data: bytes) -> None:
    with pytest.raises(ContentError, match=r"^The patch of patched from version 1"):
        read_all(data)


def test_a_media_patch_of_an_old_file_that_was_never_there() -> None:
    new = version_of({"a.md": b"new a"}, 2, [MediaEntry("v.mp4", "ab" * 32, 9, "video")])
    told = [MediaPatch(0, 0, (StoredObject("cd" * 32, 5),))]
    data = patch_between(OLD, new, media=told)
    with pytest.raises(DamagedError, match="names a media file that is not there"):
        read_all(data)


@pytest.mark.parametrize("objects", [2, 3])
def test_a_media_patch_in_more_parts_than_the_file_has(objects: int) -> None:
    film = MediaEntry("v.mp4", "ab" * 32, 9, "video")
    old, new = version_of({"a.md": b"1"}, 1, [film]), version_of({"a.md": b"2"}, 2, [film])
    told = [MediaPatch(0, 0, (StoredObject("cd" * 32, 5),) * objects)]
    data = patch_between(old, new, media=told)
    with pytest.raises(DamagedError, match="divides a media patch in another way"):
        PatchReader(data, old.manifest, old.read, opened)


def test_a_patch_for_another_version() -> None:
    data = patch_between(version_of({"a.md": b"x"}, 3), version_of({"a.md": b"y"}, 4))
    with pytest.raises(MismatchError, match="is for version 3"):
        read_all(data)


def test_a_manifest_that_nobody_trusted_signed() -> None:
    stranger = {OTHER_KEY.public.key_id: OTHER_KEY.public.raw}
    with pytest.raises(UntrustedKeyError):
        PatchReader(PATCH, OLD.manifest, OLD.read, lambda data: read_manifest(data, stranger))


def test_another_old_file_makes_no_new_one_unnoticed() -> None:
    """The frame may unpack to anything: the root, which the caller compares, tells."""
    reader_or_error = None
    try:
        reader = PatchReader(PATCH, OLD.manifest, lambda place: b"0ld a", opened)
        reader_or_error = dict(reader.files())[0]
    except ContentError:
        return
    assert reader_or_error != b"old a"


@given(histories(most=2), st.integers(0, 100_000), st.integers(1, 255), st.booleans())
def test_a_damaged_patch_gives_the_right_files_or_a_typed_error(
    trees: Sequence[Tree], at: int, bits: int, mended_checksum: bool
) -> None:
    old, new = version_of(trees[0], 1), version_of(trees[1], 2)
    data = bytearray(patch_between(old, new))
    data[at % (len(data) - 4)] ^= bits
    if mended_checksum:
        data[-4:] = zlib.crc32(bytes(data[:-4])).to_bytes(4, "big")
    try:
        reader = PatchReader(bytes(data), old.manifest, old.read, opened)
        list(reader.files())
    except ContentError:
        return
    # Whatever its files are, the manifest that they will be held against is the signed one.
    assert mended_checksum
    assert reader.manifest == new.manifest


def test_a_manifest_with_paths_that_lead_out_is_refused() -> None:
    core = core_entry({"a.md": b"new a"}, pack_core({"a.md": b"new a"}))
    for path in ("../a.md", "/a.md", "C:/a.md", "aux.md", "a.md ", "a\\b", "é".encode().decode()):
        evil = dataclasses.replace(core, files=(CoreFile(path, 5),))
        manifest = dataclasses.replace(NEW.manifest, core=evil)
        payload, rest = split_envelope(signed(manifest))
        content = Lead(payload, rest).to_bytes() + Carried().to_bytes() + b"new a"
        prefix = base_prefix(OLD.manifest.to_bytes(), OLD.manifest.publisher) + OLD.read(0)
        data = Patch(1, 2, (Group((0,), compress(content, prefix)),)).to_bytes()
        if path == "é":
            with pytest.raises(DamagedError):
                read_all(data)
        else:
            with pytest.raises(ContentError, match="path"):
                read_all(data)


def test_more_old_files_at_once_than_memory_should_hold() -> None:
    files = tuple(CoreFile(f"{number:02}.md", 1 << 20) for number in range(9))
    manifest = dataclasses.replace(
        OLD.manifest, core=dataclasses.replace(OLD.manifest.core, files=files)
    )
    data = Patch(1, 2, (Group(tuple(range(9)), b"frame"),)).to_bytes()

    def read(place: int) -> bytes:
        pytest.fail(f"file {place} was read")

    with pytest.raises(TooLargeError, match="more old files at once"):
        PatchReader(data, manifest, read, opened)


def test_a_head_of_millions_of_sources_costs_what_an_honest_one_does() -> None:
    many = tuple(range(20_000))
    data = Patch(1, 2, tuple(Group(many, b"") for _ in range(90))).to_bytes()
    tracemalloc.start()
    with pytest.raises(FormatError):
        PatchReader(data, OLD.manifest, OLD.read, opened)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < len(data) + (8 << 20)
