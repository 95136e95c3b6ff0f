from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Iterator

import pytest

from tests.support.clock import TurnableClock
from tests.support.device import TestDevice
from tests.support.exchanges import forged_run
from tests.support.packs import KEY, build_sample
from tests.support.server import School, open_school


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture(scope="session")
def template(tmp_path_factory: Any) -> Path:
    """A school with kept records, a refused one, another branch, and a published pack."""
    folder: Path = tmp_path_factory.mktemp("template")
    with open_school(folder / "server", TurnableClock()) as made:
        hand_in(made, TurnableClock())
        build_sample(folder, video_bytes=3_000)
        made.publish(folder / "repository", KEY.public.key_id)
    return folder


@pytest.fixture
def school(template: Path, tmp_path: Path, clock: TurnableClock) -> Iterator[School]:
    for name in ("server", "repository"):
        shutil.copytree(template / name, tmp_path / name)
    with open_school(tmp_path / "server", clock) as made:
        yield made


def hand_in(school: School, clock: TurnableClock) -> None:
    road = school.road()
    pupil = TestDevice(None, clock)
    pupil.enrol(road, str(school.code(["Анна"]).code))
    for answer in "123":
        pupil.hand_in(pupil.people[0].id, answer)
    pupil.exchange_all(road)
    road.exchange(pupil.seal(forged_run(pupil, [{"not": "answers"}, {"nor": "here"}])))
    pupil.close()
