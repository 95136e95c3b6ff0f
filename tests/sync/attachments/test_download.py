from __future__ import annotations

import errno
import random

import pytest

from sync.attachments.attachment import SEGMENT_BYTES
from sync.attachments.download import AttachmentDownload
from sync.errors import AttachmentError, ObjectError
from tests.support.attachments import photo
from tests.support.records import identity

PAGE = photo(identity("server").public, 200_000)


def test_it_goes_on_after_any_cut(tmp_path):
    dice = random.Random(3)
    whole = False
    while not whole:
        with AttachmentDownload(PAGE.named(), tmp_path / "part") as download:
            start = download.position_bytes
            download.write(PAGE.sealed[start : start + dice.randrange(20_000)])
            whole = download.complete
            if whole:
                download.finish(tmp_path / "files" / "whole")
    assert (tmp_path / "files" / "whole").read_bytes() == PAGE.sealed
    assert not (tmp_path / "part").exists()


def test_a_flipped_bit_costs_its_segment(tmp_path):
    bad = bytearray(PAGE.sealed)
    bad[SEGMENT_BYTES + 5] ^= 1
    with AttachmentDownload(PAGE.named(), tmp_path / "part") as download:
        with pytest.raises(AttachmentError) as caught:
            download.write(bytes(bad))
        assert caught.value.code == "attachment-damaged"
        assert download.position_bytes == SEGMENT_BYTES
        download.write(PAGE.sealed[SEGMENT_BYTES:])
        download.finish(tmp_path / "whole")
    assert (tmp_path / "whole").read_bytes() == PAGE.sealed


def test_what_went_bad_on_the_disk_is_asked_for_again(tmp_path):
    (tmp_path / "part").write_bytes(PAGE.sealed[:100] + b"x" + PAGE.sealed[101:150_000])
    with AttachmentDownload(PAGE.named(), tmp_path / "part") as download:
        assert download.position_bytes == 0
    (tmp_path / "part").write_bytes(PAGE.sealed[:150_000])
    with AttachmentDownload(PAGE.named(), tmp_path / "part") as download:
        assert download.position_bytes == 150_000


def test_another_file_with_genuine_segments_is_thrown_away(tmp_path):
    named = PAGE.named()
    other = type(named)("cd" * 32, named.key, named.size_bytes, named.media_type, named.title)
    with AttachmentDownload(other, tmp_path / "part") as download:
        download.write(PAGE.sealed)
        with pytest.raises(AttachmentError):
            download.finish(tmp_path / "whole")
    assert list(tmp_path.iterdir()) == []


def test_too_much_and_too_little(tmp_path):
    with AttachmentDownload(PAGE.named(), tmp_path / "part") as download:
        with pytest.raises(ObjectError) as caught:
            download.write(PAGE.sealed + b"x")
        assert caught.value.code == "object-size"
        download.write(PAGE.sealed[:-1])
        with pytest.raises(AttachmentError):
            download.finish(tmp_path / "whole")


def test_a_full_disk_leaves_what_was_written(tmp_path):
    with AttachmentDownload(PAGE.named(), tmp_path / "part") as download:
        download.write(PAGE.sealed[:1000])
        real = download._file

        class Full:
            def __getattr__(self, name):
                return getattr(real, name)

            def write(self, data):
                raise OSError(errno.ENOSPC, "full")

        download._file = Full()
        with pytest.raises(ObjectError) as caught:
            download.write(b"x")
        assert caught.value.code == "disk-full"
    with AttachmentDownload(PAGE.named(), tmp_path / "part") as download:
        assert download.position_bytes == 1000
