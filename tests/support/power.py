"""A power cut at any step that a programme takes on its disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, Callable

import pytest

_STEPS = (
    (os, "fsync"),
    (os, "replace"),
    (os, "link"),
    (Path, "replace"),
    (Path, "rename"),
    (Path, "unlink"),
    (shutil, "rmtree"),
)


class PowerCut(BaseException):
    """The machine went off; no handler of ordinary errors may catch it."""


class Power:
    """Lets ``steps`` steps on the disk happen, then none: not even those that clean up.

    The file whose flush is cut loses the second half of what was written to it.
    """

    def __init__(self, patch: pytest.MonkeyPatch, steps: int) -> None:
        self.left = steps
        for owner, name in _STEPS:
            patch.setattr(owner, name, self._guarded(getattr(owner, name), name))

    def _guarded(self, act: Callable[..., Any], name: str) -> Callable[..., Any]:
        def guarded(*arguments: Any, **options: Any) -> Any:
            if self.left <= 0:
                if name == "fsync" and self.left == 0:
                    _tear(arguments[0])
                self.left -= 1
                raise PowerCut
            self.left -= 1
            return act(*arguments, **options)

        return guarded


def every_step(patch: pytest.MonkeyPatch, look: Callable[[], None]) -> None:
    """Call ``look`` before and after every step on the disk."""

    def watched(act: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            look()
            found = act(*arguments, **options)
            look()
            return found

        return step

    for owner, name in _STEPS:
        patch.setattr(owner, name, watched(getattr(owner, name)))


def _tear(handle: int) -> None:
    try:
        os.ftruncate(handle, os.fstat(handle).st_size // 2)
    except OSError:
        return  # a folder
