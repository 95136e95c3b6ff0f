"""`python3 build package`: the one-folder client and server."""

from __future__ import annotations

from typing import Sequence

from build.say import BuildError


def package(names: Sequence[str]) -> int:
    """Make the programmes in `names`, or both."""
    raise BuildError(f"packaging is not ready yet: {' '.join(names)}")
