"""One piece of work on one file, and the name under which its result is kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping, Tuple

VERSIONS: Mapping[str, int] = {"import": 1, "record": 1, "picture": 1}
"""Raised whenever a step would make something else of the same file: then all are made again."""
OUTCOME = "outcome.json"


@dataclass(frozen=True)
class Step:
    """What to do with a file: "import" it, make a "record" ready (video, sound), or a "picture".

    ``name`` is what the file is called to people; ``sha256`` is that of what it holds.
    """

    kind: str
    name: str
    origin: Path
    size_bytes: int
    sha256: str
    options: Tuple[Tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The name of the result: the same for the same content, options and code."""
        # What is said of a document names it; a recording stays the same under another name.
        name = self.name if self.kind == "import" else ""
        said = [self.kind, VERSIONS[self.kind], name, self.sha256, list(self.options)]
        return hashlib.sha256(json.dumps(said).encode("utf-8")).hexdigest()[:32]

    def option(self, name: str) -> str:
        """One of the options, or nothing."""
        return dict(self.options).get(name, "")

    @property
    def cost(self) -> int:
        """What it takes beside other steps: bytes, weighed by how long a byte takes."""
        return max(1, self.size_bytes) * (20 if self.kind == "record" else 1) + 50_000


@dataclass(frozen=True)
class Result:
    """What became of a step: files in ``folder`` and what ``values`` tell; or why not."""

    folder: Path
    values: Mapping[str, Any]

    @property
    def failure(self) -> str:
        """Why nothing was made, as a sentence; nothing when it was."""
        return str(self.values.get("failed", ""))
