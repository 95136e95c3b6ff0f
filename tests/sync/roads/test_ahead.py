from __future__ import annotations

import hashlib
import threading
import time
from pathlib import Path
from typing import Callable, Dict, List, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import CancelledError, LinkError, ObjectError
from sync.objects import ObjectSpec
from sync.roads.ahead import LANES, LINES, Ahead, may_start
from sync.roads.errand import object_errand
from sync.roads.flow import Flow
from sync.roads.http import HttpRoad
from tests.support.web import Reply, Request, WebServer, serving


class Source:
    """What a road ends at: files by path, whom to hold up, and what was asked for, in order."""

    def __init__(self, files: Optional[Dict[str, bytes]] = None) -> None:
        self.files = files or {}
        self.asked: List[str] = []
        self.failures: Dict[str, Exception] = {}
        self.held: Dict[str, threading.Event] = {}
        self.aborted = threading.Event()
        self.most = 0
        self._now = 0
        self._guard = threading.Lock()

    def bring(self, path: str) -> bytes:
        with self._guard:
            self.asked.append(path)
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            hold = self.held.get(path)
            while hold is not None and not hold.wait(0.01):
                if self.aborted.is_set():
                    raise LinkError("link-lost")
            if path in self.failures:
                raise self.failures[path]
            return self.files[path]
        finally:
            with self._guard:
                self._now -= 1


class Road:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.flow = Flow()

    base_url = "http://school.test"
    pace = None
    traffic = None
    connect_timeout_s = 1.0
    patience = None

    def line(self) -> None:
        return None

    def twin(self) -> Road:
        return Road(self.source)

    def fetch(self, path: str, max_bytes: int) -> bytes:
        return self.source.bring(path)

    def download(self, spec, part_path, final_path, *, repository, progress=None, cancel=None):
        data = self.source.bring(spec.sha256)
        if cancel is not None and cancel():
            raise CancelledError(spec.sha256)
        progress(len(data), spec.size_bytes)
        final_path.write_bytes(data)

    def abort(self) -> None:
        self.source.aborted.set()

    def close(self) -> None:
        return


def until(condition: Callable[[], bool]) -> None:
    for _ in range(12_000):
        if condition():
            return
        time.sleep(0.005)
    raise AssertionError("it never came")


def files(count: int, size: int = 10) -> Dict[str, bytes]:
    return {f"/{at}": bytes([at]) * size for at in range(count)}


@given(st.lists(st.integers(0, 1 << 20), max_size=8), st.integers(1, 1 << 20), st.booleans())
def test_a_link_is_never_left_idle_nor_crowded(running: List[int], ahead: int, asked: bool) -> None:
    start = may_start(running, ahead, asked)
    assert start or running
    assert not start or len(running) < LANES
    if running and sum(running) >= ahead and not asked:
        assert not start


def test_what_is_expected_is_here_before_it_is_asked_for() -> None:
    source = Source(files(10))
    ahead = Ahead(Road(source))
    for path in source.files:
        ahead.expect_file(path, 10)
    until(lambda: len(source.asked) == 10)
    assert [ahead.fetch(path, 10) for path in source.files] == list(source.files.values())
    assert sorted(source.asked) == sorted(source.files), "each was asked for once"
    ahead.close()


def test_small_ones_go_together_and_a_large_one_alone() -> None:
    source = Source({**files(LANES + 2), "/large": b"x"})
    source.held = {path: threading.Event() for path in source.files}
    ahead = Ahead(Road(source))
    ahead.expect_file("/large", 50_000_000)
    for path in files(LANES + 2):
        ahead.expect_file(path, 10)
    until(lambda: source.asked == ["/large"])
    time.sleep(0.05)
    assert source.asked == ["/large"], "the link is full for a long time"
    source.held["/large"].set()
    until(lambda: source.most == LANES)
    for hold in source.held.values():
        hold.set()
    ahead.close()


def test_what_nobody_expected_is_brought_all_the_same() -> None:
    ahead = Ahead(Road(Source({"/one": b"1"})))
    assert ahead.fetch("/one", 10) == b"1"
    ahead.close()


def test_an_error_comes_to_whoever_asks_and_the_rest_goes_on() -> None:
    source = Source(files(3))
    source.failures["/1"] = ObjectError("object-missing", "/1")
    ahead = Ahead(Road(source))
    for path in source.files:
        ahead.expect_file(path, 10)
    assert ahead.fetch("/0", 10)
    with pytest.raises(ObjectError, match="/1"):
        ahead.fetch("/1", 10)
    assert ahead.fetch("/2", 10)
    del source.failures["/1"]
    assert ahead.fetch("/1", 10), "it may be asked for again"
    ahead.close()


def test_a_broken_link_is_not_tried_by_what_nobody_waits_for() -> None:
    source = Source(files(40))
    source.failures = {path: LinkError("link-lost") for path in source.files}
    ahead = Ahead(Road(source))
    for path in source.files:
        ahead.expect_file(path, 10)
    with pytest.raises(LinkError):
        ahead.fetch("/0", 10)
    time.sleep(0.05)
    assert len(source.asked) <= 2 * LANES
    ahead.close()


def test_a_cancel_is_heard_while_the_link_stands_still(tmp_path: Path) -> None:
    data = b"x" * 100
    spec = ObjectSpec(hashlib.sha256(data).hexdigest(), 100)
    source = Source({spec.sha256: data})
    source.held[spec.sha256] = threading.Event()
    ahead = Ahead(Road(source))
    with pytest.raises(CancelledError):
        ahead.download(spec, tmp_path / "p", tmp_path / "f", repository="", cancel=lambda: True)
    ahead.close()
    assert source.aborted.is_set(), "the worker was called off and has ended"


def test_one_object_in_two_places_is_not_written_by_two_at_once(tmp_path: Path) -> None:
    data = b"x" * 100
    spec = ObjectSpec(hashlib.sha256(data).hexdigest(), 100)
    source = Source({spec.sha256: data})
    source.held[spec.sha256] = threading.Event()
    ahead = Ahead(Road(source))
    for name in ("a", "b"):
        ahead.expect_object(spec, tmp_path / "part", tmp_path / name, repository="")
    until(lambda: bool(source.asked))
    time.sleep(0.05)
    assert source.most == 1
    source.held[spec.sha256].set()
    for name in ("a", "b"):
        ahead.download(spec, tmp_path / "part", tmp_path / name, repository="")
        assert (tmp_path / name).read_bytes() == data
    ahead.close()


def test_what_is_forgone_and_expected_again_comes(tmp_path: Path) -> None:
    data = b"x" * 100
    spec = ObjectSpec(hashlib.sha256(data).hexdigest(), 100)
    source = Source({spec.sha256: data})
    source.held[spec.sha256] = threading.Event()
    ahead = Ahead(Road(source))
    place = spec, tmp_path / "part", tmp_path / "final"
    ahead.expect_object(*place, repository="")
    until(lambda: bool(source.asked))
    ahead.forgo_object(tmp_path / "final")
    ahead.expect_object(*place, repository="")
    source.held[spec.sha256].set()
    until((tmp_path / "final").exists)
    ahead.close()


def test_who_said_come_back_later_takes_nothing_over_before(tmp_path: Path) -> None:
    ahead = Ahead(Road(Source()), others=[Road(Source())])
    spec = ObjectSpec("ab" * 32, 1 << 30)
    errand = object_errand(spec, tmp_path / "part", tmp_path / "final", "")
    ahead._errands[errand.name] = errand
    errand.run_at(0)
    now_s = time.monotonic()
    errand.note(0, now_s - 100)
    errand.note(100, now_s)
    errand.again_s[1] = now_s + 1000
    ahead._overtake(1)
    assert errand.heir is None
    errand.again_s[1] = now_s
    ahead._overtake(1)
    assert errand.heir == 1


def test_progress_is_told_on_the_asking_thread(tmp_path: Path) -> None:
    data = b"x" * 100
    spec = ObjectSpec(hashlib.sha256(data).hexdigest(), 100)
    told = []
    ahead = Ahead(Road(Source({spec.sha256: data})))
    ahead.download(
        spec,
        tmp_path / "part",
        tmp_path / "final",
        repository="",
        progress=lambda *much: told.append((threading.current_thread(), *much)),
    )
    assert told == [(threading.main_thread(), 100, 100)]
    ahead.close()


def test_over_http_several_requests_share_one_account(tmp_path: Path) -> None:
    objects = {hashlib.sha256(bytes([n])).hexdigest(): bytes([n]) for n in range(8)}

    def handler(request: Request) -> Reply:
        return Reply(body=objects[request.path.rpartition("/")[2]])

    def run(server: WebServer) -> None:
        with HttpRoad(server.address) as road:
            ahead = Ahead(road)
            specs = [ObjectSpec(name, 1) for name in objects]
            for spec in specs:
                paths = (tmp_path / f"{spec.sha256}.part", tmp_path / spec.sha256)
                ahead.expect_object(spec, *paths, repository="/r")
            for spec in specs:
                paths = (tmp_path / f"{spec.sha256}.part", tmp_path / spec.sha256)
                ahead.download(spec, *paths, repository="/r")
                assert paths[1].read_bytes() == objects[spec.sha256]
            ahead.close()
            assert road.requests == len(objects)
            assert road.received_bytes == server.sent_bytes

    with serving(handler) as server:
        run(server)
        assert server.connections <= LINES
