"""A school's server for tests: called directly, in a thread, or as a process that can be killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Callable, Iterator, Optional, Sequence, Tuple
from urllib.parse import urlsplit

from sync.clock import Clock, SystemClock
from sync.errors import (
    CancelledError,
    EnrolmentError,
    LinkError,
    ObjectError,
    RefusedError,
    SyncError,
)
from sync.objects import Download, ObjectSpec
from sync.people import Person
from sync_server.data_folder import DataFolder
from sync_server.exchanges.exchanges import ExchangeService
from sync_server.lessons.publishing import Published, publish
from sync_server.people.codes import IssuedCode, Wish, issue_code
from sync_server.people.enrolments import EnrolmentService
from sync_server.settings import SCHOOL
from sync_server.store.sqlite import SqliteStore

ROOT = Path(__file__).parents[2]
SCHOOL_NAME = "Ақсу орта мектебі"


class School:
    """A server's data folder with its services, usable without any network."""

    def __init__(self, root: Path, clock: Optional[Clock] = None) -> None:
        self.folder = DataFolder(root)
        self.folder.create()
        self.identity = self.folder.identity()
        self.clock: Clock = clock or SystemClock()
        self.store: SqliteStore = self.folder.open_store()
        with self.store.transaction() as transaction:
            transaction.set_setting(SCHOOL, SCHOOL_NAME)
        self.exchanges = ExchangeService(self.store, self.identity, self.clock)
        self.enrolments = EnrolmentService(self.store, self.identity, self.clock)

    def code(
        self,
        students: Sequence[str] = (),
        teachers: Sequence[str] = (),
        class_name: str = "7А",
        laptops: int = 1,
    ) -> IssuedCode:
        """Give out a code for these people."""
        wish = Wish(class_name, tuple(students), tuple(teachers), laptops)
        return issue_code(self.store, self.identity.public.device_id, self.clock, wish)

    def publish(self, repository: Path, trust: Optional[str] = None) -> Published:
        """Publish a repository."""
        return publish(self.store, self.folder.repositories, repository, trust)

    def people(self, class_name: str = "7А") -> Tuple[Person, ...]:
        """Everybody of a class."""
        with self.store.transaction() as transaction:
            return transaction.people_of_class(class_name)

    def road(self) -> MemoryRoad:
        """A road that ends here."""
        return MemoryRoad(self)

    def restart(self) -> None:
        """Let go of the database and open it again."""
        self.store.close()
        self.store = self.folder.open_store()
        self.exchanges = ExchangeService(self.store, self.identity, self.clock)
        self.enrolments = EnrolmentService(self.store, self.identity, self.clock)

    def close(self) -> None:
        self.store.close()


@contextlib.contextmanager
def open_school(root: Path, clock: Optional[Clock] = None) -> Iterator[School]:
    """A school for as long as a block lasts."""
    school = School(root, clock)
    try:
        yield school
    finally:
        school.close()


class MemoryRoad:
    """What ``HttpRoad`` does, by calling a school's services: the same errors, no network.

    ``lose_request`` and ``lose_answer`` make the next exchange break at that point.
    """

    def __init__(self, school: School) -> None:
        self._school = school
        self.requests = 0
        self.sent_bytes = 0
        self.received_bytes = 0
        self.lose_request = False
        self.lose_answer = False

    def __enter__(self) -> MemoryRoad:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def close(self) -> None:
        return None

    def exchange(self, request: bytes) -> bytes:
        return self._carry(self._school.exchanges.exchange, request)

    def enrol(self, request: bytes) -> bytes:
        return self._carry(self._school.enrolments.enrol, request)

    def fetch(self, path: str, max_bytes: int) -> bytes:
        file = self._file(path)
        if not file.is_file():
            raise ObjectError("object-missing", path)
        data = file.read_bytes()
        if len(data) > max_bytes:
            raise ObjectError("object-size", path)
        self._count(0, len(data))
        return data

    def download(
        self,
        spec: ObjectSpec,
        part_path: Path,
        final_path: Path,
        *,
        repository: str,
        progress: Optional[Callable[[int, int], None]] = None,
        cancel: Optional[Callable[[], bool]] = None,
    ) -> None:
        if final_path.exists():
            return
        file = self._file(f"{repository}/objects/{spec.sha256[:2]}/{spec.sha256}")
        if not file.is_file():
            raise ObjectError("object-missing", spec.sha256)
        with Download(spec, part_path) as download, file.open("rb") as source:
            source.seek(download.position_bytes)
            while not download.complete:
                if cancel is not None and cancel():
                    raise CancelledError(spec.sha256)
                data = source.read(1 << 16)
                download.write(data)
                self._count(0, len(data))
                if progress is not None:
                    progress(download.position_bytes, spec.size_bytes)
            download.finish(final_path)

    def _file(self, path: str) -> Path:
        assert path.startswith("/repository/")
        return self._school.folder.repositories / path[len("/repository/") :]

    def _carry(self, service: Callable[[bytes], bytes], request: bytes) -> bytes:
        if self.lose_request:
            self.lose_request = False
            raise LinkError("link-lost", "the request")
        try:
            answer = service(request)
        except SyncError as error:
            kind = EnrolmentError if error.code.startswith("enrolment-") else RefusedError
            raise kind(error.code) from error
        if self.lose_answer:
            self.lose_answer = False
            raise LinkError("link-lost", "the answer")
        self._count(len(request), len(answer))
        return answer

    def _count(self, sent_bytes: int, received_bytes: int) -> None:
        self.requests += 1
        self.sent_bytes += sent_bytes
        self.received_bytes += received_bytes


@contextlib.contextmanager
def running_server(root: Path, clock: Optional[Clock] = None) -> Iterator[str]:
    """Serve a data folder from a thread; yields the URL. The folder must have been made."""
    from sync_server.app import create_app
    from sync_server.http.runner import listen, make_server
    from sync_server.network.addresses import url

    ready = threading.Event()
    listener = listen("127.0.0.1", 0)
    server = make_server(create_app(root, clock), ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        assert ready.wait(60), "the server did not start"
        yield url(*listener.getsockname()[:2])
    finally:
        server.should_exit = True
        thread.join(60)
        listener.close()
        assert not thread.is_alive(), "the server did not stop"


def connect(url: str) -> socket.socket:
    """A connection to a server, to say on it whatever one likes."""
    parts = urlsplit(url)
    return socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=60)


class ServerProcess:
    """``keruen-server run`` as a process of its own."""

    def __init__(
        self, root: Path, *options: str, python: str = sys.executable, quiet: bool = True
    ) -> None:
        command = [python, "-m", "sync_server", "run", "--data", str(root), "--json"]
        command += ["--quiet"] if quiet else []
        command += ["--host", "127.0.0.1", *(options or ("--port", "0"))]
        self.process: subprocess.Popen[str] = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(self.process.communicate()[1])
        self.url: str = json.loads(line)["listening"]

    def kill(self) -> None:
        """Pull the plug."""
        self.process.kill()
        self.wait()

    def stop(self) -> int:
        """Ask it to stop and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end and return its exit code."""
        self.process.communicate(timeout=60)
        return self.process.returncode

    def __enter__(self) -> ServerProcess:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()


def server_command(*arguments: str) -> Tuple[int, str, str]:
    """Run a ``keruen-server`` command here and return its exit code, output and errors."""
    import io

    from sync_server.cli import main

    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        try:
            code = main(list(arguments))
        except SystemExit as exit_:
            code = int(exit_.code or 0)
    return code, output.getvalue(), errors.getvalue()


def server_json(*arguments: str) -> Any:
    """Run a ``keruen-server`` command that must succeed and return the JSON that it prints."""
    code, output, errors = server_command(*arguments)
    assert code == 0, errors
    return json.loads(output)
