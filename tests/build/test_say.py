from __future__ import annotations

import pytest

from build import say


def test_a_count_says_each_quarter_once_where_no_terminal_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counter = say.Counter("packages", 8)
    for _ in range(8):
        counter.advance()
    counter.finish()
    assert capsys.readouterr().out.split("\n") == [
        "    packages: 2 of 8",
        "    packages: 4 of 8",
        "    packages: 6 of 8",
        "    packages: 8 of 8",
        "",
    ]


@pytest.mark.parametrize("total", [0, 2])
def test_a_count_never_passes_its_total(total: int, capsys: pytest.CaptureFixture[str]) -> None:
    counter = say.Counter("packages", total)
    for _ in range(5):
        counter.advance()
    assert "5 of" not in capsys.readouterr().out


def test_details_are_indented_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    say.detail("one\ntwo")
    assert capsys.readouterr().out == "    one\n    two\n"


def test_a_command_is_shown_as_one_types_it() -> None:
    assert say.command_line(["python", "-m", "pip", "my file"]) == 'python -m pip "my file"'
