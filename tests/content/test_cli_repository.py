from __future__ import annotations

import json

import pytest

from content.cli import main
from tests.support.packs import KEY, build_sample


@pytest.fixture
def two_versions(tmp_path):
    for version in (1, 2):
        build_sample(tmp_path, version=version, video_bytes=300_000)
    return tmp_path


def _say(capsys, *words):
    code = main([str(word) for word in words])
    return code, capsys.readouterr()


def test_diff_tells_what_an_update_costs(two_versions, capsys):
    repository = two_versions / "repository"
    code, said = _say(capsys, "diff", repository, "equations", "--json")
    assert code == 0
    found = json.loads(said.out)
    seconds = found["seconds_by_bits_s"]
    assert len(seconds) == 3
    slowest, *_, fastest = [seconds[rate] for rate in sorted(seconds, key=int)]
    assert 0 < fastest < slowest < 1
    assert 0 < found["total_bytes"] < 10_000


def test_diff_of_an_unknown_pack_is_a_sentence(two_versions, capsys):
    code, said = _say(capsys, "diff", two_versions / "repository", "nothing")
    assert code != 0
    assert "nothing" in said.err
    assert "Traceback" not in said.err


def test_gc_keeps_what_a_kept_version_needs(two_versions, capsys):
    repository, key = two_versions / "repository", two_versions / "publisher.key"
    KEY.save(key)
    (repository / "objects" / "00").mkdir(exist_ok=True)
    stray = repository / "objects" / "00" / ("00" * 32)
    stray.write_bytes(b"of nobody")
    code, said = _say(capsys, "gc", repository, "--keep", 1, "--key", key)
    assert code == 0, said.err
    assert not stray.exists()
    assert not (repository / "manifests" / "equations" / "1").exists()
    assert _say(capsys, "verify", repository)[0] == 0


@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_gc_keeps_one_version_at_least(two_versions, count):
    with pytest.raises(SystemExit):
        main(["gc", str(two_versions / "repository"), "--keep", count])
