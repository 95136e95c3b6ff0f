from __future__ import annotations

import hashlib
from typing import Dict, List, Tuple

import pytest

from content import core, core_frames
from content.core import core_entry, pack_core, unpack_core
from content.core_frames import MAX_GROUP_BYTES, frames_of, groups
from content.errors import DamagedError
from content.manifest import CoreFile
from content.watch import Watch
from tests.support.patch_trees import noise


def tree(count: int, size_bytes: int) -> Dict[str, bytes]:
    return {f"lessons/{n:04}/p.png": noise(n, size_bytes) for n in range(count)}


def hashes(files: Dict[str, bytes]) -> List[bytes]:
    return [hashlib.sha256(content).digest() for _, content in sorted(files.items())]


def test_there_is_always_a_frame_and_none_is_too_large() -> None:
    assert groups([]) == [()]
    rows = [CoreFile(f"{n:05}", n * 997 % 1_000_000) for n in range(300)]
    found = groups(rows)
    assert [file for group in found for file in group] == rows
    assert all(sum(file.size_bytes for file in group) <= MAX_GROUP_BYTES for group in found)


@pytest.fixture
def small_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """Borders a twentieth as far apart: packing takes time, and only where it ends counts here."""
    monkeypatch.setattr(core_frames, "MAX_GROUP_BYTES", MAX_GROUP_BYTES // 20)
    monkeypatch.setattr(core_frames, "_LIKELY_BYTES", core_frames._LIKELY_BYTES // 20)


@pytest.mark.usefixtures("small_frames")
def test_a_changed_text_leaves_the_other_frames() -> None:
    before = tree(150, 10_000)
    packed = pack_core(before)
    entry = core_entry(before, packed)
    known = frames_of(packed, entry, hashes(before))
    assert len(known) >= 4
    after = {**before, "lessons/0070/p.png": noise(70, 9_900) + b"more"}
    again: List[int] = []
    pack_frame = core._pack_frame

    def counted(joined: bytes) -> bytes:
        again.append(len(joined))
        return pack_frame(joined)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core, "_pack_frame", counted)
        repacked = pack_core(after, known)
    assert len(again) == 1
    assert repacked == pack_core(after)
    assert unpack_core(repacked, core_entry(after, repacked)) == after


def test_a_core_in_one_frame_by_another_programme_is_read_but_not_used_again() -> None:
    files = tree(60, 200_000)
    packed = core._pack_frame(b"".join(content for _, content in sorted(files.items())))
    entry = core_entry(files, packed)
    assert unpack_core(packed, entry) == files
    assert frames_of(packed, entry, hashes(files)) == {}


def test_a_damaged_core_is_not_used() -> None:
    files = tree(3, 1000)
    packed = pack_core(files)
    with pytest.raises(DamagedError):
        frames_of(packed[:-1] + b"?", core_entry(files, packed), hashes(files))


@pytest.mark.usefixtures("small_frames")
def test_progress_is_told() -> None:
    told: List[Tuple[str, int, int]] = []
    pack_core(tree(60, 10_000), watch=Watch(lambda *step: told.append(step)))
    assert told[-1] == ("packing texts and tasks", 600_000, 600_000)
    assert len(told) > 2
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
