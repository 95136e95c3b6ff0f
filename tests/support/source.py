"""The project's own source as syntax trees, for the tests that judge its structure."""

from __future__ import annotations

import ast
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Dict, Iterator, NamedTuple, Optional, Tuple

ROOT = Path(__file__).resolve().parent.parent.parent


class Module(NamedTuple):
    """A Python file: its path from the root, such as `sync/roads/http.py`, its text and tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The dotted name it is imported by."""
        return self.path[: -len(".py")].replace("/", ".").replace(".__init__", "")

    @property
    def package(self) -> str:
        """The top-level package it belongs to."""
        return self.path.split("/")[0]


class Import(NamedTuple):
    """One imported dotted name and the line it is on."""

    name: str
    line: int


def _is_source(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return not any(part.startswith(".") or part == "__pycache__" for part in parts)


def modules(*packages: str) -> Tuple[Module, ...]:
    """Return every module of these top-level packages."""
    return tuple(module for package in packages for module in _of_package(package))


@lru_cache(maxsize=None)
def _of_package(package: str) -> Tuple[Module, ...]:
    found = []
    for path in sorted((ROOT / package).rglob("*.py")):
        if _is_source(path):
            text = path.read_text(encoding="utf-8")
            name = path.relative_to(ROOT).as_posix()
            found.append(Module(name, text, ast.parse(text, name)))
    return tuple(found)


def imports(module: Module) -> Tuple[Import, ...]:
    """Return everything a module imports, wherever in it; `from a import b` gives `a.b`."""
    known = _IMPORTS.get(module.path, (None, ()))
    if known[0] is not module.tree:
        _IMPORTS[module.path] = known = (module.tree, tuple(_imports(module)))
    return known[1]


_IMPORTS: Dict[str, Tuple[Optional[ast.Module], Tuple[Import, ...]]] = {}


def _imports(module: Module) -> Iterator[Import]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            for alias in node.names:
                yield Import(f"{base}.{alias.name}", node.lineno)


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    if not module.path.endswith("__init__.py"):
        parts = parts[:-1]
    parts = parts[: len(parts) - node.level + 1]
    return ".".join([*parts, *([node.module] if node.module else [])])


def tracked_files() -> Tuple[str, ...]:
    """Return the paths that git tracks; outside a checkout, every file of the source."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=str(ROOT), capture_output=True, text=True, check=False
    )
    if listed.returncode == 0:
        return tuple(name for name in listed.stdout.split("\0") if name)
    files = (path for path in ROOT.rglob("*") if path.is_file() and _is_source(path))
    return tuple(path.relative_to(ROOT).as_posix() for path in files)
