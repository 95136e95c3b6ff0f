from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Optional

import pytest

from sync_server.installing.linux import UNIT, install, quoted, uninstall, unit
from sync_server.installing.plan import Remove, Run, Wish, Write

WISH = Wish(
    ("/opt/keruen server/keruen-server",),
    Path("/srv/Ақсу мектебі 100%"),
    8765,
    ("--upstream", "http://region.example:8765", "--window", "22:00-06:00, 13-14"),
    "keruen",
)


def nothing(_: str) -> Optional[str]:
    return None


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
@pytest.mark.parametrize("port", [80, 8765])
def test_systemd_understands_every_line(tmp_path: Path, port: int) -> None:
    program = tmp_path / "a programme" / "keruen-server"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    file = tmp_path / "keruen-server.service"
    wish = Wish((str(program),), WISH.data, port, WISH.options, "root")
    file.write_text(unit(wish), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if file.name in line]
    assert said == []


def test_names_with_spaces_and_signs_are_quoted() -> None:
    assert quoted("plain-8765") == "plain-8765"
    assert quoted("two words") == '"two words"'
    assert quoted("100% $HOME") == '"100%% $$HOME"'
    assert quoted('a"b\\c') == '"a\\"b\\\\c"'
    assert quoted("") == '""'
    line = next(one for one in unit(WISH).splitlines() if one.startswith("ExecStart="))
    assert line == (
        'ExecStart="/opt/keruen server/keruen-server" run --data "/srv/Ақсу мектебі 100%%" '
        '--upstream http://region.example:8765 --window "22:00-06:00, 13-14"'
    )


def test_it_runs_as_whom_the_data_belong_to_and_writes_there_alone() -> None:
    text = unit(WISH)
    assert "User=keruen\n" in text
    assert "ProtectSystem=strict\n" in text
    assert 'ReadWritePaths="/srv/Ақсу мектебі 100%%" -/media' in text
    assert "CapabilityBoundingSet=\n" in text
    assert "Restart=always\n" in text


def test_installing_writes_enables_and_starts() -> None:
    write, *runs = install(WISH, nothing)
    assert isinstance(write, Write)
    assert write.path == UNIT
    assert [one.command[1:] for one in runs if isinstance(one, Run)] == [
        ("daemon-reload",),
        ("enable", "keruen-server"),
        ("restart", "keruen-server"),
    ]


@pytest.mark.parametrize(
    ("tool", "opened", "closed"),
    [
        ("ufw", ("ufw", "allow", "8765/tcp"), ("ufw", "delete", "allow", "8765/tcp")),
        (
            "firewall-cmd",
            ("firewall-cmd", "--permanent", "--add-port=8765/tcp"),
            ("firewall-cmd", "--permanent", "--remove-port=8765/tcp"),
        ),
    ],
)
def test_a_firewall_that_is_there_lets_laptops_in(
    tool: str, opened: tuple[str, ...], closed: tuple[str, ...]
) -> None:
    def which(name: str) -> Optional[str]:
        return f"/usr/sbin/{name}" if name == tool else None

    assert Run(opened, needed=False) in install(WISH, which)
    steps = uninstall(8765, which)
    assert Run(closed, needed=False) in steps
    assert Remove(UNIT) in steps
