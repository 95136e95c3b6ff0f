from __future__ import annotations

import hashlib

import pytest

from sync.sticks import layout
from sync.sticks.layout import LetterName, ReplyName

SERVER, DEVICE = bytes(range(16)), bytes(range(16, 32))


def test_school_and_box_are_named_as_the_format_says() -> None:
    school = hashlib.sha256(b"keruen school 1\0" + SERVER).hexdigest()[:16]
    box = hashlib.sha256(b"keruen box 1\0" + SERVER + DEVICE).hexdigest()[:16]
    assert layout.school_name(SERVER) == school
    assert layout.box_name(SERVER, DEVICE) == box


def test_names_read_back() -> None:
    letter = LetterName("0" * 16, "f" * 16)
    reply = ReplyName("0" * 16, "f" * 16, 42)
    assert str(letter) == "0000000000000000-ffffffffffffffff"
    assert str(reply) == "0000000000000000-ffffffffffffffff-00000042"
    assert layout.parse_letter_name(str(letter)) == letter
    assert layout.parse_reply_name(str(reply)) == reply


@pytest.mark.parametrize(
    "name",
    [
        "",
        "0" * 16,
        f"{'0' * 16}-{'f' * 15}",
        f"{'0' * 16}-{'F' * 16}",
        f"{'0' * 16}-{'f' * 16}\n",
        f"{'0' * 16}-{'f' * 16}-0000042",
        f"{'0' * 16}-{'f' * 16}-0000004\u0662",
        f"{'0' * 16}-{'f' * 16}.new",
        f"../{'0' * 16}-{'f' * 16}",
    ],
)
def test_what_is_no_name_is_passed_over(name: str) -> None:
    assert layout.parse_letter_name(name) is None
    assert layout.parse_reply_name(name) is None


def test_paths_are_those_of_the_format() -> None:
    school, publisher, sha256 = "ab" * 8, "cd" * 16, "ef" * 32
    assert layout.up_folder(school) == f"mail/{school}/up"
    assert layout.own_folder(school) == f"mail/{school}/own"
    assert layout.down_folder(school) == f"mail/{school}/down"
    assert layout.invitations_folder(school) == f"mail/{school}/invitations"
    assert layout.file_path(school, sha256) == f"mail/{school}/files/ef/{sha256}"
    assert layout.object_path(publisher, sha256) == f"repository/{publisher}/objects/ef/{sha256}"
    assert layout.object_part_path(publisher, sha256, 2).endswith(f"/objects/ef/{sha256}.002")
    assert layout.core_path(publisher, sha256) == f"repository/{publisher}/cores/{sha256}"
