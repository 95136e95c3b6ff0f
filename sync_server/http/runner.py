"""Serving until somebody says stop."""

from __future__ import annotations

import errno
import signal
import socket
import sys
from typing import Callable

import uvicorn
from starlette.types import ASGIApp

from sync_server.errors import SetupError
from sync_server.http.zero_copy import ZeroCopyProtocol
from sync_server.network.addresses import url

KEEP_ALIVE_S = 30
"""How long an idle connection may stay: an exchange and its downloads share one."""
STOP_TIMEOUT_S = 15
BACKLOG = 1024
HANDLES = 4096
"""Connections and files that may be open at once: many systems give a process a quarter of it."""
_OTHER = "stop the other program, or choose another port with --port"
_REMEDIES = {
    errno.EADDRNOTAVAIL: "this machine has no such address; leave --host out",
    errno.EACCES: "ports below 1024 are the system's; choose another one with --port",
}


def listen(host: str, port: int) -> socket.socket:
    """Take a port; 0 takes any free one.

    Raises:
        SetupError: it belongs to somebody else, or the machine has no such address.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once (TCP_NODELAY) only on what says that it is TCP; the rest waits for an
    # acknowledgement between an answer's head and its body: a round trip for every request.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(signal, "SIGKILL"):
            # Not on Windows, where the option lets two servers share a port unnoticed.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        number = getattr(error, "errno", None) or 0
        reason = getattr(error, "strerror", None) or error
        raise SetupError(
            f"Port {port} at {host} cannot be used ({reason}): {_REMEDIES.get(number, _OTHER)}."
        ) from error
    return listener


def take_handles() -> None:
    """Let this process have as many handles as it needs, where the system allows it."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = HANDLES if hard == resource.RLIM_INFINITY else min(HANDLES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class _Server(uvicorn.Server):
    """Uvicorn that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def make_server(app: ASGIApp, ready: Callable[[], None]) -> uvicorn.Server:
    """Return a server for ``app`` that sends no header that a client does not need."""
    config = uvicorn.Config(
        app,
        http=ZeroCopyProtocol,
        ws="none",
        lifespan="on",
        interface="asgi3",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        access_log=False,
        log_level="error",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=STOP_TIMEOUT_S,
    )
    return _Server(config, ready)


def serve(app: ASGIApp, listener: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first.

    Args:
        app: What answers.
        listener: From ``listen``; closed at the end.
        ready: Called once requests are answered, with a URL that works on this machine.
    """
    host, port = listener.getsockname()[:2]
    here = "127.0.0.1" if host == "0.0.0.0" else "::1" if host == "::" else host  # noqa: S104
    take_handles()
    server = make_server(app, lambda: ready(url(here, port)))
    # Uvicorn raises the signal once more when it has stopped, for handlers such as these.
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: None)
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()
