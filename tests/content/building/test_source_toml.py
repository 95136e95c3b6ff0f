from __future__ import annotations

from pathlib import Path

import pytest

from content.building.source_toml import read_toml
from content.canonical import MAX_DEPTH
from content.errors import ContentError, SourceError
from content.fields import Fields
from content.task import read_task

MILLION = 1_000_000


def read(folder: Path, text: str) -> Fields:
    path = folder / "bad.toml"
    path.write_text(text, "utf-8")
    return read_toml(path)


@pytest.mark.parametrize(
    "text",
    [
        "a = ",
        "a = 1\na = 2\n",
        "a." * (MILLION // 2) + "a = 1",
        "[" + '"a" . ' * (MILLION // 6) + "a]",
        "a = " + "[" * MILLION,
        "a = " + "[" * 400 + "]" * 400,
        "a = " + "{a=" * (MILLION // 4),
        "a = " + "9" * (MILLION - 10),
        "a = 0x" + "f" * (MILLION - 10),
        f"a = {2**63}",
        "a = [{ b = -0x8000000000000001 }]",
        "[" + ".".join("a" * (MAX_DEPTH + 1)) + "]",
        "[" + ".".join("a" * 20) + "]\n" + ".".join("b" * 20) + " = 1",
        "a = 2021-13-45",
        "x = 1" + "\0",
        "#" * 1_048_577,
    ],
)
def test_hostile_toml_is_a_sentence_that_names_the_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContentError, match=r"bad\.toml"):
        read(tmp_path, text)


def test_bytes_that_are_no_text_and_links_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"\xff")
    (tmp_path / "link.toml").symlink_to("bad.toml")
    for name, match in (("bad", "UTF-8"), ("link", "is a link"), ("none", "is missing")):
        with pytest.raises(SourceError, match=match):
            read_toml(tmp_path / f"{name}.toml")


def test_what_64_bits_hold_and_many_dots_in_prose_are_fine(tmp_path: Path) -> None:
    prose = " . ".join(["дұрыс"] * 100) + "..." * 50 + "1.5, 2.5, 3.5"
    fields = read(tmp_path, f'a = {2**63 - 1}\nb = "{prose}"\n"c.d".e = [1.5, inf]')
    assert fields.values["a"] == 2**63 - 1
    assert fields.string("b") == prose


@pytest.mark.parametrize("number", ["inf", "-inf", "nan", "1e400", "9" * 18, "-1"])
def test_numbers_out_of_bounds(tmp_path: Path, number: str) -> None:
    fields = read(tmp_path, f"points = {number}")
    with pytest.raises(SourceError, match="points"):
        fields.number("points", 0.01, 100)


@pytest.mark.parametrize("answer", ["nan", "inf", "1e300", "true", "[1]", "1979-05-27"])
def test_answers_that_are_no_number(tmp_path: Path, answer: str) -> None:
    item = f'[title]\nru = "a"\n[[item]]\nid = "a"\nkind = "number"\nanswer = {answer}\n'
    with pytest.raises(SourceError):
        read_task("t", read(tmp_path, item + '[item.prompt]\nru = "b"\n'))
