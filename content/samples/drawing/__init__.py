"""Draws the pictures and videos of the sample packs; ``python -m content.samples.drawing``."""

from __future__ import annotations
