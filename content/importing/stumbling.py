"""Libraries raise whatever they stumble over in a stranger's file: here it becomes one error."""

from __future__ import annotations

import contextlib
from typing import Iterator

from content.errors import ContentError
from content.importing.errors import ImportFailure


@contextlib.contextmanager
def stumbling(name: str, kind: str) -> Iterator[None]:
    """Turn any error but our own into ImportFailure: ``name`` is no ``kind`` that can be read."""
    try:
        yield
    except ContentError:
        raise
    except MemoryError as problem:
        raise ImportFailure(f"{name} is too large for this machine; split it.") from problem
    except Exception as problem:
        reason = " ".join(str(problem).encode("ascii", "replace").decode().split())[:80]
        raise ImportFailure(
            f"{name} is damaged or no {kind} ({type(problem).__name__}: {reason}); open it in the "
            "programme that made it and save it again."
        ) from problem
