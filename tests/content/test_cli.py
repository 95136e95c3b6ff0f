from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any, Iterator, Tuple

import pytest

from content.cli import main, parser
from tests.support.packs import write_source

FOLDER = Path(__file__).parents[2] / "docs"
DOCS = tuple(FOLDER / f"{name}.md" for name in ("making-packs", "authoring", "trust"))


def run_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> Tuple[int, Any]:
    code = main([*map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_whole_road(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, repository, key = tmp_path / "my-pack", tmp_path / "repository", tmp_path / "my.key"
    assert main(["new", str(source)]) == 0
    code, checked = run_json(capsys_cleared(capsys), "check", source)
    assert (code, checked["errors"], checked["warnings"]) == (0, 0, 0)
    code, made = run_json(capsys, "key", "new", key, "--no-passphrase")
    assert code == 0
    assert run_json(capsys, "key", "show", key) == (0, made)
    code, built = run_json(capsys, "build", source, repository, "--key", key)
    assert (code, built["pack"], built["version"]) == (0, "my-pack", 1)
    code, info = run_json(capsys, "info", repository)
    assert (code, info["publisher"], info["packs"][0]["pack"]) == (0, made["key_id"], "my-pack")
    assert run_json(capsys, "verify", repository, "--trust", made["key_id"]) == (0, [])
    for command in (["info"], ["verify"]):
        assert main([*command, str(repository)]) == 0
    assert "whole and signed" in capsys.readouterr().out


def capsys_cleared(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    capsys.readouterr()
    return capsys


def test_a_source_with_errors_is_not_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_source(tmp_path / "s")
    (source / "lessons" / "meaning" / "text.kk.md").write_text("$\\foo$", "utf-8")
    main(["key", "new", str(tmp_path / "k"), "--no-passphrase"])
    arguments = [str(source), str(tmp_path / "repository")]
    assert main(["build", *arguments, "--key", str(tmp_path / "k")]) == 1
    said = capsys.readouterr().err
    assert "lessons/meaning/text.kk.md, line 1" in said
    assert "1 errors and was not built" in said
    assert not (tmp_path / "repository").exists()
    assert main(["check", str(source), "--quick"]) == 1
    assert "1 errors, " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "nowhere", "r", "--key", "none.key"], "none.key cannot be read"),
        (["info", "nowhere"], "nowhere is no repository"),
        (["verify", "nowhere"], "nowhere is no repository"),
        (["key", "show", "none.key"], "none.key"),
        (["new", "Мой пакет"], "give one with --id"),
    ],
)
def test_a_problem_is_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert said.startswith("keruen-pack: ")
    assert words in said
    assert said.count("\n") == 1
    code, problem = run_json(capsys, *arguments)
    assert (code, sorted(problem)) == (1, ["error", "fault", "text"])


def test_new_never_overwrites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["new", str(tmp_path), "--id", "x"]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_verify_names_the_bad_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["new", str(tmp_path / "s"), "--id", "s"])
    main(["key", "new", str(tmp_path / "k"), "--no-passphrase"])
    main(["build", str(tmp_path / "s"), str(tmp_path / "r"), "--key", str(tmp_path / "k")])
    path = tmp_path / "r" / "manifests" / "s" / "1"
    path.write_bytes(path.read_bytes()[:-1])
    capsys.readouterr()
    assert main(["verify", str(tmp_path / "r")]) == 1
    assert capsys.readouterr().out.startswith("manifests/s/1: ")
    assert main(["verify", str(tmp_path / "r"), "--trust", "ab" * 16]) == 1
    assert "is published by" in capsys.readouterr().err


def _commands(
    root: argparse.ArgumentParser, name: str
) -> Iterator[Tuple[str, argparse.ArgumentParser]]:
    below = [action for action in root._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield name, root
    for action in below:
        for word, command in action.choices.items():
            yield from _commands(command, f"{name} {word}")


def test_the_docs_name_every_command_and_option() -> None:
    text = "".join(page.read_text("utf-8") for page in DOCS)
    for name, command in _commands(parser(), "keruen-pack"):
        assert name in text, name
        for action in command._actions:
            for option in action.option_strings:
                assert option in ("-h", "--help") or f"`{option}" in text, (name, option)


def test_the_docs_name_no_command_that_is_not_there() -> None:
    known = {name for name, _ in _commands(parser(), "keruen-pack")}
    text = "".join(page.read_text("utf-8") for page in DOCS)
    for line in re.findall(r"^keruen-pack .*$", text, re.MULTILINE):
        assert any(line.startswith(f"{name} ") for name in known), line
