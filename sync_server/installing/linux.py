"""A systemd unit: starts with the computer, starts again after a fault, may write its folder only.

The directives are those of systemd.exec(5) and systemd.service(5); older systems pass over those
that they do not know.
"""

from __future__ import annotations

from pathlib import Path
from typing import Callable, List, Optional, Sequence

from sync_server.installing.plan import SERVICE, Remove, Run, Step, Wish, Write

UNIT = Path("/etc/systemd/system") / f"{SERVICE}.service"
STICKS = ("/media", "/run/media", "/mnt")
"""Where sticks appear: a server that lets them in writes there."""
Which = Callable[[str], Optional[str]]

_UNIT = """\
[Unit]
Description=Keruen, the school's server
After=network.target
StartLimitIntervalSec=0

[Service]
ExecStart={command}
User={account}
Restart=always
RestartSec=5
TimeoutStopSec=30
Nice=5
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet={capabilities}
AmbientCapabilities={capabilities}
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictSUIDSGID=yes
LockPersonality=yes
ReadWritePaths={data} {sticks}

[Install]
WantedBy=multi-user.target
"""


def unit(wish: Wish) -> str:
    """Return the unit's text."""
    return _UNIT.format(
        command=" ".join(quoted(part) for part in wish.command),
        account=wish.account,
        # Ports below 1024 are the system's: only there a right is needed beyond a user's.
        capabilities="CAP_NET_BIND_SERVICE" if wish.port < 1024 else "",
        data=quoted(str(wish.data)),
        sticks=" ".join(f"-{place}" for place in STICKS),
    )


def quoted(text: str) -> str:
    """Write a word for a unit: systemd.syntax(7) and systemd.unit(5) on quotes and percents."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return plain if plain and not set(plain) & set(" \t'\"\\;") else f'"{plain}"'


def install(wish: Wish, which: Which) -> List[Step]:
    """Return what makes the server start with the computer, and now."""
    return [
        Write(UNIT, unit(wish).encode("utf-8")),
        Run(("systemctl", "daemon-reload")),
        Run(("systemctl", "enable", SERVICE)),
        Run(("systemctl", "restart", SERVICE)),
        *(Run(command, needed=False) for command in _open_port(wish.port, which)),
    ]


def uninstall(port: int, which: Which) -> List[Step]:
    """Return what undoes it; the data stay."""
    return [
        Run(("systemctl", "disable", "--now", SERVICE), needed=False),
        Remove(UNIT),
        Run(("systemctl", "daemon-reload"), needed=False),
        *(Run(command, needed=False) for command in _close_port(port, which)),
    ]


def _open_port(port: int, which: Which) -> Sequence[tuple[str, ...]]:
    if which("ufw"):
        return [("ufw", "allow", f"{port}/tcp")]
    if which("firewall-cmd"):
        return [
            ("firewall-cmd", "--permanent", f"--add-port={port}/tcp"),
            ("firewall-cmd", "--permanent", "--add-service=mdns"),
            ("firewall-cmd", "--reload"),
        ]
    return []


def _close_port(port: int, which: Which) -> Sequence[tuple[str, ...]]:
    if which("ufw"):
        return [("ufw", "delete", "allow", f"{port}/tcp")]
    if which("firewall-cmd"):
        return [
            ("firewall-cmd", "--permanent", f"--remove-port={port}/tcp"),
            ("firewall-cmd", "--reload"),
        ]
    return []
