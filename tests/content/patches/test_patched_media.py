from __future__ import annotations

import tempfile
from pathlib import Path
from typing import List, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.errors import CancelledError, ContentError
from content.patches.media_maker import make_media_patch
from content.patches.media_patch import SEGMENT_BYTES
from content.patches.patched_media import PatchedMedia, apply_media_patch, check_media_patch
from content.watch import Watch
from tests.support.examples import examples
from tests.support.patch_trees import media_entry, noise

OLD = noise(1, 9_000_000)
NEW = OLD[1_500_000:5_000_000] + noise(2, 20_000) + OLD[5_000_000:]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    (folder / "old").write_bytes(OLD)
    (folder / "new").write_bytes(NEW)
    (patch,) = make_media_patch(folder / "old", folder / "new", folder / "patch")
    patch.rename(folder / "patch")
    return folder


def test_a_trimmed_and_edited_file_costs_its_edit(made: Path, tmp_path: Path) -> None:
    assert 20_000 < (made / "patch").stat().st_size < 23_000
    entry = media_entry("v.mp4", made / "new")
    apply_media_patch([made / "patch"], made / "old", entry, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == NEW
    check_media_patch([made / "patch"], made / "old", entry)


@pytest.mark.parametrize("count", [1, 2])
def test_what_is_here_needs_no_patch_again(made: Path, tmp_path: Path, count: int) -> None:
    entry = media_entry("v.mp4", made / "new")
    (tmp_path / "part").write_bytes(NEW[:-1])
    with PatchedMedia(entry, made / "old", tmp_path / "part") as begun:
        assert not begun.has(0, count)
    (tmp_path / "part").write_bytes(NEW)
    with PatchedMedia(entry, made / "old", tmp_path / "part") as whole:
        assert all(whole.has(number, count) for number in range(count))
        whole.finish()


@pytest.mark.parametrize("segments", [0, 1])
def test_a_cancel_keeps_what_was_made(made: Path, tmp_path: Path, segments: int) -> None:
    entry = media_entry("v.mp4", made / "new")
    told: List[Tuple[str, int, int]] = []
    watch = Watch(lambda *step: told.append(step), lambda: len(told) >= segments)
    with pytest.raises(CancelledError):
        apply_media_patch([made / "patch"], made / "old", entry, tmp_path / "part", watch)
    assert [done for _, done, _ in told] == [
        min(len(NEW), (number + 1) * SEGMENT_BYTES) for number in range(len(told))
    ]
    left = (tmp_path / "part").read_bytes()
    assert NEW.startswith(left)
    assert len(left) >= segments * SEGMENT_BYTES
    again: List[Tuple[str, int, int]] = []
    watch = Watch(lambda *step: again.append(step))
    apply_media_patch([made / "patch"], made / "old", entry, tmp_path / "part", watch)
    assert again[-1][1:] == (len(NEW), len(NEW))
    assert (tmp_path / "part").read_bytes() == NEW


@given(st.integers(0, 40_000), st.integers(1, 255), st.integers(0, len(NEW)))
@settings(max_examples=examples(25), deadline=None)
def test_only_verified_bytes_are_ever_in_the_part(
    made: Path, at: int, bits: int, torn: int
) -> None:
    entry = media_entry("v.mp4", made / "new")
    good = (made / "patch").read_bytes()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bad = bytearray(good)
        bad[at % len(bad)] ^= bits
        (folder / "patch").write_bytes(bytes(bad))
        (folder / "part").write_bytes(NEW[:torn])
        try:
            apply_media_patch([folder / "patch"], made / "old", entry, folder / "part")
        except ContentError:
            left = (folder / "part").read_bytes()
            assert NEW.startswith(left)
        else:
            assert (folder / "part").read_bytes() == NEW
        (folder / "patch").write_bytes(good)
        apply_media_patch([folder / "patch"], made / "old", entry, folder / "part")
        assert (folder / "part").read_bytes() == NEW


def test_another_old_file_is_noticed(made: Path, tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(OLD[:3_000_000] + b"?" + OLD[3_000_001:])
    entry = media_entry("v.mp4", made / "new")
    with pytest.raises(ContentError):
        apply_media_patch([made / "patch"], tmp_path / "old", entry, tmp_path / "part")
    with pytest.raises(ContentError):
        check_media_patch([made / "patch"], tmp_path / "old", entry)
    assert NEW.startswith((tmp_path / "part").read_bytes())


def test_a_part_that_is_no_beginning_is_begun_anew(made: Path, tmp_path: Path) -> None:
    entry = media_entry("v.mp4", made / "new")
    for junk in (b"", noise(3, 100), noise(3, 5_000_000), NEW + b"more"):
        (tmp_path / "part").write_bytes(junk)
        apply_media_patch([made / "patch"], made / "old", entry, tmp_path / "part")
        assert (tmp_path / "part").read_bytes() == NEW
