"""The scene of the demo: a folder with a publisher, a school's server and two laptops in it."""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path
from typing import Dict, Iterator
from urllib.parse import urlsplit

from build.demo.account import Value
from build.demo.tools import Server, run_json, run_tool
from build.paths import ROOT
from tests.bench.counting_proxy import CountingProxy

SOURCE = ROOT / "content" / "samples" / "algebra-7-linear"
CLASS = "7А"
STUDENT = "Айгерім Тұрсынова"
TEACHER = "Гүлнар Сейітқызы"
SCHOOL = "Ақсу ауылының орта мектебі"


class Scene:
    """Everything is made anew in ``folder``, by the commands that a school would type."""

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder = folder
        self.pictures = folder / "pictures"
        self.repository = folder / "repository"
        self.server_data = folder / "server"
        self.pupil_data = folder / "pupil-laptop"
        self.teacher_data = folder / "teacher-laptop"
        self._key = folder / "publisher.key"
        self.key_id = ""

    def build_pack(self) -> Dict[str, Value]:
        """Make a publisher's key, build and sign the sample pack, and verify the result."""
        run_tool("content.cli", ["key", "new", str(self._key), "--no-passphrase"])
        self.key_id = str(
            run_json("content.cli", ["key", "show", str(self._key), "--json"])["key_id"]
        )
        began_s = time.monotonic()
        words = ["build", str(SOURCE), str(self.repository), "--key", str(self._key), "--json"]
        built = run_json("content.cli", words)
        taken_s = time.monotonic() - began_s
        run_tool("content.cli", ["verify", str(self.repository)])
        return {
            "pack": f"{built['pack']}, version {built['version']}",
            "files": built["files"],
            "bytes": built["size_bytes"],
            "text, tasks and pictures as one object, bytes": built["core_bytes"],
            "signed by": self.key_id,
            "built in, s": round(taken_s, 1),
            "verified as published": True,
        }

    def open_school(self) -> None:
        """Make the server's data and let the publisher publish there."""
        data = ["--data", str(self.server_data)]
        run_tool("sync_server", ["init", str(self.server_data), "--school", SCHOOL])
        run_tool("sync_server", ["publish", *data, str(self.repository), "--trust", self.key_id])

    def database_bytes(self) -> int:
        """How large the server's SQLite file is."""
        return (self.server_data / "server.db").stat().st_size

    def code_for(self, role: str, name: str) -> str:
        """Return the sixteen digits that let a laptop in, with one person."""
        words = ["enrol", "--data", str(self.server_data), "--class", CLASS, f"--{role}", name]
        return str(run_json("sync_server", [*words, "--json"])["code"])

    def start_server(self) -> Server:
        """Run the school's server; the caller stops it."""
        server = Server(self.server_data, self.folder / "server.log")
        server.start()
        return server

    @contextlib.contextmanager
    def counted(self, server: Server) -> Iterator[CountingProxy]:
        """Put a proxy that counts every byte before the server."""
        parts = urlsplit(server.address)
        with CountingProxy((str(parts.hostname), int(parts.port or 0))) as proxy:
            yield proxy
