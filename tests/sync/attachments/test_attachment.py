from __future__ import annotations

import hashlib
import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.attachments.attachment import (
    FIELD,
    MAX_ATTACHMENTS,
    MAX_SEALED_BYTES,
    PLAIN_BYTES,
    SEGMENT_BYTES,
    TAG_BYTES,
    Attachment,
    attachment_from_json,
    attachments_of,
    content_key,
    open_segments,
    piece_count,
    seal_file,
    sealed_size_bytes,
)
from sync.errors import AttachmentError, MessageError, RecordError
from sync.kinds import validate
from tests.support.examples import examples
from tests.support.records import identity, make_record, submission_body

SCHOOL = identity("server").public
OTHER = identity("other").public


def sealed(data, school=SCHOOL):
    target = io.BytesIO()
    return seal_file(io.BytesIO(data), target, school), target.getvalue()


def opened(data, key):
    return b"".join(open_segments(io.BytesIO(data), key, len(data)))


def some_bytes(size, seed=1):
    return (hashlib.sha512(b"%d" % seed).digest() * (size // 64 + 1))[:size]


SIZES = [
    1,
    2,
    PLAIN_BYTES - 1,
    PLAIN_BYTES,
    PLAIN_BYTES + 1,
    3 * PLAIN_BYTES,
    3 * PLAIN_BYTES + 17,
]


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_opens_and_is_named_by_its_hash(size):
    plain = some_bytes(size)
    file, data = sealed(plain)
    assert opened(data, file.key) == plain
    assert file.sha256 == hashlib.sha256(data).hexdigest()
    assert file.size_bytes == len(data) == sealed_size_bytes(size)
    pieces = [data[at : at + SEGMENT_BYTES] for at in range(0, len(data), SEGMENT_BYTES)]
    assert [hashlib.sha256(piece).digest() for piece in pieces] == list(file.piece_sha256)
    assert len(pieces) == piece_count(len(data))


def test_it_is_sealed_as_the_page_says():
    """Opened by hand from RFC 8439's cipher and RFC 5869's HKDF, without our code."""
    import hmac

    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    plain = some_bytes(PLAIN_BYTES + 5)
    file, data = sealed(plain)
    salt = hashlib.sha256(b"keruen attachment 1 school\0" + SCHOOL.signing + SCHOOL.sealing)
    extracted = hmac.new(salt.digest(), hashlib.sha256(plain).digest(), "sha256").digest()
    key = hmac.new(extracted, b"keruen attachment 1 key\x01", "sha256").digest()
    assert key == file.key
    cipher = ChaCha20Poly1305(key)
    first = cipher.decrypt(struct.pack(">3xQB", 0, 0), data[:65536], None)
    second = cipher.decrypt(struct.pack(">3xQB", 1, 1), data[65536:], None)
    assert first + second == plain


def test_the_same_file_is_the_same_object_and_another_school_s_is_not():
    plain = some_bytes(1000)
    assert sealed(plain) == sealed(plain)
    here, there = sealed(plain)[0], sealed(plain, OTHER)[0]
    assert (here.sha256, here.key) != (there.sha256, there.key)
    assert here.key != there.key


@settings(max_examples=examples(60), deadline=None)
@given(data=st.data())
def test_no_flipped_bit_opens(data):
    plain = some_bytes(2 * PLAIN_BYTES + 100)
    file, good = sealed(plain)
    at = data.draw(st.integers(0, len(good) - 1))
    bad = bytearray(good)
    bad[at] ^= 1 << data.draw(st.integers(0, 7))
    found = b""
    with pytest.raises(AttachmentError) as caught:
        for segment in open_segments(io.BytesIO(bytes(bad)), file.key, len(bad)):
            found += segment
    assert caught.value.code == "attachment-damaged"
    assert found == plain[: at // SEGMENT_BYTES * PLAIN_BYTES]


def damaged(data, key):
    with pytest.raises(AttachmentError) as caught:
        opened(data, key)
    assert caught.value.code == "attachment-damaged"


def test_segments_cannot_be_moved_left_out_repeated_or_cut_off():
    plain = some_bytes(3 * PLAIN_BYTES)
    file, data = sealed(plain)
    one, two, three = (data[at : at + SEGMENT_BYTES] for at in (0, SEGMENT_BYTES, 131072))
    for wrong in (two + one + three, one + three, one + two, one + two + three + three, one):
        damaged(wrong, file.key)
    for end in (1, TAG_BYTES, SEGMENT_BYTES - 1, SEGMENT_BYTES, len(data) - 1):
        damaged(data[:end], file.key)
    damaged(data, content_key(bytes(32), SCHOOL))


def test_more_than_was_sealed_is_damage():
    file, data = sealed(b"a photo")
    source = io.BytesIO(data + b"x")
    with pytest.raises(AttachmentError):
        list(open_segments(source, file.key, len(data)))


class Changing(io.BytesIO):
    """A file that somebody writes to between the two readings."""

    def seek(self, place, whence=0):
        self.getbuffer()[-1] ^= 1
        return super().seek(place, whence)


def test_a_file_that_changes_meanwhile_is_refused():
    with pytest.raises(AttachmentError) as caught:
        seal_file(Changing(some_bytes(100)), io.BytesIO(), SCHOOL)
    assert caught.value.code == "attachment-changed"


@pytest.mark.parametrize(
    ("plain_bytes", "code"), [(0, "attachment-empty"), (MAX_SEALED_BYTES, "attachment-too-large")]
)
def test_bounds(plain_bytes, code):
    with pytest.raises(AttachmentError) as caught:
        sealed(bytes(plain_bytes))
    assert caught.value.code == code


class Endless(io.RawIOBase):
    """Such as a device file."""

    def read(self, size=-1):
        return bytes(size)

    def tell(self):
        return 0


def test_an_endless_file_ends_at_the_bound():
    with pytest.raises(AttachmentError) as caught:
        seal_file(Endless(), io.BytesIO(), SCHOOL)
    assert caught.value.code == "attachment-too-large"


def attachment(**changes):
    values = {
        "sha256": "ab" * 32,
        "key": bytes(32),
        "size_bytes": 1000,
        "media_type": "image/jpeg",
        "title": "Дәптер 3-бет.jpg",
    }
    return Attachment(**{**values, **changes})


def test_a_record_names_files_and_says_how_to_open_them():
    files = [attachment(), attachment(sha256="cd" * 32, title="")]
    body = submission_body(attachments=[one.to_json() for one in files])
    assert attachments_of(body) == tuple(files)
    validate(make_record(1, body=body))
    assert attachments_of(submission_body()) == ()
    newer = {**attachment().to_json(), "width": 1600}
    assert attachment_from_json(newer) == attachment()


@pytest.mark.parametrize(
    "change",
    [
        {"name": "short"},
        {"name": None},
        {"key": "AA"},
        {"size": TAG_BYTES},
        {"size": MAX_SEALED_BYTES + 1},
        {"size": 1.5},
        {"type": ""},
        {"title": 5},
        {"title": "x" * 201},
    ],
)
def test_a_malformed_name_of_a_file_is_refused(change):
    row = {**attachment().to_json(), **change}
    with pytest.raises(MessageError):
        attachment_from_json(row)
    with pytest.raises(RecordError) as caught:
        validate(make_record(1, body=submission_body(attachments=[row])))
    assert caught.value.code == "record-invalid"


def test_a_record_names_a_bounded_number_of_files():
    rows = [attachment().to_json()] * (MAX_ATTACHMENTS + 1)
    with pytest.raises(MessageError):
        attachments_of({FIELD: rows})


def test_in_a_kind_of_a_newer_version_the_field_may_be_anything():
    validate(make_record(1, kind="from-the-future", body={FIELD: "see the appendix"}))
