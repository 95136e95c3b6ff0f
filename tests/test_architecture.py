"""The structure that docs/architecture.md describes, as tests."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path
from typing import Iterator, List, Set, Tuple

import pytest

from tests.support.source import ROOT, Module, imports, modules, tracked_files
from tests.support.tested_elsewhere import TESTED_ELSEWHERE

PACKAGES = ("client", "content", "sync", "sync_server")
MAY_IMPORT = {
    "content": {"content"},
    "sync": {"sync"},
    "sync_server": {"sync_server", "sync", "content"},
    "client": {"client", "sync", "content"},
}
OURS = {*PACKAGES, "build", "tests"}
FOR_PYTHON_38 = ("build", "client", "content", "sync")
MAX_LINES = 400

KIVY_VIEWS = ("client/screens/", "client/widgets/", "client/app.py")
KIVY_OF_THE_THEME = ("kivy.metrics", "kivy.core.text")
KIVY_OF_A_MODEL = ("kivy.event", "kivy.properties")


def test_imports_go_one_way() -> None:
    wrong = [
        f"{module.path}:{one.line}: {one.name}"
        for module in modules(*PACKAGES)
        for one in imports(module)
        if one.name.split(".")[0] in OURS - MAY_IMPORT[module.package]
    ]
    assert wrong == []


def _kivy_allowed(path: str) -> Tuple[str, ...]:
    """Return the beginnings of the kivy names that a module may import."""
    if path.startswith("client/screens/") and path.endswith("/model.py"):
        return KIVY_OF_A_MODEL
    if path.startswith(KIVY_VIEWS):
        return ("kivy",)
    if path == "client/picture.py":
        return ("kivy.graphics",)
    if path.startswith("client/theme/"):
        return KIVY_OF_THE_THEME
    return ()


def _misplaced_kivy(module: Module) -> Iterator[str]:
    allowed = _kivy_allowed(module.path)
    for one in imports(module):
        if one.name.split(".")[0] == "kivy" and not one.name.startswith(allowed or ("-",)):
            yield f"{module.path}:{one.line}: {one.name}"


def test_kivy_stays_in_the_view() -> None:
    wrong = [line for module in modules(*PACKAGES) for line in _misplaced_kivy(module)]
    assert wrong == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("client/laptop/laptop.py", "import kivy"),
        ("client/screens/task/model.py", "from kivy.uix.label import Label"),
        ("client/screens/task/model.py", "import kivy.clock"),
        ("client/theme/tokens.py", "from kivy.core.window import Window"),
        ("client/video/player.py", "def play():\n    from kivy.clock import Clock"),
        ("client/cli.py", "from kivy import Config"),
    ],
)
def test_misplaced_kivy_would_be_found(path: str, text: str) -> None:
    assert list(_misplaced_kivy(Module(path, text, ast.parse(text))))


def test_syntax_is_that_of_python_38() -> None:
    for module in modules(*FOR_PYTHON_38):
        ast.parse(module.text, module.path, feature_version=(3, 8))


def _outside_annotations(node: ast.AST) -> Iterator[ast.AST]:
    """Walk what is evaluated at run time: annotations are not, thanks to the future import."""
    yield node
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _outside_annotations(child)


_BUILT_IN = {"dict", "frozenset", "list", "set", "tuple", "type", "int", "str", "bytes", "float"}
_NEWER_METHODS = {"removeprefix", "removesuffix", "is_relative_to", "with_stem", "readlink"}
_NEWER_MODULES = {"graphlib", "zoneinfo"}


def _too_new(module: Module) -> Iterator[Tuple[int, str]]:
    """Yield what Python 3.8 parses but cannot run."""
    from_abc: Set[str] = set()
    for one in imports(module):
        if one.name.startswith("collections.abc."):
            from_abc.add(one.name.rsplit(".", 1)[1])
        if one.name.split(".")[0] in _NEWER_MODULES or one.name == "functools.cache":
            yield one.line, one.name
    for node in _outside_annotations(module.tree):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            if node.value.id in from_abc | _BUILT_IN:
                yield node.lineno, f"{node.value.id}[...] at run time"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            names = {side.id for side in (node.left, node.right) if isinstance(side, ast.Name)}
            if names & _BUILT_IN:
                yield node.lineno, "a union of types at run time"
        elif isinstance(node, ast.Attribute) and node.attr in _NEWER_METHODS:
            yield node.lineno, f".{node.attr}"


def test_nothing_is_too_new_for_python_38() -> None:
    wrong = [
        f"{module.path}:{line}: {what}"
        for module in modules(*FOR_PYTHON_38)
        for line, what in _too_new(module)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "Names = list[str]",
        "isinstance(1, int | str)",
        "'a'.removeprefix('a')",
        "from functools import cache",
        "from collections.abc import Mapping\nTexts = Mapping[str, str]",
        "def f(x=dict[str, int]): pass",
    ],
)
def test_what_is_too_new_would_be_found(text: str) -> None:
    assert list(_too_new(Module("client/x.py", text, ast.parse(text))))


def test_annotations_may_be_newer() -> None:
    text = (
        "def f(names: list[str] | None) -> dict[str, int]:\n    x: tuple[int] = ()\n    return {}"
    )
    assert list(_too_new(Module("client/x.py", text, ast.parse(text)))) == []


def test_annotations_are_never_evaluated() -> None:
    wrong = [
        module.path
        for module in modules(*PACKAGES, "build", "tests")
        if module.tree.body
        and "__future__.annotations" not in {one.name for one in imports(module)}
    ]
    assert wrong == []


def test_a_module_is_read_in_one_sitting() -> None:
    lengths = {
        module.path: len(module.text.splitlines())
        for module in modules(*PACKAGES, "build", "tests")
    }
    assert {path: lines for path, lines in lengths.items() if lines > MAX_LINES} == {}


# build/ is source here, though packaging tools like to write into a folder of that name.

_BUILD_FILES = {".py", ".in", ".txt", ".lock", ".spec", ".dockerfile"}


def _foreign(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        if path.name == "__pycache__":
            continue
        if path.is_dir() and not (path / "__init__.py").exists():
            yield path.name
        elif path.is_dir():
            yield from (f"{path.name}/{name}" for name in _foreign(path))
        elif path.suffix not in _BUILD_FILES:
            yield path.name


def test_packaging_tools_wrote_nothing_into_build() -> None:
    assert list(_foreign(ROOT / "build")) == []


@pytest.mark.parametrize("name", ["build/anything.py", "build/new/__init__.py", "build/new.spec"])
def test_build_is_not_swallowed_by_ignore_rules(name: str) -> None:
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    ignored = subprocess.run(["git", "check-ignore", "-q", name], cwd=str(ROOT), check=False)
    assert ignored.returncode == 1


def test_every_programme_tells_the_same_version() -> None:
    project = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.M)
    assert project
    told = {
        package: re.findall(
            r'^__version__ = "(.+)"$', (ROOT / package / "__init__.py").read_text(), re.M
        )
        for package in ("client", "content", "sync_server")
    }
    assert told == {package: [project[1]] for package in told}


# What the project holds names neither the machine it was made on nor where packages come from.

_FOREIGN = re.compile(
    "|".join(
        [
            r"(?<![\w.])/(?:work|root|home)/\w",
            r"(?<![\w.])/tmp/(?!x\b)\w+/",
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
            "deb" + r"\.debian\.org",
            "--(?:extra-)?index" + r"-url[ =]",
        ]
    )
)
_TEXT = {".cfg", ".in", ".json", ".kv", ".lock", ".md", ".py", ".sh", ".spec", ".toml", ".txt", ""}


def _foreign_lines() -> Iterator[str]:
    for name in tracked_files():
        path = ROOT / name
        # A frozen repository's objects are named by their hash, with no ending, and hold any bytes.
        if path.suffix not in _TEXT or not path.is_file() or "objects" in path.parts:
            continue
        if name == "tests/test_architecture.py":
            continue
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), 1
        ):
            if _FOREIGN.search(line):
                yield f"{name}:{number}: {line.strip()[:80]}"


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    assert list(_foreign_lines()) == []


@pytest.mark.parametrize(
    "line", ["cd /work" + "/main", "see https://pypi" + ".org/simple", "--index" + "-url=x"]
)
def test_such_a_name_would_be_found(line: str) -> None:
    assert _FOREIGN.search(line)


# Tests mirror the source: tests/<package>/test_<module>.py.

MIRRORED = ("content", "sync", "sync_server", "client/laptop", "build")
SMALL_LINES = 30
"""Shorter modules are tested by way of those that use them."""
MAKERS = ("build/demo/", "build/shots.py", "content/samples/", "sync/dictionaries/")
"""What makes pictures, films and dictionaries, or walks the road: its results are tested."""


def _has_behaviour(module: Module) -> bool:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    has_functions = any(isinstance(node, functions) for node in ast.walk(module.tree))
    return has_functions and len(module.text.splitlines()) > SMALL_LINES


def _untested() -> List[str]:
    untested = []
    for area in MIRRORED:
        package = area.split("/")[0]
        tests = {path.stem for path in (ROOT / "tests" / package).rglob("test_*.py")}
        for module in modules(package):
            stem = Path(module.path).stem
            if not module.path.startswith(area + "/") or stem.startswith("__"):
                continue
            if module.path.startswith(MAKERS):
                continue
            mirrored = any(
                name == f"test_{stem}" or name.startswith(f"test_{stem}_") for name in tests
            )
            if _has_behaviour(module) and not mirrored and module.path not in TESTED_ELSEWHERE:
                untested.append(module.path)
    return untested


def test_tests_mirror_the_source() -> None:
    assert _untested() == []


@pytest.mark.parametrize("module", sorted(TESTED_ELSEWHERE))
def test_what_is_tested_elsewhere_is_there(module: str) -> None:
    assert (ROOT / module).exists()
    assert (ROOT / TESTED_ELSEWHERE[module]).exists()
