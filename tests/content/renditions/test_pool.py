"""Renditions in processes of their own: what fails, hangs or crashes is one alone."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Callable, Dict, List

import pytest

from content.errors import CancelledError, ContentError
from content.renditions import pool
from content.renditions.errors import UndecodableError
from content.renditions.make import Made
from content.renditions.names import AUDIO
from content.renditions.plan import plan
from content.renditions.pool import Job, make_all
from content.renditions.probe import probe
from content.watch import Watch

Film = Callable[[str], Path]


def jobs(film: Film, folder: Path, names: List[str]) -> List[Job]:
    (one,) = plan(probe(film("heard.m4a")), [AUDIO])
    return [Job(film("heard.m4a"), folder / name, one) for name in names]


def crash(mouth: object, job: Job) -> None:
    """Stands for a decoder that takes its process with it, or never ends."""
    if "crash" in job.target.name:
        os._exit(11)
    if "hang" in job.target.name:
        time.sleep(60)
    pool.work(mouth, job)  # type: ignore[arg-type]


def test_one_that_fails_spoils_no_other(film: Film, tmp_path: Path) -> None:
    good, bad = jobs(film, tmp_path, ["good.m4a", "bad.m4a"])
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(b"noise" * 99)
    heard: List[tuple[int, int]] = []
    watch = Watch(lambda _, done, total: heard.append((done, total)))
    found = list(make_all([good, bad._replace(source=noise)], watch, processes=2))
    results: Dict[str, object] = {one.job.target.name: one.result for one in found}
    assert isinstance(results["good.m4a"], Made)
    assert isinstance(results["bad.m4a"], UndecodableError)
    assert heard == sorted(heard)
    assert [path.name for path in tmp_path.iterdir() if path != noise] == ["good.m4a"]


def test_one_that_crashes_or_hangs_is_named(
    film: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "WORK", crash)
    both = jobs(film, tmp_path, ["crash.m4a", "hang.m4a"])
    found = {one.job.target.name: one.result for one in make_all(both, stalled_s=1.5)}
    assert isinstance(found["crash.m4a"], ContentError)
    assert "crashed" in str(found["crash.m4a"])
    assert "hangs" in str(found["hang.m4a"])


def test_a_stop_ends_all(film: Film, tmp_path: Path) -> None:
    with pytest.raises(CancelledError):
        list(make_all(jobs(film, tmp_path, ["a.m4a"]), Watch(cancel=lambda: True)))
    assert list(tmp_path.iterdir()) == []
