"""Reading the TOML files of a source folder, which may come from somebody else."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, Iterator, List, Tuple

from content.canonical import MAX_DEPTH
from content.errors import MissingError, SourceError
from content.fields import Fields
from content.manifest import MAX_CORE_FILE_BYTES
from content.storage import read_bounded

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_MAX_INTEGER = 2**63 - 1
"""TOML v1.0.0 asks for 64 bits."""
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*\.[ \t]*{_PART}){{{MAX_DEPTH}}}")
"""The standard library needs quadratic time for each such key."""


def read_toml(path: Path) -> Fields:
    """A TOML file; raises SourceError naming it when it is missing or cannot be read."""
    if path.is_symlink():
        raise SourceError(f"{path} is a link; put the file itself there.")
    try:
        text = read_bounded(path, MAX_CORE_FILE_BYTES).decode("utf-8")
        if _LONG_KEY.search(text):
            raise SourceError(f"{path} holds a name of more than {MAX_DEPTH} parts.")
        values = tomllib.loads(text)
    except MissingError:
        raise SourceError(f"{path} is missing; create it.") from None
    except UnicodeDecodeError:
        raise SourceError(f"{path} is not UTF-8 text; save it as UTF-8.") from None
    except RecursionError:
        raise SourceError(f"{path} cannot be read: nested too deeply.") from None
    except ValueError as problem:
        raise SourceError(f"{path} cannot be read: {problem}.") from None
    for value, depth in _values(values):
        if depth > MAX_DEPTH:
            raise SourceError(f"{path} cannot be read: nested too deeply.")
        if isinstance(value, int) and abs(value) > _MAX_INTEGER:
            raise SourceError(f"{path} holds a number of too many digits.")
    return Fields(values, str(path), SourceError)


def _values(value: Any) -> Iterator[Tuple[Any, int]]:
    """Every value in a document, with its depth."""
    left: List[Tuple[Any, int]] = [(value, 0)]
    while left:
        value, depth = left.pop()
        yield value, depth
        inside = value.values() if isinstance(value, dict) else value
        if isinstance(value, (dict, list)):
            left.extend((one, depth + 1) for one in inside)
