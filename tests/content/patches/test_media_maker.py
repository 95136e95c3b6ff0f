from __future__ import annotations

from pathlib import Path
from typing import List, Tuple

import pytest

from content.errors import CancelledError
from content.patches import media_maker, prefix
from content.patches.media_maker import make_media_patch
from content.patches.media_patch import PART_SEGMENTS, SEGMENT_BYTES, count_parts
from content.patches.patched_media import apply_media_patch, check_media_patch
from content.watch import UNWATCHED, Watch
from tests.support.patch_trees import media_entry, noise

INTRO, OLD = noise(6, 6_000_000), noise(7, 13_000_000)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    (tmp_path / "old").write_bytes(OLD)
    (tmp_path / "new").write_bytes(INTRO + OLD)
    return tmp_path


def make(folder: Path, watch: Watch = UNWATCHED) -> Tuple[Path, ...]:
    return make_media_patch(folder / "old", folder / "new", folder / "patch", watch)


@pytest.mark.parametrize(
    ("old", "new"),
    [(noise(4, 18_000_000), noise(5, 18_000_000)), (noise(4, 999), noise(5, 999)), (b"", b"x")],
)
def test_what_saves_little_is_not_kept(tmp_path: Path, old: bytes, new: bytes) -> None:
    (tmp_path / "old").write_bytes(old)
    (tmp_path / "new").write_bytes(new)
    assert make(tmp_path) == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old"]


def test_an_intro_far_longer_than_a_segment(films: Path) -> None:
    told: List[Tuple[str, int, int]] = []
    (patch,) = make(films, Watch(lambda *step: told.append(step)))
    # The plain dictionary that is left without the prefix interface costs more.
    more = 1.01 if prefix._library() else 1.15
    assert patch.stat().st_size < len(INTRO) * more
    assert told[-1] == ("making the patch of media", 19_000_000, 19_000_000)


def test_a_large_patch_is_divided(films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_maker, "WHOLE_BYTES", 5_000_000)
    patches = make(films)
    assert len(patches) == count_parts(19_000_000) == 2
    assert all(path.stat().st_size < PART_SEGMENTS * SEGMENT_BYTES + 100_000 for path in patches)
    entry = media_entry("v.mp4", films / "new")
    check_media_patch(patches, films / "old", entry)
    apply_media_patch(patches, films / "old", entry, films / "part")
    assert (films / "part").read_bytes() == INTRO + OLD


@pytest.mark.parametrize("after", [0, 1, 200])
def test_a_cancel_leaves_nothing(films: Path, after: int) -> None:
    asked: List[int] = []

    def cancel() -> bool:
        asked.append(1)
        return len(asked) > after

    with pytest.raises(CancelledError):
        make(films, Watch(cancel=cancel))
    assert sorted(path.name for path in films.iterdir()) == ["new", "old"]
