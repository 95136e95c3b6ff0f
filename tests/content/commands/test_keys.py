from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Tuple

import pytest

from content.cli import main
from content.trust.keys import PublisherKey, is_encrypted

OLD, NEW = "дала жел керуен", "another three words"


@pytest.fixture
def files(tmp_path: Path) -> Tuple[Path, Path, Path]:
    (tmp_path / "old").write_text(OLD, "utf-8")
    (tmp_path / "new").write_text(NEW, "utf-8")
    return tmp_path / "my.key", tmp_path / "old", tmp_path / "new"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> Tuple[int, Any]:
    capsys.readouterr()
    code = main([*map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_key_under_a_passphrase(
    files: Tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    key, old, new = files
    code, made = run(capsys, "key", "new", key, "--passphrase-file", old)
    assert (code, made["passphrase"]) == (0, True)
    assert run(capsys, "key", "show", key, "--passphrase-file", old) == (0, made)
    code, failed = run(capsys, "key", "show", key, "--passphrase-file", new)
    assert (code, failed["error"]) == (1, "passphrase")
    asked = ("key", "protect", key, "--passphrase-file", old, "--new-passphrase-file", new)
    assert run(capsys, *asked) == (0, made)
    assert PublisherKey.load(key, NEW).public.key_id == made["key_id"]
    assert sorted(path.name for path in key.parent.iterdir()) == ["my.key", "new", "old"]


def test_an_open_key_is_protected_later(
    files: Tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    key, _, new = files
    code, made = run(capsys, "key", "new", key, "--no-passphrase")
    assert (code, made["passphrase"]) == (0, False)
    aside = key.with_name("my.key.new")
    aside.write_bytes(b"left by a try that was cut")
    assert run(capsys, "key", "protect", key, "--new-passphrase-file", new)[0] == 0
    assert is_encrypted(key)
    assert PublisherKey.load(key, NEW).public.key_id == made["key_id"]
    assert not aside.exists()


def test_nothing_to_protect_it_with(
    files: Tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    key, old, _ = files
    run(capsys, "key", "new", key, "--no-passphrase")
    before = key.read_bytes()
    code, failed = run(capsys, "key", "protect", key)
    assert (code, failed["error"]) == (1, "passphrase")
    old.write_text("short", "utf-8")
    assert run(capsys, "key", "protect", key, "--new-passphrase-file", old)[0] == 1
    assert key.read_bytes() == before
