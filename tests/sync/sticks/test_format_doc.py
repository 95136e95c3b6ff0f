"""docs/stick-format.md says what the code does, byte for byte."""

from __future__ import annotations

import re
from pathlib import Path

from sync.sticks import layout
from sync.sticks.letter import MAX_LETTER_BYTES, MAX_MESSAGES, Letter, LetterKind

ROOT = Path(__file__).parents[3]
DOC = (ROOT / "docs" / "stick-format.md").read_text(encoding="utf-8")


def block(name: str) -> str:
    found = re.search(rf"```{name}\n(.*?)\n```", DOC, re.DOTALL)
    assert found is not None, name
    return found[1]


def test_the_example_is_a_letter_around_the_frozen_message() -> None:
    message = (ROOT / "tests" / "golden" / "sync" / "exchange-request-2.bin").read_bytes()
    data = bytes.fromhex(block("letter"))
    assert data == Letter(LetterKind.UP, (message,)).to_bytes()
    assert Letter.from_bytes(data, LetterKind.UP).messages == (message,)


def test_the_example_lies_where_the_page_says() -> None:
    server, laptop = map(bytes.fromhex, block("ids").split("\n"))
    school, box = layout.school_name(server), layout.box_name(server, laptop)
    letter = layout.letter_name(bytes.fromhex(block("letter")))
    assert block("place") == f"{layout.up_folder(school)}/{layout.LetterName(box, letter)}"
    assert block("reply") == f"{layout.down_folder(school)}/{layout.ReplyName(box, letter, 3)}"


def test_every_name_of_the_layout_is_in_the_tree() -> None:
    (tree,) = re.findall(r"## The tree\n\n```\n(.*?)\n```", DOC, re.DOTALL)
    words = set(re.findall(r"[\w.]+", tree))
    fixed = {layout.FOLDER, layout.README, layout.MARKER, layout.LOCK, layout.CHOICE}
    assert fixed | {layout.REPOSITORY, layout.MAIL} <= words
    school, publisher, name = "5" * 16, "b" * 32, "a" * 64
    for path in (
        layout.up_folder(school), layout.own_folder(school), layout.down_folder(school),
        layout.file_path(school, name), layout.invitations_folder(school),
        layout.object_path(publisher, name), layout.core_path(publisher, name),
    ):  # fmt: skip
        assert {part for part in path.split("/") if set(part) - set("0123456789abcdef")} <= words
    assert layout.object_part_path(publisher, name, 1).endswith(".001")
    assert layout.PART_BYTES == 1 << 30


def test_the_bounds_are_those_on_the_page() -> None:
    assert f"at most {MAX_MESSAGES};" in DOC
    assert f"It has {MAX_LETTER_BYTES >> 20} MiB at most" in DOC
