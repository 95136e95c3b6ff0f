from __future__ import annotations

from pathlib import Path

import pytest

from content.building.check_text import text_findings
from tests.content.test_picture_size import png


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a\n\nb $\\foo$", "line 3", "\\foo"),
        ("> - a\n>   - $x^$", "line 2", "missing here"),
        ("|a|\n|-|\n|$}$|", "line 3", "cannot be drawn"),
        ("# $&$", "line 1", "cannot be drawn"),
        ("$$\n\\frac{1}\n$$", "line 2", "missing here"),
        ("- ![a](b.png)", "line 1", "is not in the lesson's folder"),
        ("![a](http://x.y/b.png)", "line 1", "on the network"),
        ("![a]()", "line 1", "empty"),
        ("a" * 1_000_001, "", "longer than"),
    ],
)
def test_what_is_found_and_where(tmp_path: Path, text: str, place: str, words: str) -> None:
    (finding,) = text_findings(text, tmp_path, "text.kk.md", "")
    assert (finding.path, finding.place) == ("text.kk.md", place)
    assert words in finding.text


def test_the_place_within_a_task_is_kept(tmp_path: Path) -> None:
    (finding,) = text_findings("$\\foo$", tmp_path, "t.toml", "one: prompt.kk")
    assert finding.place == "one: prompt.kk"


def test_a_good_text(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "a.png").write_bytes(b"x")
    (tmp_path / "p" / "таразы 1.png").write_bytes(b"x")
    text = "# A\n\n![a](p/a.png) $x$\n\n![a](<p/таразы 1.png>)\n"
    assert text_findings(text, tmp_path, "t", "") == []


def test_a_picture_that_no_laptop_could_draw(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(30_000, 20_000))
    (finding,) = text_findings("![a](a.png)", tmp_path, "text.kk.md", "")
    assert "more than 16 million pixels" in finding.text
    (tmp_path / "a.png").write_bytes(png(300, 200))
    assert text_findings("![a](a.png)", tmp_path, "text.kk.md", "") == []
