from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from client.messages import LANGUAGES, Messages
from client.preview.previewing import Previewing
from tests.support.packs import write_source


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_source(tmp_path / "my-pack")


@pytest.fixture
def previewing(source: Path, tmp_path: Path) -> Iterator[Previewing]:
    (tmp_path / "laptop").mkdir()
    opened = Previewing(source, tmp_path / "laptop", "Оқушы")
    yield opened
    opened.close()


def first_text(previewing: Previewing) -> str:
    card = previewing.laptop.lessons()[0]
    pack = previewing.laptop.pack(card.pack)
    return pack.lesson(card.lesson).texts["kk"].read_text("utf-8")


def test_a_source_is_seen_by_one_pupil_without_a_school(previewing: Previewing) -> None:
    assert previewing.refresh()
    assert previewing.problem is None
    assert [one.name for one in previewing.laptop.people()] == ["Оқушы"]
    assert previewing.pupil.role == "student"
    assert previewing.laptop.lessons()
    assert not previewing.refresh()


def test_what_is_saved_shows_at_the_next_look(previewing: Previewing, source: Path) -> None:
    previewing.refresh()
    (source / "lessons" / "meaning" / "text.kk.md").write_text("Жаңа мәтін", "utf-8")
    assert previewing.refresh()
    assert first_text(previewing) == "Жаңа мәтін"


def test_a_broken_source_keeps_its_last_look_and_is_told(
    previewing: Previewing, source: Path
) -> None:
    previewing.refresh()
    before = first_text(previewing)
    whole = (source / "pack.toml").read_text("utf-8")
    (source / "pack.toml").write_text("[pack", "utf-8")
    assert previewing.refresh()
    assert "pack.toml" in previewing.detail
    problem = previewing.problem
    assert problem is not None
    assert all("my-pack" in Messages(one).text(problem) for one in LANGUAGES)
    assert first_text(previewing) == before
    (source / "pack.toml").write_text(whole + "\n", "utf-8")
    assert previewing.refresh()
    assert (previewing.problem, previewing.detail) == (None, "")


def test_a_folder_that_is_no_source_is_told_and_waited_for(
    tmp_path: Path,
) -> None:
    (tmp_path / "laptop").mkdir()
    opened = Previewing(tmp_path / "empty", tmp_path / "laptop", "Оқушы")
    opened.refresh()
    try:
        assert opened.laptop.lessons() == ()
    finally:
        opened.close()


def test_looks_that_nobody_sees_are_deleted(previewing: Previewing, source: Path) -> None:
    for number in range(4):
        (source / "lessons" / "meaning" / "text.kk.md").write_text(f"{number}" * number, "utf-8")
        previewing.refresh()
    packs = previewing.laptop.pack(previewing.laptop.lessons()[0].pack).folder.parent
    assert sorted(one.name for one in packs.iterdir()) == ["3", "4"]


def test_nothing_of_the_source_is_changed(previewing: Previewing, source: Path) -> None:
    before = {path: path.read_bytes() for path in source.rglob("*") if path.is_file()}
    previewing.refresh()
    card = previewing.laptop.lessons()[0]
    previewing.laptop.hand_in(
        previewing.pupil.id, card.pack, card.lesson, card.task_ids[0], {}, "kk"
    )
    assert {path: path.read_bytes() for path in source.rglob("*") if path.is_file()} == before


def test_a_sync_ends_at_once_for_want_of_a_school(previewing: Previewing) -> None:
    previewing.refresh()
    account = previewing.laptop.sync()
    assert account.problem is not None
    assert account.requests == 0
