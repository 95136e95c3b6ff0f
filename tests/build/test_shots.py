from __future__ import annotations

import pytest

from client.messages import LANGUAGES
from tests.support.source import ROOT


@pytest.mark.screen
def test_the_pictures_of_a_page_are_made_small_and_none_is_missing(tmp_path, monkeypatch) -> None:
    """One stop of one page; the page's links say that the others are there."""
    pytest.importorskip("PIL")
    from build import shots
    from tests.support.stops import STOPS

    assert set(shots.PAGES["sticks"].values()) <= set(STOPS)
    page = (ROOT / "docs" / "sticks.md").read_text(encoding="utf-8")
    for name in shots.PAGES["sticks"]:
        assert all(f"pictures/sticks/{name}-{language}.png" in page for language in LANGUAGES)
    monkeypatch.setitem(shots.PAGES, "sticks", {"joining": "enrol-stick"})
    assert shots.doc_pictures("sticks", tmp_path) == []
    for language in LANGUAGES:
        data = (tmp_path / "sticks" / f"joining-{language}.png").read_bytes()
        assert data.startswith(b"\x89PNG")
        assert 4_000 < len(data) < 40_000
