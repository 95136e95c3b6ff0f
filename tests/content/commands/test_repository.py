from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, List

import pytest

from content.cli import main
from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from tests.support.packs import KEY, OTHER_KEY, TRUSTED, write_source

ROOT = Path(__file__).parents[3]


@pytest.fixture
def key(tmp_path: Path) -> str:
    KEY.save(tmp_path / "key")
    return str(tmp_path / "key")


def source(folder: Path, version: int, text: str = "# Текст\n", video_bytes: int = 300_000) -> str:
    place = write_source(folder / f"s{version}", version=version, video_bytes=video_bytes)
    (place / "lessons" / "meaning" / "text.ru.md").write_text(text, "utf-8")
    return str(place)


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_publish_diff_and_gc(tmp_path: Path, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    repository = str(tmp_path / "r")
    for version in (1, 2, 3):
        name = "publish" if version > 1 else "build"
        text = f"# {version}\n"
        assert main([name, source(tmp_path, version, text), repository, "--key", key]) == 0
    capsys.readouterr()
    assert main(["diff", repository, "equations"]) == 0
    words = capsys.readouterr().out
    assert "equations: version 2 to 3" in words
    assert "changed: lessons/meaning/text.ru.md" in words
    assert all(f"at {rate} kbit/s" in words for rate in (256, 1000, 4000))
    assert main(["diff", repository, "equations", "1", "--json"]) == 0
    found: Dict[str, Any] = told(capsys)
    assert (found["old"], found["new"], found["moved"]) == (1, 3, [])
    assert found["seconds_by_bits_s"]["256000"] == pytest.approx(
        found["total_bytes"] / 32_000, abs=1e-3
    )
    stray = tmp_path / "r" / "objects" / "00" / ("00" * 32)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"of nobody")
    assert main(["gc", repository]) == 0
    assert not stray.exists()
    assert "files were deleted" in capsys.readouterr().out
    assert main(["gc", repository, "--keep", "1", "--key", key, "--json"]) == 0
    assert told(capsys)["files"] > 0
    assert main(["verify", repository]) == 0


def test_what_gc_refuses(tmp_path: Path, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    repository = str(tmp_path / "r")
    main(["publish", source(tmp_path, 1), repository, "--key", key])
    assert main(["gc", repository, "--keep", "1"]) == 1
    assert "give --key FILE" in capsys.readouterr().err
    OTHER_KEY.save(tmp_path / "other")
    assert main(["gc", repository, "--keep", "1", "--key", str(tmp_path / "other")]) == 1
    assert "is not the key of" in capsys.readouterr().err
    for count in ("0", "-1", "many"):
        with pytest.raises(SystemExit):
            main(["gc", repository, "--keep", count, "--key", key])
    assert main(["diff", repository, "other"]) == 1
    assert "no pack called" in capsys.readouterr().err
    assert main(["diff", repository, "equations"]) == 1
    assert "nothing to compare" in capsys.readouterr().err


def test_the_second_time_media_are_not_read(
    tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from content.repositories import hash_cache

    monkeypatch.setattr(hash_cache, "_SETTLED_NS", -1)
    place = source(tmp_path, 1)
    assert main(["publish", place, str(tmp_path / "r"), "--key", key]) == 0

    def never(*_: object) -> None:
        pytest.fail("it was read again")

    monkeypatch.setattr(hash_cache, "hash_file", never)
    assert main(["publish", place, str(tmp_path / "r"), "--key", key]) == 0


def _start(place: str, repository: Path, key: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "content.cli", "publish", place, str(repository), "--key", key]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_two_publishers_at_once(tmp_path: Path, key: str) -> None:
    main(["publish", source(tmp_path, 1), str(tmp_path / "r"), "--key", key])
    twin = write_source(tmp_path / "twin", pack="twin", version=1, video_bytes=300_000)
    places: List[str] = [source(tmp_path, 2), source(tmp_path, 2), str(twin)]
    running = [_start(place, tmp_path / "r", key) for place in places]
    for process in running:
        _, words = process.communicate(timeout=120)
        assert process.returncode == 0, words
    repository = Repository(tmp_path / "r")
    packs = {entry.pack: entry.version for entry in repository.catalogue(TRUSTED).packs}
    assert packs == {"equations": 2, "twin": 1}
    assert verify_repository(repository, TRUSTED) == ()


def test_a_publisher_that_is_killed_leaves_the_old_or_the_new(tmp_path: Path, key: str) -> None:
    repository = Repository(tmp_path / "r")
    main(["publish", source(tmp_path, 1), str(repository.folder), "--key", key])
    place = source(tmp_path, 2, "# Екі\n", 2_000_000)
    start_s = time.monotonic()
    main(["publish", place, str(tmp_path / "probe"), "--key", key])
    usual_s = 0.3 + time.monotonic() - start_s
    chance = random.Random(5)
    for _ in range(6):
        process = _start(place, repository.folder, key)
        time.sleep(chance.uniform(0.1, usual_s))
        process.kill()
        process.communicate()
        assert verify_repository(repository, TRUSTED) == ()
        assert repository.catalogue(TRUSTED).packs[0].version in (1, 2)
    assert main(["publish", place, str(repository.folder), "--key", key]) == 0
    assert repository.catalogue(TRUSTED).packs[0].version == 2
    assert verify_repository(repository, TRUSTED) == ()
