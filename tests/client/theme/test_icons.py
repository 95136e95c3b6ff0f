from __future__ import annotations

import sys
from pathlib import Path

import pytest

from client.screens.registry import PLACE_ICONS
from client.theme import icons
from client.theme.pictures import PICTURES


@pytest.mark.parametrize("name", icons.ICONS)
def test_every_icon_is_the_package_s_own(name):
    from fonticon_mdi7 import MDI7

    package_name, code = icons.ICONS[name]
    assert getattr(MDI7, package_name).rpartition(".")[2] == chr(code)
    assert icons.glyph(name) == chr(code)


def test_icons_that_screens_name_exist():
    for name in [*PLACE_ICONS.values(), *(icon for icon, _ in PICTURES.values())]:
        assert name in icons.ICONS


def test_the_font_is_found_without_importing_its_package():
    sys.modules.pop("fonticon_mdi7", None)
    icons.font_path.cache_clear()
    assert Path(icons.font_path()).stat().st_size > 500_000
    assert "fonticon_mdi7" not in sys.modules


def test_a_missing_package_is_named(monkeypatch):
    icons.font_path.cache_clear()
    monkeypatch.setattr(icons, "FONT_PACKAGE", "no_such_package")
    with pytest.raises(FileNotFoundError, match="fonticon-materialdesignicons7"):
        icons.font_path()
    monkeypatch.undo()
    icons.font_path.cache_clear()
