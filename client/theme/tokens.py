"""The design's tokens as plain data: colours, type scale and spacing.

Colours are ``#RRGGBB`` strings, three sets of the same names. Contrast ratios (WCAG 2.2, 1.4.3)
of the pairs that screens use are checked by the tests. Type sizes are in sp, lengths in dp.
"""

from __future__ import annotations

from typing import Dict, Mapping

LIGHT: Mapping[str, str] = {
    "paper": "#F7F4EE",
    "surface": "#FFFFFF",
    "line": "#E2DCD0",
    "ink": "#1D2733",
    "muted": "#566170",
    "sky": "#0B6A88",
    "on_sky": "#FFFFFF",
    "sky_tint": "#DCEEF3",
    "sun": "#F4B92B",
    "on_sun": "#1D2733",
    "sun_tint": "#FCEFCB",
    "green": "#256B45",
    "green_tint": "#DDEFE3",
    "rust": "#A8480F",
    "rust_tint": "#FAE4D6",
    "lilac": "#5D4488",
    "lilac_tint": "#EBE1F4",
    "stone_tint": "#EFEBE1",
    "red": "#B3261E",
    "on_red": "#FFFFFF",
    "dots": "#B9B2A3",
    "track": "#E2DCD0",
}

DARK: Mapping[str, str] = {
    "paper": "#12181E",
    "surface": "#1C242C",
    "line": "#37424E",
    "ink": "#F3EFE7",
    "muted": "#AEB8C3",
    "sky": "#7CCBE3",
    "on_sky": "#0C2029",
    "sky_tint": "#17394A",
    "sun": "#F4B92B",
    "on_sun": "#1D2733",
    "sun_tint": "#453612",
    "green": "#8FD3AC",
    "green_tint": "#1B3B2A",
    "rust": "#F2AE83",
    "rust_tint": "#4A2815",
    "lilac": "#CDB6EE",
    "lilac_tint": "#382A50",
    "stone_tint": "#2B333B",
    "red": "#FFB4AB",
    "on_red": "#3B0A06",
    "dots": "#6F7A86",
    "track": "#37424E",
}

HIGH_CONTRAST: Mapping[str, str] = {
    "paper": "#FFFFFF",
    "surface": "#FFFFFF",
    "line": "#4A4A4A",
    "ink": "#000000",
    "muted": "#262626",
    "sky": "#00384C",
    "on_sky": "#FFFFFF",
    "sky_tint": "#D5F0FA",
    "sun": "#FFC93C",
    "on_sun": "#000000",
    "sun_tint": "#FFEFC2",
    "green": "#003D1D",
    "green_tint": "#D9F5E4",
    "rust": "#6B2600",
    "rust_tint": "#FFE6D6",
    "lilac": "#35185F",
    "lilac_tint": "#EFE4FB",
    "stone_tint": "#EDEDED",
    "red": "#8C0009",
    "on_red": "#FFFFFF",
    "dots": "#4A4A4A",
    "track": "#D9D9D9",
}

SETS: Mapping[str, Mapping[str, str]] = {
    "light": LIGHT,
    "dark": DARK,
    "contrast": HIGH_CONTRAST,
}

TITLE_SP = 26
HEADING_SP = 18
BODY_SP = 16
SMALL_SP = 14
TINY_SP = 12
TEXT_SCALES = (1.0, 1.3, 1.6, 2.0)
"""Choices for reading larger; 2.0 is WCAG 2.2's 1.4.4 (resize text)."""

SPACE_DP: Dict[str, int] = {"xs": 4, "s": 8, "m": 12, "l": 16, "xl": 24}
RADIUS_DP = 12
SMALL_RADIUS_DP = 10
TARGET_DP = 48
"""Smallest height and width of anything that is pressed."""
WIDE_DP = 700
"""From this width on, the places stand in a rail at the left."""
COLUMN_DP = 1080
"""The widest that a column of content grows."""
