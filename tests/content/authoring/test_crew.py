"""Workers: one file's crash, stall or failure is its own; being stopped keeps what was done."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import List

import pytest

pytest.importorskip("markdown_it")

from content.authoring import crew
from content.authoring.crew import work
from content.authoring.step import Step
from content.authoring.store import Store
from content.errors import CancelledError, StorageError
from content.watch import UNWATCHED, Watch


def step(origin: Path, kind: str = "import") -> Step:
    data = origin.read_bytes() if origin.is_file() else b""
    sha256 = hashlib.sha256(data).hexdigest()
    return Step(kind, origin.name, origin, len(data), sha256)


def written(folder: Path, *texts: str) -> List[Step]:
    steps = []
    for number, text in enumerate(texts):
        path = folder / f"{number}.md"
        path.write_text(text, encoding="utf-8")
        steps.append(step(path))
    return steps


def test_results_are_kept_and_final_failures_too(tmp_path: Path) -> None:
    store = Store(tmp_path / "results")
    good, empty = written(tmp_path, "# Сабақ\n", " ")
    heard: List[int] = []
    failed = work([good, empty], store, Watch(lambda _, done, __: heard.append(done)), 1)
    assert failed == {} and heard == sorted(heard) and heard[-1] == good.cost + empty.cost
    kept = store.get(good)
    assert kept and kept.values["documents"][0]["title"] == "Сабақ"
    refused = store.get(empty)
    assert refused and "no text" in refused.failure


def test_a_missing_file_may_come_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "results")
    gone = step(tmp_path / "gone.md")
    (failed,) = work([gone], store, UNWATCHED, 1).values()
    assert "missing" in failed.text and store.get(gone) is None


def never_answers(mouth: Connection) -> None:
    mouth.recv()
    time.sleep(3600)


def test_one_that_stalls_is_given_up_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, fine = written(tmp_path, "# a\n", "# b\n")
    store = Store(tmp_path / "results")
    with monkeypatch.context() as patched:
        patched.setattr(crew, "_serve", never_answers)
        failed = work([slow], store, UNWATCHED, 1, stalled_s=0.0)
    assert "too long" in failed[slow.key].text
    assert store.get(slow) is None
    assert work([fine], store, UNWATCHED, 1) == {}


def test_one_that_crashes_its_process_spoils_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "_serve", dies_on_zero)
    store = Store(tmp_path / "results")
    steps = written(tmp_path, "a", "b", "c")
    failed = work(steps, store, UNWATCHED, 1)
    assert [one.name for one in steps if one.key in failed] == ["0.md"]
    assert "crashes" in failed[steps[0].key].text
    assert all(store.get(one) for one in steps[1:])


def dies_on_zero(mouth: Connection) -> None:
    while True:
        try:
            one, _ = mouth.recv()
        except EOFError:
            return
        if one.name == "0.md":
            os._exit(139)
        mouth.send({"unread": []})


def test_a_full_disk_stops_the_work_and_keeps_what_was_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "_serve", full_from_the_second)
    store = Store(tmp_path / "results")
    steps = written(tmp_path, "a", "b", "c")
    with pytest.raises(StorageError, match="full"):
        work(steps, store, UNWATCHED, 1)
    assert sum(store.get(one) is not None for one in steps) == 1


def full_from_the_second(mouth: Connection) -> None:
    mouth.recv()
    mouth.send({"unread": []})
    mouth.recv()
    mouth.send(crew.Failed("The disk is full.", False, True))


def test_being_stopped_keeps_what_was_done(tmp_path: Path) -> None:
    store = Store(tmp_path / "results")
    steps = written(tmp_path, *(f"# {number}\n" for number in range(6)))
    asked = threading.Event()

    def heard(_: str, done: int, __: int) -> None:
        if done:
            asked.set()

    with pytest.raises(CancelledError):
        work(steps, store, Watch(heard, asked.is_set), 1)
    done = [one for one in steps if store.get(one)]
    assert 1 <= len(done) < len(steps)
    assert work([one for one in steps if one not in done], store, UNWATCHED, 1) == {}
    store.keep_only({one.key for one in steps})
    assert all(store.get(one) for one in steps)
    assert sorted(one.name for one in store.folder.iterdir()) == sorted(one.key for one in steps)


def test_a_torn_result_is_none(tmp_path: Path) -> None:
    store = Store(tmp_path / "results")
    (one,) = written(tmp_path, "# a\n")
    work([one], store, UNWATCHED, 1)
    (store.folder / one.key / "outcome.json").write_bytes(b'{"documents":')
    assert store.get(one) is None
