from __future__ import annotations

import re

import pytest

from client.theme.palette import Palette, rgba
from client.theme.tokens import LIGHT, SETS

TEXT = 4.5
"""WCAG 2.2, 1.4.3 (AA)."""
PAIRS = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "sun_tint"),
    ("ink", "stone_tint"),
    ("muted", "paper"),
    ("muted", "surface"),
    ("muted", "stone_tint"),
    ("sky", "surface"),
    ("sky", "paper"),
    ("on_sky", "sky"),
    ("on_sun", "sun"),
    ("on_red", "red"),
    *((tint, tint + "_tint") for tint in ("sky", "green", "rust", "lilac")),
    ("green", "surface"),
    ("rust", "surface"),
    ("rust", "paper"),
]


def luminance(colour):
    """Relative luminance, as WCAG 2.2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgba(colour)[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_the_design_did():
    assert contrast(LIGHT["ink"], LIGHT["paper"]) == pytest.approx(13.8, abs=0.1)
    assert contrast(LIGHT["on_sky"], LIGHT["sky"]) == pytest.approx(6.1, abs=0.1)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(name, text, ground):
    assert contrast(SETS[name][text], SETS[name][ground]) >= TEXT


def test_high_contrast_is_high():
    colours = SETS["contrast"]
    for text, ground in PAIRS:
        assert contrast(colours[text], colours[ground]) >= 7, (text, ground)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("tint", ["sky", "green"])
def test_what_is_done_stands_out_from_what_is_not(name, tint):
    # WCAG 2.2, 1.4.11: parts of a control, 3 to 1
    assert contrast(SETS[name][tint], SETS[name]["track"]) >= 3


@pytest.mark.parametrize("name", SETS)
def test_sets_have_the_same_names(name):
    assert list(SETS[name]) == list(LIGHT)
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in SETS[name].values())


def test_the_palette_holds_the_set_in_force():
    palette = Palette()
    assert palette.paper == rgba(LIGHT["paper"])
    palette.use("dark")
    assert palette.named("paper") == rgba(SETS["dark"]["paper"])
    assert palette.named("clear")[3] == 0
    with pytest.raises(KeyError):
        palette.use("pink")
    assert palette.name == "dark"
