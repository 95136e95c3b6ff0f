"""Path tricks by whoever signs packs, and links among a laptop's packs: no byte lands outside.

The installer is shown a genuine, signed pack with one bad path, in its core or among its media,
whole or as a patch. Beside and above the packs' folder lie files that must stay as they are.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Dict, Tuple

import pytest

from content.core import core_entry, pack_core
from content.errors import ContentError, PathError
from content.installation import Installation
from content.manifest import PAYLOAD_TYPE, Manifest, MediaEntry
from content.patches.patching import stage_patch
from content.reader import read_manifest
from content.trust import envelope
from tests.content.test_paths import BAD
from tests.support.packs import KEY, TRUSTED
from tests.support.patch_trees import install, patch_between, version_of

GOOD = {"a.md": b"one", "b.md": b"two"}
TRICKS = [path for path in BAD if "\0" not in path and "\ud800" not in path]
ESCAPES = (
    "../../outside", "../../../outside", "/keruen-outside", "a/../../../outside", ".keruen/x",
    "../sibling/1/a.md", "a/../../outside", "..\\..\\outside", "KERUEN~1/manifest.json",
)  # fmt: skip


def genuine(tree: Dict[str, bytes], media: Tuple[MediaEntry, ...] = ()) -> Tuple[Manifest, bytes]:
    """A manifest that nobody checked before signing, and its envelope."""
    packed = pack_core(tree)
    made = Manifest("patched", 2, KEY.public.key_id, {"kk": "а"}, ("kk",), core_entry(tree, packed))
    made = replace(made, media=media)
    return made, envelope.sign(made.to_bytes(), PAYLOAD_TYPE, [KEY])


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A folder of packs with a neighbour, in a folder with a file."""
    folder = tmp_path / "laptop" / "packs"
    (folder / "sibling" / "1").mkdir(parents=True)
    (folder / "sibling" / "1" / "a.md").write_bytes(b"the neighbour's")
    (tmp_path / "outside").write_bytes(b"outside")
    return folder


def around(folder: Path) -> Dict[str, bytes]:
    """Every file that is not of the pack: neighbours, and what lies above."""
    files = (path for path in folder.parents[1].rglob("*") if path.is_file())
    own = (folder / "patched", folder / ".staging", folder / ".parts")
    return {
        str(path): path.read_bytes()
        for path in files
        if not any(one in path.parents for one in own)
    }


@pytest.mark.parametrize("path", [*TRICKS, *ESCAPES])
def test_a_signed_pack_with_a_bad_path_is_refused_whole(packs: Path, path: str) -> None:
    before = around(packs)
    media = MediaEntry(path, "0" * 64, 3, "file")
    for made, signed in (genuine({**GOOD, path: b"evil"}), genuine(GOOD, (media,))):
        with pytest.raises(ContentError):
            read_manifest(signed, TRUSTED)
        with contextlib.suppress(ContentError, ValueError, OSError):
            # Even where somebody forgot to read it as a reader does.
            staging = Installation(packs).begin(made, signed)
            staging.put_core(pack_core({**GOOD, path: b"evil"}))
            staging.media_path(media).write_bytes(b"evil")
            staging.finish()
        assert around(packs) == before
    assert not Path("/keruen-outside").exists()


@pytest.mark.parametrize(
    "path", ["A.MD", "a.md/x", "B.md", "\uff41.md/../b", "ı/i.md", "b.md ", "b.md."]
)
def test_files_that_would_meet_are_refused(packs: Path, path: str) -> None:
    _, signed = genuine({**GOOD, path: b"evil", "I/i.md": b"x"})
    with pytest.raises(PathError):
        read_manifest(signed, TRUSTED)


def test_a_patch_cannot_lead_out_either(packs: Path) -> None:
    old = version_of(GOOD, 1)
    here = install(packs, version_of(GOOD, 1), GOOD)
    before = around(packs)
    for path in ESCAPES:
        data = patch_between(old, version_of({**GOOD, path: b"evil"}, 2))
        with pytest.raises(PathError):
            stage_patch(
                data, here, Installation(packs), lambda found: read_manifest(found, TRUSTED)
            )
        assert around(packs) == before


@pytest.fixture
def staged(packs: Path) -> Tuple[Path, Manifest, bytes]:
    """A version that was begun, whose staging folder somebody then got at."""
    made, signed = genuine({"a.md": b"one", "lessons/b.md": b"two"})
    staging = Installation(packs).begin(made, signed)
    staging.put_core(pack_core({"a.md": b"one", "lessons/b.md": b"two"}))
    return staging.folder, made, signed


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
@pytest.mark.parametrize(
    "name", ["", "a.md", "lessons", "lessons/b.md", ".keruen", ".keruen/hashes", ".keruen/manifest"]
)
@pytest.mark.parametrize("target", ["outside", "folder", "sibling", "nowhere"])
def test_links_in_a_version_that_was_begun(
    packs: Path, staged: Tuple[Path, Manifest, bytes], name: str, target: str
) -> None:
    folder, made, signed = staged
    base = packs.parents[1]
    (base / "folder").mkdir()
    (base / "folder" / "b.md").write_bytes(b"mine")
    places = {
        "outside": base / "outside",
        "folder": base / "folder",
        "sibling": packs / "sibling" / "1",
        "nowhere": base / "nowhere",
    }
    link = folder / name if name else folder
    if link.exists():
        link.rename(base / "moved")
    link.symlink_to(places[target])
    before = around(packs)
    try:
        staging = Installation(packs).begin(made, signed)
        staging.put_core(pack_core({"a.md": b"one", "lessons/b.md": b"two"}))
        staging.finish()
    except ContentError as problem:
        assert str(problem)
    assert around(packs) == before


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
@pytest.mark.parametrize("name", ["patched", "patched/1", "patched/1/a.md", "patched/1/.keruen"])
def test_removing_a_version_follows_no_link(packs: Path, name: str) -> None:
    install(packs, version_of(GOOD, 1), GOOD)
    link, elsewhere = packs / name, packs.parents[1] / "elsewhere"
    link.rename(elsewhere)
    link.symlink_to(elsewhere)
    kept = sorted(path.name for path in elsewhere.rglob("*"))
    try:
        Installation(packs).remove("patched", 1)
    except ContentError as problem:
        assert str(problem)
    assert elsewhere.exists()
    if name != "patched":
        assert sorted(path.name for path in elsewhere.rglob("*")) == kept


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
@pytest.mark.parametrize("name", ["a.md", ".keruen/manifest.json", ".keruen/hashes"])
def test_a_pipe_among_the_packs_blocks_nothing(packs: Path, name: str) -> None:
    install(packs, version_of(GOOD, 1), GOOD)
    (packs / "patched" / "1" / name).unlink()
    os.mkfifo(packs / "patched" / "1" / name)
    installation = Installation(packs)
    found = installation.find("patched", 1)
    if found is not None:
        assert found.problems() or name.endswith("hashes")
        found.core_hashes()
    else:
        assert installation.damaged()
