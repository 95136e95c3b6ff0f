from __future__ import annotations

import struct
from pathlib import Path

import pytest

from build.packaged import Packaged, prove_client, prove_portable, prove_server
from build.say import BuildError

_HEADER = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 1024, 600)


def _programme(folder: Path, name: str, script: str) -> Packaged:
    """Return a stand-in for a packaged programme: a shell script of the same behaviour."""
    home = folder / name
    home.mkdir()
    (home / name).write_text("#!/bin/sh\n" + script)
    (home / name).chmod(0o755)
    return Packaged(home, name, folder)


def _client(folder: Path, draw: str) -> Packaged:
    return _programme(
        folder,
        "keruen",
        'case "$*" in\n'
        "--version) echo keruen 9 ;;\n"
        '*status) echo \'{"sentence": "Nothing waits."}\' ;;\n'
        f'*--picture*) for last in "$@"; do :; done; {draw} ;;\n'
        "esac\n",
    )


def test_a_client_that_speaks_and_draws_is_proved(tmp_path: Path) -> None:
    header = "".join(f"\\{byte:03o}" for byte in _HEADER)
    seen = prove_client(_client(tmp_path, f"printf '{header}' > \"$last\""))
    assert seen[:2] == ["keruen 9", "status: Nothing waits."]
    assert "drawn at 1024x600" in seen[2]


@pytest.mark.parametrize("draw", [":", 'echo no picture > "$last"'])
def test_a_client_that_draws_nothing_is_not(tmp_path: Path, draw: str) -> None:
    with pytest.raises(BuildError, match="drew no picture"):
        prove_client(_client(tmp_path, draw))


_PORTABLE = """\
here=$(cd "$(/usr/bin/dirname "$0")/.." && pwd)
case "$*" in
portable*) for stick in "$@"; do :; done
  /bin/mkdir -p "$stick/P/linux" "$stick/P/data" && /bin/cp "$0" "$stick/P/linux/keruen"
  echo "{{\\"folder\\": \\"$stick/P\\", \\"size_bytes\\": 4000000}}" ;;
*--picture*) {draw} ;;
data) echo "{{\\"chosen\\": \\"{chosen}\\", \\"folder\\": \\"$here/data\\"}}" ;;
esac
"""
_KEEPS = 'echo x > "$here/data/keruen.db"'


def _portable(folder: Path, chosen: str = "portable", draw: str = _KEEPS) -> Packaged:
    return _programme(folder, "keruen", _PORTABLE.format(chosen=chosen, draw=draw))


def test_a_client_that_runs_from_a_stick_with_its_data_there_is_proved(tmp_path: Path) -> None:
    (seen,) = prove_portable(_portable(tmp_path))
    assert "ran from a stick (4 MB)" in seen


def test_a_portable_client_with_its_data_elsewhere_is_not(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="keeps its data in"):
        prove_portable(_portable(tmp_path, chosen="usual"))


def test_a_portable_client_that_leaves_something_on_the_machine_is_not(tmp_path: Path) -> None:
    leaves = f'{_KEEPS}; echo x > "$HOME/left"'
    with pytest.raises(BuildError, match=r"left on the machine: .*left"):
        prove_portable(_portable(tmp_path, draw=leaves))


def test_a_programme_that_fails_is_quoted(tmp_path: Path) -> None:
    broken = _programme(tmp_path, "keruen", "echo 'libGL.so.1 is missing' >&2; exit 1")
    with pytest.raises(BuildError, match=r"keruen --version failed:\nlibGL\.so\.1 is missing"):
        prove_client(broken)


def test_a_server_that_says_no_address_is_not_proved(tmp_path: Path) -> None:
    silent = _programme(tmp_path, "keruen-server", "echo 'starting up'")
    with pytest.raises(BuildError, match="did not say where it listens: 'starting up"):
        prove_server(silent)


def test_a_packaged_programme_finds_no_python_and_nobodys_home(tmp_path: Path) -> None:
    variables = Packaged(tmp_path, "keruen", tmp_path).variables()
    assert list(Path(variables["PATH"]).iterdir()) == []
    assert variables["HOME"] == str(tmp_path)
    assert not [name for name in variables if name.startswith(("PYTHON", "VIRTUAL", "LD_"))]
