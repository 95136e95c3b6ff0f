from __future__ import annotations

import pytest

from content.items.registry import KINDS


@pytest.mark.screen
def test_a_picture_of_every_kind_is_made(tmp_path) -> None:
    """Two of them here; the page's test sees that all are there."""
    pytest.importorskip("PIL")
    from build import item_pictures

    assert set(item_pictures.PICTURES) == set(KINDS)
    some = {name: item_pictures.PICTURES[name] for name in ("place", "text")}
    assert item_pictures.main(tmp_path, some) == 0
    for name in some:
        data = (tmp_path / f"{name}.png").read_bytes()
        assert data.startswith(b"\x89PNG")
        assert 4_000 < len(data) < 40_000
