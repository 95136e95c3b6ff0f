"""Libraries raise whatever they stumble over in a stranger's file: here it becomes one error."""

from __future__ import annotations

import contextlib
from typing import Callable, Iterable, Iterator, List, TypeVar

from content.errors import ContentError
from content.importing.errors import ImportFailure

T = TypeVar("T")


def attempted(read: Callable[[], Iterable[T]], note: Callable[[str], None]) -> List[T]:
    """What one part of a file gives: a damaged one is named and spoils no other.

    Raises ContentError and MemoryError, which are about the whole.
    """
    try:
        return list(read())
    except (ContentError, MemoryError):
        raise
    except Exception as problem:  # noqa: BLE001 - libraries raise whatever they stumble over
        note(f"A part is left out: it is damaged or unknown ({type(problem).__name__}).")
        return []


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
