from __future__ import annotations

import json
from pathlib import Path

import pytest

from content.cli import main
from tests.support.packs import write_source

pytest.importorskip("av")


def test_a_page_is_written_in_the_language_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, file = write_source(tmp_path / "s"), tmp_path / "page.html"
    assert main(["check", str(source), "--quick", "--page", str(file), "--language", "ru"]) == 0
    assert "лист проверки" in file.read_text("utf-8")
    said = capsys.readouterr().out
    assert "s at 0.256 Mbit/s" in said
    assert said.endswith("warnings.\n")


def test_a_page_is_written_for_a_source_with_errors_too(tmp_path: Path) -> None:
    source, file = write_source(tmp_path / "s"), tmp_path / "page.html"
    (source / "lessons" / "meaning" / "text.kk.md").write_text("$\\foo$", "utf-8")
    assert main(["check", str(source), "--quick", "--page", str(file)]) == 1
    assert "қате" in file.read_text("utf-8")


def test_scripts_get_findings_load_and_downloads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_source(tmp_path / "s")
    assert main(["check", str(source), "--quick", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["errors"] == 0
    assert {"minutes", "video", "downloads", "lesson"} == set(told["lessons"][0])


def test_a_page_that_cannot_be_written_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_source(tmp_path / "s")
    assert (
        main(["check", str(source), "--quick", "--page", str(tmp_path / "no" / "page.html")]) == 1
    )
    assert "page.html" in capsys.readouterr().err
