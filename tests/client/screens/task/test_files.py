from __future__ import annotations

from pathlib import Path

import pytest

from client.laptop.attaching.places import Entry


@pytest.mark.screen
@pytest.mark.parametrize(
    ("accept", "files"),
    [
        (["photo"], ["a folder", "page.jpg"]),
        (["recording"], ["a folder", "voice.ogg", "film.mp4"]),
        (["photo", "recording"], ["a folder", "page.jpg", "voice.ogg", "film.mp4"]),
        (["file"], ["a folder", "page.jpg", "voice.ogg", "film.mp4", "essay.docx"]),
    ],
)
def test_only_what_is_asked_for_is_listed(accept: list[str], files: list[str]) -> None:
    from client.screens.task.files import wanted

    names = ["page.jpg", "voice.ogg", "film.mp4", "essay.docx"]
    entries = [Entry(Path("a folder"), True), *(Entry(Path(name), False) for name in names)]
    assert [one.name for one in entries if wanted(one, accept)] == files


@pytest.mark.screen
def test_the_pupil_is_told_what_is_asked_for() -> None:
    from client.messages import Messages
    from client.screens.task.files import asked_for

    keys = [asked_for(one) for one in (["photo"], ["recording"], ["recording", "photo"], ["file"])]
    assert len(set(keys)) == 4
    assert "фото" in Messages("kk").text(keys[0])
