"""What can be typed is in the docs: every command and option of every programme."""

from __future__ import annotations

import argparse
import re
from importlib import import_module
from typing import Iterator, List, Set, Tuple

import pytest

from tests.support.source import ROOT

PROGRAMMES = (
    ("keruen", "client.cli", "make_parser"),
    ("keruen-pack", "content.cli", "parser"),
    ("keruen-server", "sync_server.commands.arguments", "make_parser"),
    ("python3 build", "build.__main__", "parser"),
)

EVERYWHERE = {"--help", "--version"}
"""Options that every programme has; one sentence says so."""
_FILE = re.compile(r"`((?:build|client|content|sync|sync_server|tests)/[^`\s<>]*)`")


def _parser(module: str, function: str) -> argparse.ArgumentParser:
    made = getattr(import_module(module), function)()
    assert isinstance(made, argparse.ArgumentParser)
    return made


def _walk(
    name: str, parser: argparse.ArgumentParser
) -> Iterator[Tuple[str, argparse.ArgumentParser]]:
    """Yield every command as one types it, with its parser."""
    yield name, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command, below in action.choices.items():
                yield from _walk(f"{name} {command}", below)


def _options(parser: argparse.ArgumentParser) -> Set[str]:
    return {
        option
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--") and option not in EVERYWHERE
    }


def _pages() -> List[str]:
    paths = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [path.read_text(encoding="utf-8") for path in paths]


def _named(text: str, page: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(text)}(?![\w-])", page) is not None


@pytest.mark.parametrize(("name", "module", "function"), PROGRAMMES, ids=lambda one: one)
def test_every_command_is_in_the_docs(name: str, module: str, function: str) -> None:
    commands = [command for command, _ in _walk(name, _parser(module, function))]
    pages = _pages()
    assert [one for one in commands if not any(_named(one, page) for page in pages)] == []


@pytest.mark.parametrize(("name", "module", "function"), PROGRAMMES, ids=lambda one: one)
def test_every_option_is_on_a_page_that_names_its_command(
    name: str, module: str, function: str
) -> None:
    missing = []
    for command, parser in _walk(name, _parser(module, function)):
        pages = [page for page in _pages() if _named(command, page)]
        for option in sorted(_options(parser)):
            if not any(_named(option, page) for page in pages):
                missing.append(f"{command} {option}")
    assert missing == []


def test_what_is_missing_would_be_found() -> None:
    page = "Run `keruen sync-now` with `--data-folder`."
    assert not _named("keruen sync", page)
    assert not _named("--data", page)
    assert _named("keruen sync-now", page)


_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in _LINK.findall(_CODE.sub("", path.read_text(encoding="utf-8"))):
            if not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert broken == []


def test_files_that_the_pages_name_are_there() -> None:
    named = {name for page in _pages() for name in _FILE.findall(page)}
    assert len(named) > 100
    assert sorted(one for one in named if not any(ROOT.glob(one.replace("NAME", "*")))) == []


@pytest.mark.parametrize("package", ["client/laptop", "sync_server"])
def test_the_folders_of_a_large_package_are_named_with_what_they_hold(package: str) -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    folders = [one.parent.name for one in (ROOT / package).glob("*/__init__.py")]
    assert [name for name in folders if f"\n| `{name}/` | " not in text] == []


def test_every_dependency_has_its_line() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("\n[tool.")[0]
    asked = set(re.findall(r'"([a-z][a-z0-9-]*)>=', project))
    lines = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert asked
    assert [name for name in sorted(asked) if f"\n| {name} |" not in lines] == []
