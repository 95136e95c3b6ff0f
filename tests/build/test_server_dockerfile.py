"""The container's description, read as Docker would (no Docker is needed, or asked)."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Dict, List, Tuple

from sync_server.commands.arguments import make_parser
from sync_server.network.addresses import DEFAULT_PORT
from tests.support.source import ROOT

FILE = ROOT / "build" / "server.dockerfile"
INSTRUCTIONS = {
    "FROM",
    "COPY",
    "RUN",
    "USER",
    "VOLUME",
    "EXPOSE",
    "STOPSIGNAL",
    "HEALTHCHECK",
    "ENTRYPOINT",
    "CMD",
}
"""Of Dockerfile's reference, what is used here; a word that is misspelt is none of them."""


def parsed(text: str) -> List[Tuple[str, str]]:
    """The instructions of a Dockerfile with their arguments, in order."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1].strip()) for line in joined]


def found() -> Dict[str, List[str]]:
    made: Dict[str, List[str]] = {}
    for name, argument in parsed(FILE.read_text(encoding="utf-8")):
        made.setdefault(name, []).append(argument)
    return made


def test_every_instruction_is_one() -> None:
    instructions = parsed(FILE.read_text(encoding="utf-8"))
    assert {name for name, _ in instructions} == INSTRUCTIONS
    assert instructions[0][0] == "FROM"
    assert parsed("# x\nRUN a \\\n  b\n") == [("RUN", "a    b")]


def test_what_is_copied_is_there_and_enough_to_install() -> None:
    sources = [word for line in found()["COPY"] for word in line.split()[:-1]]
    assert [one for one in sources if not (ROOT / one).exists()] == []
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (packages,) = re.findall(r"^packages = (\[.*\])$", project.partition("[tool.mypy]")[0], re.M)
    assert set(json.loads(packages)) | {"pyproject.toml", "README.md", "LICENSE"} == set(sources)
    assert "server = [" in project
    assert '"/keruen[server]"' in found()["RUN"][0]


def test_it_runs_our_command_as_nobody_special_on_its_port() -> None:
    made = found()
    (entry,), (rest,) = made["ENTRYPOINT"], made["CMD"]
    assert json.loads(entry) == ["keruen-server"]
    options = make_parser().parse_args(json.loads(rest))
    assert (options.command, str(options.data)) == ("run", made["VOLUME"][0])
    assert made["EXPOSE"] == [str(DEFAULT_PORT)]
    (user,) = made["USER"]
    assert f"useradd --create-home --uid 10001 {user}" in made["RUN"][0]
    assert f"--owner {user} --mode 0700 {made['VOLUME'][0]}" in made["RUN"][0]


def test_its_health_is_asked_for_by_a_command_that_python_understands() -> None:
    (check,) = found()["HEALTHCHECK"]
    words = json.loads(check.partition("CMD ")[2])
    assert words[:2] == ["python3", "-c"]
    compile(words[2], "health", "exec")
    assert f":{DEFAULT_PORT}/healthz" in words[2]


def test_the_page_names_it_as_it_is() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```console\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    build, init, run = [shlex.split(line) for line in block.splitlines()]
    image = build[build.index("-t") + 1]
    assert ROOT / build[build.index("-f") + 1] == FILE
    assert ROOT / Path(build[-1]) == ROOT
    assert make_parser().parse_args(init[init.index(image) + 1 :]).command == "init"
    assert run[-1] == image
    assert f"{DEFAULT_PORT}:{DEFAULT_PORT}" in run
    volumes = {words[words.index("-v") + 1] for words in (init, run)}
    assert volumes == {f"keruen:{found()['VOLUME'][0]}"}
