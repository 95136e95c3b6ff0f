from __future__ import annotations

from pathlib import Path

import pytest

from build import bench
from build.say import BuildError


def test_options_follow_the_one_measurement_that_reads_them() -> None:
    assert bench.split(["month", "--seed", "7"]) == (["month"], ["--seed", "7"])
    assert bench.split(["a", "b"]) == (["a", "b"], [])
    for words in (["--seed", "7"], ["month", "sync", "--seed", "7"]):
        with pytest.raises(BuildError, match="--seed is an option of one measurement"):
            bench.bench(words)


def test_an_unknown_measurement_is_answered_with_the_known(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bench_exchange.py").touch()
    (tmp_path / "counting_proxy.py").touch()
    monkeypatch.setattr(bench, "_FOLDER", tmp_path)
    assert bench.names() == ["exchange"]
    assert bench.chosen([]) == ["exchange"]
    with pytest.raises(BuildError, match=r"called speed\. There are: exchange"):
        bench.chosen(["speed"])
