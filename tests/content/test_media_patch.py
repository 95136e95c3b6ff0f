from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import List, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.errors import CancelledError, ContentError, FormatError, UnknownFormatError
from content.media_maker import make_media_patch
from content.media_patch import (
    SEGMENT_BYTES,
    Head,
    Segment,
    apply_media_patch,
    check_media_patch,
    read_head,
)
from tests.support.patch_trees import media_entry, noise

OLD = noise(1, 9_000_000)
NEW = OLD[1_500_000:5_000_000] + noise(2, 20_000) + OLD[5_000_000:]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    (folder / "old").write_bytes(OLD)
    (folder / "new").write_bytes(NEW)
    assert make_media_patch(folder / "old", folder / "new", folder / "patch")
    return folder


def test_a_trimmed_and_edited_file_costs_its_edit(made: Path, tmp_path: Path) -> None:
    assert 20_000 < (made / "patch").stat().st_size < 23_000
    entry = media_entry("v.mp4", made / "new")
    apply_media_patch(made / "patch", made / "old", entry, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == NEW
    check_media_patch(made / "patch", made / "old", entry)


def test_what_is_done_is_told_and_a_cancel_keeps_it(made: Path, tmp_path: Path) -> None:
    entry, told = media_entry("v.mp4", made / "new"), []
    with pytest.raises(CancelledError):
        apply_media_patch(
            made / "patch",
            made / "old",
            entry,
            tmp_path / "part",
            lambda done, total: told.append((done, total)),
            lambda: bool(told),
        )
    assert told == [(SEGMENT_BYTES, len(NEW))]
    assert (tmp_path / "part").read_bytes() == NEW[:SEGMENT_BYTES]
    apply_media_patch(made / "patch", made / "old", entry, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == NEW


@given(st.integers(0, 40_000), st.integers(1, 255), st.integers(0, len(NEW)))
@settings(max_examples=25, deadline=None)
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
            apply_media_patch(folder / "patch", made / "old", entry, folder / "part")
        except ContentError:
            left = (folder / "part").read_bytes()
            assert NEW.startswith(left)
        else:
            assert (folder / "part").read_bytes() == NEW
        (folder / "patch").write_bytes(good)
        apply_media_patch(folder / "patch", made / "old", entry, folder / "part")
        assert (folder / "part").read_bytes() == NEW


def test_another_old_file_is_noticed(made: Path, tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(OLD[:3_000_000] + b"?" + OLD[3_000_001:])
    entry = media_entry("v.mp4", made / "new")
    with pytest.raises(ContentError):
        apply_media_patch(made / "patch", tmp_path / "old", entry, tmp_path / "part")
    with pytest.raises(ContentError):
        check_media_patch(made / "patch", tmp_path / "old", entry)
    assert NEW.startswith((tmp_path / "part").read_bytes())


def test_a_part_that_is_no_beginning_is_begun_anew(made: Path, tmp_path: Path) -> None:
    entry = media_entry("v.mp4", made / "new")
    for junk in (b"", noise(3, 100), noise(3, 5_000_000), NEW + b"more"):
        (tmp_path / "part").write_bytes(junk)
        apply_media_patch(made / "patch", made / "old", entry, tmp_path / "part")
        assert (tmp_path / "part").read_bytes() == NEW


@pytest.mark.parametrize(
    ("old", "new"),
    [(noise(4, 30_000_000), noise(5, 30_000_000)), (noise(4, 999), noise(5, 999)), (b"", b"x")],
)
def test_what_saves_little_is_not_kept(tmp_path: Path, old: bytes, new: bytes) -> None:
    (tmp_path / "old").write_bytes(old)
    (tmp_path / "new").write_bytes(new)
    assert not make_media_patch(tmp_path / "old", tmp_path / "new", tmp_path / "patch")
    assert not (tmp_path / "patch").exists()


def test_an_intro_far_longer_than_a_segment(tmp_path: Path) -> None:
    intro, old = noise(6, 13_000_000), noise(7, 30_000_000)
    (tmp_path / "old").write_bytes(old)
    (tmp_path / "new").write_bytes(intro + old)
    told: List[Tuple[int, int]] = []
    assert make_media_patch(
        tmp_path / "old", tmp_path / "new", tmp_path / "patch", lambda *step: told.append(step)
    )
    assert (tmp_path / "patch").stat().st_size < len(intro) * 1.01
    assert told[-1] == (43_000_000, 43_000_000)


@given(st.builds(Head, st.integers(0, 2**25), st.just(())))
def test_heads_there_and_back(head: Head) -> None:
    count = -(-head.new_bytes // SEGMENT_BYTES)
    whole = Head(head.new_bytes, tuple(Segment(n, n + 1, n + 2) for n in range(count)))
    read = read_head(io.BytesIO(whole.to_bytes()), "It")
    assert (read.new_bytes, read.segments) == (whole.new_bytes, whole.segments)
    assert read.head_bytes == len(whole.to_bytes())


@given(st.binary(max_size=100))
def test_hostile_heads(body: bytes) -> None:
    for data in (body, b"KRNM\x01" + body, b"KRNM\x01" + len(body).to_bytes(4, "big") + body):
        try:
            head = read_head(io.BytesIO(data), "It")
        except FormatError:
            continue
        assert len(head.segments) <= len(data)


def test_heads_from_elsewhere() -> None:
    with pytest.raises(UnknownFormatError):
        read_head(io.BytesIO(b"KRNM\x02\0\0\0\0"), "It")
    with pytest.raises(FormatError, match="too long"):
        read_head(io.BytesIO(b"KRNM\x01\xff\xff\xff\xff"), "It")
