"""A place where an empty stick is in: a real file system where this machine mounts images."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Iterator, Mapping, Optional

import pytest

from tests.support.file_systems import check_image, make_image, mounted

FILE_SYSTEMS: Mapping[str, str] = {"fat32": "FAT32", "exfat": "exFAT"}


@contextlib.contextmanager
def stick_at(root: Path, file_system: Optional[str]) -> Iterator[str]:
    """Have an empty stick at ``root`` for the block; tells what it really is.

    Its image lies beside it, with the ending ``.img``, and is sound afterwards. Where this machine
    cannot mount one, or no file system is asked for, it is a folder.
    """
    image = root.with_suffix(".img")
    with contextlib.ExitStack() as stack:
        kind = "a plain folder"
        try:
            if file_system:
                make_image(file_system, image)
                stack.enter_context(mounted(file_system, image, root))
                kind = f"{FILE_SYSTEMS[file_system]} in an image file, mounted"
        except pytest.skip.Exception as refusal:
            kind += f" ({refusal.msg})"
            image.unlink()
        root.mkdir(exist_ok=True)
        yield kind
    if file_system and image.exists():
        # Nothing that checks is no reason to skip what was done.
        with contextlib.suppress(pytest.skip.Exception):
            check_image(file_system, image)
