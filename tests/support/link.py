"""A weak link on one machine, with the kernel's own TCP at both ends.

Two network namespaces, *near* and *far*, are joined by two TUN devices, and a process carries every
IP packet between them: so retransmissions, slow start, windows and header bytes are the real ones,
and all are counted. It needs Linux, iproute2, /dev/net/tun and root; ``unshare -Urn python3 ...``
gives anybody such a root where the system lets people make user namespaces. Where there is none of
that, `tests.support.link_proxy` slows a connection down without it.

To run two programmes over it::

    python3 -m tests.support.link --rate 1000 --rtt 300 --loss 1 \\
        --far 'python3 -m http.server 8000 --bind 10.99.0.1' -- curl -o file http://10.99.0.1:8000/

The near side's exit code is passed on, and the counts are printed to standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import shlex
import shutil
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

from tests.support.link_shape import Count, Shape
from tests.support.namespace import Namespace, ip

NEAR, FAR = "10.99.0.2", "10.99.0.1"
"""The hosts' addresses."""
MTU_BYTES = 1500
_ROOT = Path(__file__).resolve().parents[2]
_TUNSETIFF = 0x400454CA  # linux/if_tun.h
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000

_SENDER = Path("/proc/sys/net/ipv4/tcp_congestion_control")


def own_sender() -> str:
    """Name how this system's TCP finds its speed."""
    return _SENDER.read_text().strip()


def obstacle() -> str:
    """Say what a link lacks on this machine; empty when nothing."""
    if not sys.platform.startswith("linux"):
        return "network namespaces are Linux's"
    if shutil.which("ip") is None:
        return "iproute2 is not installed"
    try:
        with Path("/dev/net/tun").open("r+b", buffering=0):
            pass
        host = Host(NEAR)
        host.close()
    except OSError as error:
        return f"network namespaces or TUN devices cannot be made here ({error})"
    return ""


class Host(Namespace):
    """A network namespace with a TUN device in it."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        try:
            self.device = self.call(self._settle)
        except OSError:
            super().close()
            raise

    def close(self) -> None:
        """Leave; the namespace goes with the last thread and process in it."""
        os.close(self.device)
        super().close()

    def _settle(self) -> int:
        device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        try:
            request = struct.pack("16sH22x", b"tun0", _IFF_TUN | _IFF_NO_PI)
            fcntl.ioctl(device, _TUNSETIFF, request)
            ip("addr", "add", f"{self.address}/24", "dev", "tun0")
            ip("link", "set", "tun0", "up", "mtu", str(MTU_BYTES))
        except OSError:
            os.close(device)
            raise
        return device


class Link:
    """A link of a certain shape; use it as a context manager."""

    def __init__(self, shape: Shape, sender: str = "") -> None:
        """``sender`` is how the far host's TCP finds its speed (cubic, bbr); as the system's."""
        self.shape = shape
        self._sender = sender

    def __enter__(self) -> Link:
        self.near = Host(NEAR)
        self.far = Host(FAR)
        if self._sender:
            # By its route: a namespace may not choose for all of itself.
            route = ("10.99.0.0/24", "dev", "tun0", "src", FAR, "congctl", self._sender)
            self.far.call(lambda: ip("route", "replace", *route))
        devices = (self.near.device, self.far.device)
        command = [sys.executable, "-m", "tests.support.link_carrier", *map(str, devices)]
        self._carrier = subprocess.Popen(
            [*command, self.shape.to_json()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=devices,
            text=True,
            cwd=_ROOT,
        )
        self.counts()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._carrier.stdin and self._carrier.stdout
        self._carrier.stdin.close()
        self._carrier.wait(10)
        self._carrier.stdout.close()
        self.near.close()
        self.far.close()

    def counts(self) -> Tuple[Count, Count]:
        """Give what went up and what went down so far."""
        return self._ask("counts")

    def cut(self) -> None:
        """Let nothing through from now on; neither side is told."""
        self._ask("cut")

    def join(self) -> None:
        """Let packets through again."""
        self._ask("join")

    def _ask(self, word: str) -> Tuple[Count, Count]:
        assert self._carrier.stdin and self._carrier.stdout
        self._carrier.stdin.write(word + "\n")
        self._carrier.stdin.flush()
        found: Dict[str, Dict[str, int]] = json.loads(self._carrier.stdout.readline())
        return Count(**found["up"]), Count(**found["down"])

    @contextlib.contextmanager
    def server(self, command: Sequence[str], port: int, **named: Any) -> Iterator[None]:
        """Run a programme on the far host while a block lasts; it listens on ``port`` by then."""
        process = self.far.call(lambda: subprocess.Popen(command, **named))
        try:
            self.far.call(lambda: _wait_for(process, port))
            yield
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(process: Any, port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection((FAR, port), 1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise OSError(f"nothing listens on port {port} of the far host")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m tests.support.link",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rate", type=float, default=1000, help="kbit/s down (1000)")
    parser.add_argument("--up-rate", type=float, default=0, help="kbit/s up (as down)")
    parser.add_argument("--rtt", type=float, default=300, help="round trip in ms (300)")
    parser.add_argument("--loss", type=float, default=0, help="percent of packets lost, each way")
    parser.add_argument("--queue", type=float, default=500, help="ms of a full queue (500)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--far", help=f"command to run on {FAR}")
    parser.add_argument("--port", type=int, default=8000, help="the far command listens on it")
    parser.add_argument("near", nargs="+", help=f"command to run on {NEAR}")
    return parser


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run two programmes over a link."""
    options = _parser().parse_args(arguments)
    shape = Shape(
        options.rate * 1000,
        options.rtt / 2000,
        options.up_rate * 1000,
        options.loss / 100,
        options.queue / 1000,
        seed=options.seed,
    )
    with Link(shape) as link, contextlib.ExitStack() as stack:
        if options.far:
            stack.enter_context(link.server(shlex.split(options.far), options.port))
        before, began_s = link.counts(), time.monotonic()
        code = link.near.call(lambda: subprocess.call(options.near))
        duration_s = time.monotonic() - began_s
        _tell(before, link.counts(), duration_s, shape)
    return code


def _tell(
    before: Tuple[Count, Count], after: Tuple[Count, Count], duration_s: float, shape: Shape
) -> None:
    told: Dict[str, Any] = {"duration_s": round(duration_s, 3)}
    for name, old, new in zip(("up", "down"), before, after):
        told[name + "_offered_bytes"] = new.offered_bytes - old.offered_bytes
        told[name + "_delivered_bytes"] = new.delivered_bytes - old.delivered_bytes
        told[name + "_dropped"] = new.dropped - old.dropped
    told["down_use"] = use_of(told["down_delivered_bytes"], duration_s, shape)
    print(json.dumps(told), file=sys.stderr)


def use_of(delivered_bytes: int, duration_s: float, shape: Shape) -> float:
    """Give the part of the link's capacity downwards that was used."""
    return round(delivered_bytes * 8 / (duration_s * shape.down_bit_per_s), 4)


def command_line(arguments: List[str]) -> int:
    """Run as a programme; say what is missing."""
    missing = obstacle()
    if missing:
        print(f"No link can be made: {missing}.", file=sys.stderr)
        return 2
    return main(arguments)


if __name__ == "__main__":
    sys.exit(command_line(sys.argv[1:]))
