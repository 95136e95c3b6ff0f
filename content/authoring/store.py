"""Results of steps on the disk, so that a second time makes only what changed.

A result is a folder that appears whole, by being renamed, and is never changed afterwards.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path
from typing import AbstractSet, Any, Mapping, Optional

from content.authoring.step import OUTCOME, Result, Step
from content.errors import ContentError
from content.storage import read_bounded, storage_errors, write_durably

_DRAFTS = "drafts"
_MAX_OUTCOME_BYTES = 64 * 1024 * 1024


class Store:
    """The results below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, step: Step) -> Optional[Result]:
        """What a step made before, or None."""
        folder = self.folder / step.key
        try:
            values = json.loads(read_bounded(folder / OUTCOME, _MAX_OUTCOME_BYTES))
        except (ContentError, ValueError, RecursionError):
            return None
        return Result(folder, values) if isinstance(values, dict) else None

    def draft(self, step: Step) -> Path:
        """An empty folder for a step to write into."""
        folder = self.folder / _DRAFTS / step.key
        with storage_errors(folder):
            if folder.exists():
                shutil.rmtree(folder)
            folder.mkdir(parents=True)
        return folder

    def put(self, step: Step, draft: Path, values: Mapping[str, Any]) -> Result:
        """Keep what a step wrote into its draft."""
        data = json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
        folder = self.folder / step.key
        with storage_errors(folder):
            write_durably(draft / OUTCOME, [data])
            if folder.exists():
                shutil.rmtree(folder)
            draft.rename(folder)
        return Result(folder, json.loads(data))

    def keep_only(self, keys: AbstractSet[str]) -> None:
        """Delete the results of other steps, and drafts that a killed process left."""
        with contextlib.suppress(OSError):
            for folder in self.folder.iterdir():
                if folder.name not in keys:
                    shutil.rmtree(folder, ignore_errors=True)
