"""Every command of docs/authoring.md runs as it stands there, one after another."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Iterator, List, Tuple

import pytest

pytest.importorskip("tomlkit")
pytest.importorskip("markdown_it")

from content.authoring.settings import read_lesson_settings, read_pack_settings
from content.building.source_toml import read_toml
from content.catalogue import CatalogueEntry
from content.cli import main
from content.repositories.repository import open_repository

DOCS = Path(__file__).parents[3] / "docs" / "authoring.md"


def commands() -> Iterator[List[str]]:
    for block in re.findall(r"```sh\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL):
        for line in block.strip().split("\n"):
            yield shlex.split(line)


def packs(folder: Path) -> Tuple[CatalogueEntry, ...]:
    repository = open_repository(folder)
    return tuple(repository.catalogue(repository.trusted_keys()).packs)


def test_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERUEN_PASSPHRASE", "long enough words")
    run = 0
    for words in commands():
        if words[0] == "mkdir":
            Path(words[1]).mkdir()
        elif words[0] == "printf":
            assert words[2] == ">"
            Path(words[3]).write_text(words[1].replace("\\n", "\n"), encoding="utf-8")
        else:
            assert words[0] == "keruen-pack"
            assert main(words[1:]) == 0, (words, capsys.readouterr())
            run += 1
    assert run == 8
    said = capsys.readouterr().out
    assert "bolshek-degen-ne: Бөлшек деген не" in said
    (entry,) = packs(Path("repository"))
    assert (entry.version, dict(entry.title)) == (2, {"kk": "Бөлшектер, 6-сынып"})
    (other,) = packs(Path("other-repository"))
    assert other.version == 1


def test_the_tables_are_read(tmp_path: Path) -> None:
    pack, lesson = re.findall(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    (tmp_path / "pack.toml").write_text(pack, encoding="utf-8")
    (tmp_path / "lesson.toml").write_text(lesson, encoding="utf-8")
    assert read_pack_settings(tmp_path / "pack.toml").lessons == ("bolshek-degen-ne",)
    assert read_lesson_settings(read_toml(tmp_path / "lesson.toml")).minutes == 25


def test_what_is_wrong_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(tmp_path / "none.docx"), str(tmp_path / "x")]) == 1
    assert "missing" in capsys.readouterr().err
    (tmp_path / "x").touch()
    assert main(["import", str(tmp_path), str(tmp_path / "x"), str(tmp_path / "y"), "--json"]) == 1
    with pytest.raises(SystemExit):
        main(["import", "a", "b", "--renditions", "8k"])
    with pytest.raises(SystemExit):
        main(["import", "a", "b", "--processes", "0"])
