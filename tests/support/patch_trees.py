"""Versions made of plain mappings, patches between them, and edits as people make them."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import Dict, Mapping, Sequence

from hypothesis import strategies as st

from content.core import core_entry, pack_core
from content.installation import Installation, InstalledPack
from content.manifest import PAYLOAD_TYPE, Manifest, MediaEntry
from content.patches.maker import Version, make_patch
from content.patches.patch import MediaPatch
from content.reader import read_manifest
from content.storage import hash_file
from content.trust import envelope
from tests.support.packs import KEY, TRUSTED

Tree = Dict[str, bytes]

PATHS = st.sampled_from(
    [f"lessons/{lesson}/{name}" for lesson in "abc" for name in ("text.kk.md", "p.png", "t.json")]
    + ["pack.json", "Үлгі.md"]
)
CONTENTS = st.one_of(
    st.binary(max_size=40),
    st.tuples(st.sampled_from("абвгд"), st.integers(1, 3000)).map(
        lambda pair: (pair[0] * pair[1]).encode()
    ),
    st.integers(0, 50).map(lambda seed: noise(seed, 2000)),
)
TREES = st.dictionaries(PATHS, CONTENTS, min_size=1, max_size=9)


def noise(seed: int, size_bytes: int) -> bytes:
    """Bytes that nothing compresses."""
    return hashlib.shake_128(b"%d" % seed).digest(size_bytes)


@st.composite
def histories(draw: st.DrawFn, most: int = 4) -> Sequence[Tree]:
    """A tree and what became of it: edits, moves, swaps, additions and removals."""
    trees = [draw(TREES)]
    for _ in range(draw(st.integers(1, most - 1))):
        tree = dict(trees[-1])
        for _ in range(draw(st.integers(0, 4))):
            _edit(draw, tree)
        trees.append(tree or {"pack.json": b"{}"})
    return trees


def _edit(draw: st.DrawFn, tree: Tree) -> None:
    kind = draw(st.sampled_from(["set", "drop", "move", "swap", "grow"]))
    path, other = draw(PATHS), draw(PATHS)
    if kind == "set":
        tree[path] = draw(CONTENTS)
    elif kind == "drop":
        tree.pop(path, None)
    elif kind == "move" and path in tree:
        tree[other] = tree.pop(path)
    elif kind == "swap" and path in tree and other in tree:
        tree[path], tree[other] = tree[other], tree[path]
    elif kind == "grow" and path in tree:
        tree[path] = tree[path] + b"+"


def version_of(tree: Mapping[str, bytes], number: int, media: Sequence[MediaEntry] = ()) -> Version:
    """A version with these small files."""
    core = core_entry(tree, pack_core(tree))
    manifest = Manifest(
        "patched", number, KEY.public.key_id, {"kk": "Аты"}, ("kk",), core, tuple(media)
    )
    contents = [tree[file.path] for file in core.files]
    hashes = tuple(hashlib.sha256(content).digest() for content in contents)
    return Version(manifest, hashes, lambda place: contents[place])


def signed(manifest: Manifest) -> bytes:
    """The manifest's envelope."""
    return envelope.sign(manifest.to_bytes(), PAYLOAD_TYPE, [KEY])


def opened(data: bytes) -> Manifest:
    """The manifest in an envelope, verified."""
    return read_manifest(data, TRUSTED)


def patch_between(old: Version, new: Version, media: Sequence[MediaPatch] = ()) -> bytes:
    """The patch from one version to another."""
    return make_patch(old, new, signed(new.manifest), media)


def install(folder: Path, version: Version, tree: Mapping[str, bytes]) -> InstalledPack:
    """Install a version; its media are left out."""
    packed = pack_core(tree)
    staging = Installation(folder).begin(version.manifest, signed(version.manifest))
    staging.put_core(packed)
    return staging.finish()


def tree_of(pack: InstalledPack) -> Tree:
    """The small files that lie on the disk."""
    return {
        path.relative_to(pack.folder).as_posix(): path.read_bytes()
        for path in pack.folder.rglob("*")
        if path.is_file() and ".keruen" not in path.parts
    }


def media_entry(path: str, file: Path) -> MediaEntry:
    """What a manifest says about a large file."""
    sha256, size_bytes, pieces = hash_file(file)
    entry = MediaEntry(path, sha256, size_bytes, "video")
    return dataclasses.replace(entry, piece_sha256=pieces if len(pieces) > 1 else ())


def disk_bytes(folder: Path) -> int:
    """Bytes on the disk below a folder; a file with several names counts once."""
    seen = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            found = path.stat()
            seen[found.st_ino] = found.st_size
    return sum(seen.values())
