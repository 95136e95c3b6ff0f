"""Parts on the disk: after any cuts, restarts and flipped bits the file is whole or absent."""

from __future__ import annotations

import errno
import os
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.attachments.attachment import SEGMENT_BYTES
from sync.errors import AttachmentError, LinkError
from sync_server.attachments import uploads
from sync_server.attachments.uploads import AttachmentFiles, Part
from tests.support.attachments import photo
from tests.support.examples import examples
from tests.support.records import identity

DEVICE = identity("laptop").public.device_id
PAGE = photo(identity("server").public, 200_000)
SIZE_BYTES = PAGE.file.size_bytes


@pytest.fixture
def files(tmp_path):
    return AttachmentFiles(tmp_path / "attachments")


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(
            st.integers(1, SIZE_BYTES),
            st.one_of(st.none(), st.integers(0, SIZE_BYTES - 1)),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_whatever_happens_what_is_kept_is_the_file(files, steps):
    files.drop(DEVICE, PAGE.name)
    start = files.begin(DEVICE, PAGE.offer)
    assert start == 0
    for size_bytes, flipped, torn in [*steps, (SIZE_BYTES, None, False), (SIZE_BYTES, None, False)]:
        with files.part(DEVICE, PAGE.name) as part:
            before = part.position_bytes
            data = bytearray(PAGE.sealed[before : before + size_bytes])
            good = True
            if flipped is not None and before <= flipped < before + len(data):
                data[flipped - before] ^= 8
                good = False
            with suppress(LinkError):
                part.write(bytes(data))
            if good:
                assert part.position_bytes >= before - before % SEGMENT_BYTES
            whole = part.complete
            if whole:
                with suppress(LinkError):
                    files.keep(DEVICE, part)
                    break
        path = files._place(DEVICE, PAGE.name).with_suffix(".part")
        if torn and path.stat().st_size:
            # A power cut: the file system forgot the end.
            os.truncate(path, path.stat().st_size // 2)
    else:
        files.part(DEVICE, PAGE.name).close()
        pytest.fail("two undisturbed sends are enough")
    assert files.path(PAGE.name).read_bytes() == PAGE.sealed
    files.path(PAGE.name).unlink()


def test_a_disk_that_takes_half_keeps_what_was_whole(files, monkeypatch):
    files.begin(DEVICE, PAGE.offer)
    with files.part(DEVICE, PAGE.name) as part:
        part.write(PAGE.sealed[:70_000])
        real = part._file

        class Full:
            def __getattr__(self, name):
                return getattr(real, name)

            def write(self, data):
                if len(data) > 100:
                    return real.write(data[:100])
                raise OSError(errno.ENOSPC, "full")

        part._file = Full()
        with pytest.raises(OSError, match="full"):
            part.write(PAGE.sealed[70_000:70_150])
        assert part.position_bytes == 70_000
        part._file = real
    with files.part(DEVICE, PAGE.name) as part:
        assert part.position_bytes == 70_000
        part.write(PAGE.sealed[70_000:])
        files.keep(DEVICE, part)


@pytest.mark.parametrize("content", ["", "{}", "[1]", '["x","y"]', '[70000,"ab"]', "[null,null]"])
def test_a_torn_offer_is_none(files, content):
    files.begin(DEVICE, PAGE.offer)
    files._place(DEVICE, PAGE.name).with_suffix(".offer").write_text(content)
    assert files.offer(DEVICE, PAGE.name) is None
    assert files.begin(DEVICE, PAGE.offer) == 0


def test_another_offer_of_the_same_name_begins_anew(files):
    files.begin(DEVICE, PAGE.offer)
    with files.part(DEVICE, PAGE.name) as part:
        part.write(PAGE.sealed[:500])
    assert files.begin(DEVICE, PAGE.offer) == 500
    other = photo(identity("server").public, 200_000, seed=2).offer
    lie = type(other)(PAGE.name, other.size_bytes, other.piece_sha256)
    assert files.begin(DEVICE, lie) == 0


def test_more_than_was_offered_is_refused_and_a_longer_part_dropped(files, tmp_path):
    path = tmp_path / "x.part"
    path.write_bytes(bytes(SIZE_BYTES + 1))
    with Part(path, PAGE.offer) as part:
        assert part.position_bytes == 0
        with pytest.raises(AttachmentError) as caught:
            part.write(PAGE.sealed + b"x")
        assert caught.value.code == "attachment-too-large"


def test_room_is_left_for_the_records(files, monkeypatch):
    assert files.has_room(1)
    monkeypatch.setattr(uploads.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10}))
    assert not files.has_room(1)
