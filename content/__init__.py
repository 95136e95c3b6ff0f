"""Lesson packs: make, sign, open and score them."""

from __future__ import annotations

__version__ = "0.1.0"
