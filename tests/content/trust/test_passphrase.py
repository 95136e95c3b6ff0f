from __future__ import annotations

import getpass
import io
from pathlib import Path
from typing import List

import pytest

from content.errors import KeyFileError
from content.trust.errors import PassphraseError
from content.trust.keys import PublisherKey, is_encrypted
from content.trust.passphrase import VARIABLE, given_passphrase, new_passphrase, open_key

WORDS = "дала жел керуен"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "my.key"
    PublisherKey.generate().save(path, WORDS)
    assert is_encrypted(path)
    return path


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def typing(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    left: List[str] = list(answers)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda question: left.pop(0))


def test_from_a_file(key_file: Path, tmp_path: Path) -> None:
    for content in (WORDS.encode(), f"{WORDS}\r\nmore".encode(), f"\ufeff{WORDS}\n".encode()):
        (tmp_path / "pass").write_bytes(content)
        assert open_key(key_file, tmp_path / "pass")


def test_from_the_environment(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, WORDS)
    assert open_key(key_file)


def test_asked_for(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, WORDS)
    assert open_key(key_file)


def test_nobody_to_ask(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(PassphraseError, match=r"my\.key is encrypted: give its passphrase by"):
        open_key(key_file)


def test_a_key_without_passphrase_warns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    PublisherKey.generate().save(tmp_path / "open.key")
    assert open_key(tmp_path / "open.key")
    said = capsys.readouterr()
    assert "open.key has no passphrase" in said.err
    assert said.out == ""


def test_a_new_one_is_typed_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, WORDS, WORDS)
    assert new_passphrase(tmp_path / "k", None) == WORDS
    typing(monkeypatch, WORDS, "another one")
    with pytest.raises(PassphraseError, match="differ; nothing was written"):
        new_passphrase(tmp_path / "k", None)


def test_bad_passphrase_files(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="none cannot be read"):
        given_passphrase(tmp_path / "none")
    for content, sentence in ((b"", "is empty"), (b"\n\n", "is empty"), (b"\xff", "is no text")):
        (tmp_path / "pass").write_bytes(content)
        with pytest.raises(PassphraseError, match=sentence):
            given_passphrase(tmp_path / "pass")
