from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Iterator, List

import pytest

from sync_server.commands import asking
from sync_server.commands.asking import Answers, ask_all, usual_folder
from sync_server.errors import SetupError
from tests.support.server import running_server, server_command, server_json

CODE = "6811 1830 3731 4530"


class Keyboard:
    """Somebody who answers in turn."""

    def __init__(self, *answers: str) -> None:
        self.asked: List[str] = []
        self._answers: Iterator[str] = iter(answers)

    def __call__(self, question: str) -> str:
        self.asked.append(question)
        try:
            return next(self._answers)
        except StopIteration:
            raise EOFError from None


def test_three_questions_set_a_school_up() -> None:
    keyboard = Keyboard(" Ақсу орта мектебі ", "", "")
    assert ask_all(None, None, keyboard) == Answers("Ақсу орта мектебі", usual_folder())
    assert len(keyboard.asked) == 3
    assert str(usual_folder()) in keyboard.asked[1]


def test_a_server_above_is_asked_for_its_code() -> None:
    keyboard = Keyboard("Ақсу", "~/data", "region.example:8765", "", CODE)
    found = ask_all(None, None, keyboard)
    assert found.data == Path.home() / "data"
    assert (found.address, found.code) == ("http://region.example:8765", CODE)


def test_what_cannot_be_is_asked_again_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "essay.odt").write_bytes(b"mine")
    keyboard = Keyboard(
        "Ақсу", str(tmp_path / "full"), str(tmp_path / "new"), "a b", "a", "1", CODE
    )
    assert ask_all(None, None, keyboard) == Answers("Ақсу", tmp_path / "new", "http://a", CODE)
    said = capsys.readouterr().err
    assert "essay.odt" in said
    assert "16 digits" in said


@pytest.mark.parametrize("nobody", ["", "no", "Нет", "жоқ", "-"])
def test_there_may_be_nobody_above(nobody: str) -> None:
    assert ask_all("Ақсу", Path("x"), Keyboard(nobody)).address == ""


def test_what_was_given_is_not_asked_for() -> None:
    keyboard = Keyboard("")
    assert ask_all("Ақсу", Path("x"), keyboard) == Answers("Ақсу", Path("x"))


@pytest.mark.parametrize("answers", [(), ("Ақсу",), ("",) * 9, ("Ақсу", "", "a.example", "")])
def test_who_does_not_answer_sets_nothing_up(answers: tuple[str, ...]) -> None:
    with pytest.raises(SetupError):
        ask_all(None, None, Keyboard(*answers))


def test_a_script_is_told_what_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Ақсу\n"))
    code, _, said = server_command("init")
    assert code == 1
    assert "--school" in said


def test_what_is_missing_above_is_made_up_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyboard = Keyboard("Ақсу", str(tmp_path / "school"), "http://127.0.0.1:1", CODE)
    monkeypatch.setattr(asking, "ask_all", lambda one, two: ask_all(one, two, keyboard))
    code, said, error = server_command("init")
    assert (code, "is ready" in said) == (1, True)
    assert f"upstream --data {tmp_path / 'school'} http://127.0.0.1:1 CODE" in error


def test_init_asks_and_relates_to_the_region(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server_json("init", str(tmp_path / "region"), "--school", "Аудан", "--json")
    given = server_json("enrol-relay", "--data", str(tmp_path / "region"), "--json")["code"]
    with running_server(tmp_path / "region") as url:
        keyboard = Keyboard("Ақсу", str(tmp_path / "school"), url, given)
        monkeypatch.setattr(asking, "ask_all", lambda one, two: ask_all(one, two, keyboard))
        code, said, _ = server_command("init")
    assert code == 0
    assert "relays to Аудан" in said
    status = server_json("status", "--data", str(tmp_path / "school"), "--json")
    assert [one["name"] for one in status["upstreams"]] == ["Аудан"]
