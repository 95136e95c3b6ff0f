"""The examples in docs/making-packs.md are a pack that builds."""

from __future__ import annotations

import re
from pathlib import Path

from content.building.check import check_source
from content.building.finding import ERROR
from content.building.source import read_source
from content.documents.formula import parse_formula
from tests.support.packs import PNG, tiny_mp4

DOCS = Path(__file__).parents[2] / "docs" / "making-packs.md"


def test_the_examples_build(tmp_path: Path) -> None:
    pack, lesson, task = re.findall(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    for lesson_id in ("meaning", "solving"):
        folder = tmp_path / "lessons" / lesson_id
        (folder / "tasks").mkdir(parents=True)
        (folder / "lesson.toml").write_text(lesson, "utf-8")
        (folder / "tasks" / "first-steps.toml").write_text(task, "utf-8")
        (folder / "video.mp4").write_bytes(tiny_mp4())
        (folder / "poster.png").write_bytes(PNG)
    (tmp_path / "pack.toml").write_text(pack, "utf-8")
    assert [one for one in check_source(tmp_path) if one.severity == ERROR] == []
    source = read_source(tmp_path)
    assert source.table.lesson_ids == ("meaning", "solving")
    assert len(source.media) == 2


def test_every_formula_command_in_the_docs_is_drawn() -> None:
    text = DOCS.read_text("utf-8")
    table = text[text.index("| building |") : text.index("## lessons/&lt;id&gt;/tasks")]
    for command in set(re.findall(r"\\([a-zA-Z]+|[,;])", table)) - {
        "begin",
        "end",
        "left",
        "right",
    }:
        argument = "{x}{y}" if command == "frac" else "{x}"
        parse_formula(f"a \\{command}{argument}")
    for whole in re.findall(r"`(\\(?:begin|left|frac|sqrt|text).*?)`", table):
        parse_formula(whole.replace("…", "x"))
