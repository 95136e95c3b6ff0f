"""A repository on a plain web server, and a laptop that has nothing else to learn from."""

from __future__ import annotations

import contextlib
import functools
import http.server
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Any, Callable, Iterator, List, Optional
from urllib.parse import urlsplit

from client.laptop.account import SyncProgress
from client.laptop.laptop import Laptop
from client.laptop.syncing.supply import Delivery, Supply
from content.repositories.repository import Repository
from content.trust.keys import PublicKey
from sync.identity import Identity
from sync.roads.http import HttpRoad
from tests.support.laptop import AIGERIM, make_member

_NGINX = """\
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{}}
http {{
  access_log off; sendfile on;
  client_body_temp_path {folder}/t; proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t;
  uwsgi_temp_path {folder}/t; scgi_temp_path {folder}/t;
  server {{ listen 127.0.0.1:{port}; location {prefix} {{ alias {root}/; }} }}
}}
"""


def nginx() -> Optional[str]:
    """Debian's nginx, where it is installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@contextlib.contextmanager
def static_site(repository: Path, key_id: str, aside: Path, plain: bool = False) -> Iterator[str]:
    """Serve a repository as it lies; gives the base address.

    By nginx where it is installed, by the standard library's server otherwise or when ``plain``.
    """
    programme = None if plain else nginx()
    prefix = f"/repository/{key_id}/"
    if programme is None:
        with _standard_server(repository, prefix) as address:
            yield address
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    aside.mkdir(parents=True, exist_ok=True)
    user = "user root;" if Path("/root").owner() == Path.home().owner() else ""
    config = _NGINX.format(folder=aside, port=port, prefix=prefix, root=repository, user=user)
    (aside / "nginx.conf").write_text(config, "utf-8")
    command = [programme, "-c", str(aside / "nginx.conf"), "-p", str(aside)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(60)


def _wait_for(port: int) -> None:
    for _ in range(3_000):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise RuntimeError("nginx did not start")


@contextlib.contextmanager
def _standard_server(repository: Path, prefix: str) -> Iterator[str]:
    class Handler(http.server.SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def translate_path(self, path: str) -> str:
            inside = path[len(prefix) :] if path.startswith(prefix) else "nowhere"
            return str(repository / inside)

        def log_message(self, *_: Any) -> None:
            return

    handler = functools.partial(Handler, directory=str(repository))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class StaticLaptop:
    """A laptop that trusts one publisher and knows only where the repository is served."""

    def __init__(self, folder: Path, publisher: PublicKey) -> None:
        make_member(folder, (AIGERIM,), Identity.generate(), Identity.generate())
        self.laptop = Laptop.open(folder)
        self.store = self.laptop._store
        member = self.store.enrolled().with_publishers({publisher.key_id: publisher.raw})
        self.store.keep_membership(member)
        self.packs = folder / "packs"
        self._publisher = publisher

    def update(
        self,
        address: str,
        repository: Repository,
        road: Optional[HttpRoad] = None,
        cancel: Callable[[], bool] = lambda: False,
    ) -> Delivery:
        """Fetch what the repository has: its number is all that a server would have told."""
        serial = repository.catalogue({self._publisher.key_id: self._publisher.raw}).serial
        heard: List[SyncProgress] = []
        used = road or HttpRoad(address)
        try:
            supply = Supply(self.store, self.laptop._library, used, heard.append, cancel)
            return supply.run({self._publisher.key_id: serial})
        finally:
            self.heard = heard
            if road is None:
                used.close()

    def close(self) -> None:
        self.laptop.close()


def port_of(address: str) -> int:
    """The port in a base address."""
    return int(urlsplit(address).port or 0)
