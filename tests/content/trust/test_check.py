from __future__ import annotations

import json
from pathlib import Path

import pytest

from content.cli import main
from content.trust.check import trust_problems
from content.trust.files import TrustFile
from content.trust.publishing import attach
from tests.support import trust as world
from tests.support.packs import build_sample
from tests.support.trust import (
    HOLDERS,
    MINISTRY,
    ROOT_FILE,
    ROOT_ID,
    TEACHER,
    chain_of,
    withdraw,
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for number in (1, 2):
        chain = chain_of((MINISTRY, TEACHER), {1: {"number": number}})
        files = {
            TrustFile("roots", f"{ROOT_ID}/1"): ROOT_FILE,
            TrustFile("chains", world.chain_name(chain)): chain,
            TrustFile("withdrawals", ROOT_ID): withdraw(HOLDERS[:2], ROOT_ID, 3),
        }
        attach(tmp_path / "repository", files, TEACHER)
    return tmp_path / "repository"


def test_a_whole_repository(repository: Path, tmp_path: Path) -> None:
    assert trust_problems(repository) == ()
    build_sample(tmp_path / "direct", video_bytes=1000)
    assert trust_problems(tmp_path / "direct" / "repository") == ()


def test_every_flipped_byte_is_found_in_its_file(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in sorted((repository / "trust").rglob("*")):
        if not path.is_file():
            continue
        good = path.read_bytes()
        for at in range(0, len(good), 37):
            bad = bytearray(good)
            bad[at] ^= 1 + at % 255
            path.write_bytes(bytes(bad))
            named = [one.path for one in trust_problems(repository)]
            assert path.relative_to(repository).as_posix() in named
        capsys.readouterr()
        assert main(["verify", str(repository), "--json"]) == 1
        found = json.loads(capsys.readouterr().out)
        assert path.relative_to(repository).as_posix() in [one["path"] for one in found]
        path.write_bytes(good)
    assert main(["verify", str(repository)]) == 0


def test_what_the_catalogue_needs_and_is_not_there(repository: Path) -> None:
    (repository / "trust" / "withdrawals" / ROOT_ID).unlink()
    assert [(one.path, one.code) for one in trust_problems(repository)] == [
        ("catalogue", "held-back")
    ]
